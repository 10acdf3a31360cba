//! Wrong: `if` around the wait. A thread that did not wait may take the item first.

use std::sync::{Condvar, Mutex};
use std::thread;

static ITEMS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
static ADDED: Condvar = Condvar::new();

fn main() {
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(take);
        }
        for item in 1..=3 {
            ITEMS.lock().unwrap().push(item);
            ADDED.notify_one();
        }
        // A thread that found nothing leaves an item, and no other thread can wait forever.
        ADDED.notify_all();
    });
    println!("{} items are left", ITEMS.lock().unwrap().len());
}

fn take() {
    let mut items = ITEMS.lock().unwrap();
    if items.is_empty() {
        items = ADDED.wait(items).unwrap();
    }
    items.pop();
}
