//! `map_async` hands all items out and returns at once: who needs the results waits for them.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `with Pool(5) as p:` | `Pool::new(5)`, whose processes end when it is dropped |
//! | `squares = p.map_async(mysquare, [1, 2, 3, 4, 5])` | `pool.spawn(x, mysquare)` for each item |
//! | `squares.get()` | `join` for each handle |
//!
//! The two passes that make up `map` stand apart here, and `main` is free in between. No call can
//! end before `main` has gone on, for each waits at a gate that `main` opens: so what is likely
//! without gates is certain here.
//!
//! A process of procspawn's pool takes its next call when its last result has been joined. So of
//! more items than processes the rest would wait until `main` asks; Python's pool works on.
//!
//! In a project of your own: `cargo add procspawn@1.0 ipc-channel@0.22`. procspawn hands over
//! channels of this version; one of another compiles too, and then panics or waits for ever.
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
//! ```
//!
//! **Always:** `main` goes on before any worker squares, and the list comes last, the squares in
//! the order of the numbers.
//!
//! **May differ:** the order of the workers' lines.
//!
//! **Try:** ask for the results before the gates are opened, as `map` would. `main` waits for the
//! workers, they wait for `main`, and the program never ends.

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use procspawn::{JoinHandle, Pool};

fn main() {
    // A process of the pool is this program, started again from the top. There `init` takes the
    // calls and never returns, so only what stands above it would run in every process.
    procspawn::init();
    let pool = Pool::new(5).expect("the system starts five processes");

    let (gates, items): (Vec<_>, Vec<_>) = [1, 2, 3, 4, 5].map(behind_a_gate).into_iter().unzip();
    let squares = map_async(&pool, mysquare, items);
    println!("main goes on working");
    for gate in gates {
        gate.send(()).expect("a worker waits at the gate");
    }
    println!("{:?}", get(squares));
}

/// An item that its worker may not use before `main` sends it the word.
type Item = (i32, IpcReceiver<()>);

fn behind_a_gate(x: i32) -> (IpcSender<()>, Item) {
    let (open, gate) = ipc::channel().expect("the system provides a channel");
    (open, (x, gate))
}

fn map_async(pool: &Pool, function: fn(Item) -> i32, items: Vec<Item>) -> Vec<JoinHandle<i32>> {
    items.into_iter().map(|item| pool.spawn(item, function)).collect()
}

fn mysquare((x, gate): Item) -> i32 {
    gate.recv().expect("main opens the gate");
    println!("a worker squares {x}");
    x * x
}

fn get(calls: Vec<JoinHandle<i32>>) -> Vec<i32> {
    calls.into_iter().map(|call| call.join().expect("mysquare does not panic")).collect()
}
