//! `Release` and `Acquire` publish data: a thread that sees the new number also sees the data that
//! was stored before it.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `finished = n`; the GIL orders it after all earlier changes | `finished.store(n, Release)` and `finished.load(Acquire)` |
//! | none | `word.store(1, Relaxed)`, which orders no other store or load |
//!
//! A writer fills pages. Each page has 32 words, which are numbers: 0 means not written, and 1
//! means written. After each page the writer stores how many pages are finished. Meanwhile a reader
//! looks at the last finished page again and again. The words are stored and loaded with `Relaxed`.
//! Only the number of pages has `Release` and `Acquire`, and they are enough to order the words
//! too.
//!
//! If the number had `Relaxed` as well, the compiler could move its store before the stores of the
//! words, or its load after the loads of the words. Some processors could do the same, for example
//! ARM, but not x86. Then the reader could see a page as finished before it sees all of its words.
//!
//! ```text
//! $ cargo run -p examples-sync --bin memory_ordering
//! the writer has finished 50000 pages
//! the reader has looked 21460 times, and found 0 incomplete pages
//! ```
//!
//! **Always:** 0 incomplete pages. A load with `Acquire` that reads the number of a store with
//! `Release` also makes visible everything that the writer has stored before it.
//!
//! **May differ:** how often the reader looks, and the order of the two lines.
//!
//! **Try:** move the line `fill(page);` after the line that stores the number. Now the reader finds
//! incomplete pages in nearly every run.

use std::iter;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicUsize};
use std::thread;

const PAGES: usize = 50_000;

type Page = [AtomicU32; 32];

fn main() {
    // A word is 0 until it is written.
    let pages: Vec<Page> = iter::repeat_with(Page::default).take(PAGES).collect();
    let finished = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| write(&pages, &finished));
        scope.spawn(|| read(&pages, &finished));
    });
}

fn write(pages: &[Page], finished: &AtomicUsize) {
    for (number, page) in (1..).zip(pages) {
        fill(page);
        // A thread that loads this number with `Acquire` sees all words of the page.
        finished.store(number, Release);
    }
    println!("the writer has finished {PAGES} pages");
}

fn fill(page: &Page) {
    for word in page {
        word.store(1, Relaxed);
    }
}

fn read(pages: &[Page], finished: &AtomicUsize) {
    let (mut looks, mut incomplete) = (0, 0);
    let mut number = 0;
    while number < PAGES {
        number = finished.load(Acquire);
        if let Some(page) = pages[..number].last() {
            looks += 1;
            // The last words are missing most easily, so look at them first.
            if page.iter().rev().any(|word| word.load(Relaxed) == 0) {
                incomplete += 1;
            }
        }
    }
    println!("the reader has looked {looks} times, and found {incomplete} incomplete pages");
}
