//! Wrong: the receiver may print a message before the sender has printed that it sent it.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            for n in 1..=3 {
                sender.send(n).unwrap();
                println!("sent {n}");
            }
        });
        for n in receiver {
            println!("received {n}");
        }
    });
}
