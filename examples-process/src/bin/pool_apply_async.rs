//! `apply_async` returns while the call is still under way; who needs the result waits for it.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `call = p.apply_async(mysquare, (3,))` | `let call = pool.spawn(3, mysquare)` |
//! | `call.get()` | `call.join()` |
//!
//! The calls go to as many processes, and `main` is free until it asks for the first result. Here
//! no call can end before `main` has gone on: each waits at a gate that `main` opens. So it is
//! certain, and not just likely, that `main` goes on first.
//!
//! In a project of your own: `cargo add procspawn@1.0 ipc-channel@0.22`. procspawn hands over
//! channels of this version; one of another compiles too, and then panics or waits for ever.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_apply_async
//! main asks for the square of 3
//! main asks for the square of 4
//! main asks for the square of 5
//! main goes on working
//! a worker squares 3
//! a worker squares 4
//! a worker squares 5
//! main has 9
//! main has 16
//! main has 25
//! ```
//!
//! **Always:** `main` asks three times and goes on before any worker squares; a square comes after
//! the worker's line for it; and `main` has the squares in the order in which it asked.
//!
//! **May differ:** the order of the workers' lines.
//!
//! **Try:** `join` each call where it is spawned, as `apply` does. `main` then waits for a worker,
//! the worker at its gate for `main`, and the program never ends.

use ipc_channel::ipc::{self, IpcReceiver};
use procspawn::Pool;

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let calls = [3, 4, 5].map(|x| {
        println!("main asks for the square of {x}");
        let (open, gate) = ipc::channel().expect("the system provides a channel");
        (open, pool.spawn((x, gate), mysquare))
    });
    println!("main goes on working");
    for (open, _) in &calls {
        open.send(()).expect("a worker waits at the gate");
    }
    for (_, call) in calls {
        println!("main has {}", call.join().expect("mysquare does not panic"));
    }
}

fn mysquare((x, gate): (i32, IpcReceiver<()>)) -> i32 {
    gate.recv().expect("main opens the gate");
    println!("a worker squares {x}");
    x * x
}
