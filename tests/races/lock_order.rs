//! Wrong: the two threads lock the forks in opposite orders.

use std::sync::Mutex;
use std::thread;

static LEFT: Mutex<()> = Mutex::new(());
static RIGHT: Mutex<()> = Mutex::new(());

fn main() {
    thread::scope(|scope| {
        scope.spawn(|| eat(&LEFT, &RIGHT));
        scope.spawn(|| eat(&RIGHT, &LEFT));
    });
    println!("Both have eaten");
}

fn eat(first: &Mutex<()>, second: &Mutex<()>) {
    for _ in 0..300 {
        let _first = first.lock().unwrap();
        let _second = second.lock().unwrap();
    }
}
