//! Wrong: the total is read before the threads are joined.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

static VISITORS: AtomicU32 = AtomicU32::new(0);

fn main() {
    let doors = [(); 2].map(|()| {
        thread::spawn(|| {
            VISITORS.fetch_add(1, Relaxed);
        })
    });
    println!("The doors are open");
    println!("{} visitors", VISITORS.load(Relaxed));
    for door in doors {
        door.join().unwrap();
    }
}
