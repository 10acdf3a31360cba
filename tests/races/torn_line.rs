//! Wrong: a line that is printed in two pieces can be torn by another thread's line.

use std::thread;

fn main() {
    thread::scope(|scope| {
        for n in 1..=3 {
            scope.spawn(move || {
                print!("worker {n} ");
                println!("is done");
            });
        }
    });
}
