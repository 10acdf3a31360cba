//! Wrong: the thread says that it is done before it prints, and `main` believes it and returns.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        done.send(()).unwrap();
        println!("The file is saved");
    });
    wait.recv().unwrap();
}
