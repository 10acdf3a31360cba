//! `starmap_async` hands out several arguments for each call, and does not wait for the results.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `powers = p.starmap_async(mypower, [(1, 5), …])` | `pool.spawn((base, exponent), …)` for each |
//! | `powers.get()` | `join` for each handle |
//!
//! As in `pool_map_async`, a gate that `main` opens keeps each call from ending before `main` has
//! gone on. It is one argument more.
//!
//! In a project of your own: `cargo add procspawn@1.0 ipc-channel@0.22`. procspawn hands over
//! channels of this version; one of another compiles too, and then panics or waits for ever.
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
//! ```
//!
//! **Always:** `main` goes on before any worker computes, and the list comes last, in the order of
//! the items. In `pool_starmap` `main` goes on when all is done.
//!
//! **May differ:** the order of the workers' lines.
//!
//! **Try:** open the gates from the last to the first. The workers' lines may turn round, the list
//! does not.

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use procspawn::{JoinHandle, Pool};

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let items = [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)];
    let (gates, items): (Vec<_>, Vec<_>) = items.map(behind_a_gate).into_iter().unzip();
    let powers = map_async(&pool, |(base, exponent, gate)| mypower(base, exponent, &gate), items);
    println!("main goes on working");
    for gate in gates {
        gate.send(()).expect("a worker waits at the gate");
    }
    println!("{:?}", get(powers));
}

/// The arguments of one call. The worker may not go on before `main` sends it the word.
type Item = (i32, u32, IpcReceiver<()>);

fn behind_a_gate((base, exponent): (i32, u32)) -> (IpcSender<()>, Item) {
    let (open, gate) = ipc::channel().expect("the system provides a channel");
    (open, (base, exponent, gate))
}

fn map_async(pool: &Pool, function: fn(Item) -> i32, items: Vec<Item>) -> Vec<JoinHandle<i32>> {
    items.into_iter().map(|item| pool.spawn(item, function)).collect()
}

fn mypower(base: i32, exponent: u32, gate: &IpcReceiver<()>) -> i32 {
    gate.recv().expect("main opens the gate");
    println!("a worker raises {base} to the power of {exponent}");
    base.pow(exponent)
}

fn get(calls: Vec<JoinHandle<i32>>) -> Vec<i32> {
    calls.into_iter().map(|call| call.join().expect("mypower does not panic")).collect()
}
