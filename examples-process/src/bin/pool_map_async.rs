//! `map_async` hands out all items and returns at once; `get` waits for the results.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `squares = p.map_async(mysquare, [1, 2, 3, 4, 5])` | `pool.spawn(x, mysquare)` for each item |
//! | `squares.get()` | `join` for each call |
//!
//! The two passes of `pool_map` are apart here, and `main` is free between them. Each worker waits
//! at a gate that `main` opens, so `main` certainly goes on before a call ends.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_map_async
//! main goes on working
//! a worker squares 3
//! a worker squares 2
//! a worker squares 4
//! a worker squares 1
//! a worker squares 5
//! [1, 4, 9, 16, 25]
//! Computed by 5 other process(es)
//! ```
//!
//! **Always:** `main` goes on before any worker squares its number, because of the gates. The list
//! comes after all of them, in the order of the numbers, because the calls are joined in that order.
//!
//! **May differ:** the order of the workers' lines, and how many processes have computed.
//!
//! **Try:** remove the loop that opens the gates, and open each gate in the closure that joins its
//! call, before the `join`. Now the workers' lines always come in the order of the numbers, because
//! `main` opens a gate only when it has the result of the previous call.
//! `cargo xtask try pool_map_async` shows the lines.

use std::{collections::HashSet, process};

use ipc_channel::ipc::{self, IpcReceiver}; // 0.22, the version that procspawn uses
use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let calls = [1, 2, 3, 4, 5].map(|x| {
        let (open, gate) = ipc::channel().expect("the system provides a channel");
        (open, pool.spawn((x, gate), mysquare))
    });
    println!("main goes on working");
    for (open, _) in &calls {
        open.send(()).expect("a worker waits at the gate");
    }
    let results = calls.map(|(_, call)| call.join().expect("mysquare does not panic"));
    println!("{:?}", results.map(|(square, _)| square));
    let mut ids = HashSet::from(results.map(|(_, id)| id));
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
}

fn mysquare((x, gate): (i32, IpcReceiver<()>)) -> (i32, u32) {
    gate.recv().expect("main opens the gate");
    println!("a worker squares {x}");
    (x * x, process::id())
}
