//! Wrong: the lock is released between the check and the initialisation.

use std::sync::Mutex;
use std::thread;

static SETTINGS: Mutex<Option<u64>> = Mutex::new(None);

fn main() {
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(settings);
        }
    });
}

fn settings() -> u64 {
    if SETTINGS.lock().unwrap().is_none() {
        println!("settings are loaded");
        *SETTINGS.lock().unwrap() = Some(42);
    }
    SETTINGS.lock().unwrap().unwrap()
}
