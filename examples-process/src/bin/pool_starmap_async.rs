//! `starmap_async` hands out items that hold several arguments each, and does not wait for results.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `powers = p.starmap_async(mypower, [(1, 5), …])` | `pool.spawn((base, exponent, gate), mypower)` for each |
//! | `powers.get()` | `join` for each call |
//!
//! Each worker waits at a gate that `main` opens, so `main` certainly goes on before a call ends.
//! The gate is one more argument.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_starmap_async
//! main goes on working
//! a worker raises 1 to the power of 5
//! a worker raises 3 to the power of 3
//! a worker raises 2 to the power of 4
//! a worker raises 4 to the power of 2
//! a worker raises 5 to the power of 1
//! [1, 16, 27, 16, 5]
//! Computed by 5 other process(es)
//! ```
//!
//! **Always:** `main` goes on before any worker computes, because of the gates. The list comes after
//! all of them, in the order of the items, because the calls are joined in that order.
//!
//! **May differ:** the order of the workers' lines, and how many processes have computed.
//!
//! **Try:** open four gates only: `for (open, _) in calls.iter().take(4)`. Four workers print their
//! lines, the fifth one waits at its gate, `main` waits for it, and the program never ends.

use std::{collections::HashSet, process};

use ipc_channel::ipc::{self, IpcReceiver}; // 0.22, the version that procspawn uses
use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let calls = [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)].map(|(base, exponent)| {
        let (open, gate) = ipc::channel().expect("the system provides a channel");
        (open, pool.spawn((base, exponent, gate), mypower))
    });
    println!("main goes on working");
    for (open, _) in &calls {
        open.send(()).expect("a worker waits at the gate");
    }
    let results = calls.map(|(_, call)| call.join().expect("mypower does not panic"));
    println!("{:?}", results.map(|(power, _)| power));
    let mut ids = HashSet::from(results.map(|(_, id)| id));
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
}

fn mypower((base, exponent, gate): (i32, u32, IpcReceiver<()>)) -> (i32, u32) {
    gate.recv().expect("main opens the gate");
    println!("a worker raises {base} to the power of {exponent}");
    (base.pow(exponent), process::id())
}
