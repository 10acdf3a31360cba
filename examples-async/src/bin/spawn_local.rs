//! Local tasks never leave their thread, so they may share data that is not `Send`, such as `Rc`.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `asyncio.run(main())` | `#[tokio::main(flavor = "local")]` |
//! | `asyncio.create_task(visit("Ann", guests))` | `tasks.spawn_local(visit("Ann", guests))` |
//! | an object that several tasks use | `Rc<RefCell<_>>` |
//!
//! `tokio::spawn` and `JoinSet::spawn` take only futures that are `Send`, even if the runtime has a
//! single thread. `spawn_local` also takes futures that are not `Send`. Tasks may not borrow from
//! `main`, so these tasks share an `Rc`, but they need no `Arc` and no lock. `spawn_local` works on
//! tokio's local runtime, which has been stable since tokio 1.51. On the other runtimes, put the
//! body of `main` into `LocalSet::new().run_until(async { … }).await`.
//!
//! ```text
//! $ cargo run -p examples-async --bin spawn_local
//! main runs on ThreadId(1)
//! Bob on ThreadId(1) sees 3 guests
//! Eve on ThreadId(1) sees 3 guests
//! Ann on ThreadId(1) sees 3 guests
//! main: Ann, Bob, Eve were here
//! ```
//!
//! **Always:** all tasks run on the thread of `main`. Each sees three guests, because the barrier
//! lets them pass when all have come, and they share one list. The last line comes after all tasks
//! have ended, because of `join_all`, and its names are in alphabetical order, because of `sort`.
//!
//! **May differ:** the order of the lines of the three tasks, and the id of the thread.
//!
//! **Try:** in `visit`, write `let mut guests = guests.borrow_mut();` and `guests.push(name);`
//! instead of the first statement, and `guests.len()` instead of `guests.borrow().len()` in the
//! last one. Now a task keeps its borrow while it waits, so the other two panic, because the list
//! is already borrowed. A lock would make them wait forever.

use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

#[tokio::main(flavor = "local")]
async fn main() {
    println!("main runs on {:?}", thread::current().id());
    let guests = Rc::new(RefCell::new(Vec::new()));
    let everyone = Rc::new(Barrier::new(3));
    let mut tasks = JoinSet::new();
    for name in ["Eve", "Ann", "Bob"] {
        tasks.spawn_local(visit(name, Rc::clone(&guests), Rc::clone(&everyone)));
    }
    tasks.join_all().await;

    // The tasks have ended and dropped their pointers, so `main` owns the list alone.
    let mut guests = Rc::into_inner(guests).expect("main has the last pointer").into_inner();
    guests.sort();
    println!("main: {} were here", guests.join(", "));
}

async fn visit(name: &'static str, guests: Rc<RefCell<Vec<&str>>>, everyone: Rc<Barrier>) {
    // The borrow ends with this statement, before the task pauses.
    guests.borrow_mut().push(name);
    everyone.wait().await;
    println!("{name} on {:?} sees {} guests", thread::current().id(), guests.borrow().len());
}
