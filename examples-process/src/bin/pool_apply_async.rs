//! `apply_async` returns while its call is still running; `get` waits for the result.
//!
//! | Python | Rust |
//! | --- | --- |
//! | `call = p.apply_async(mysquare, (3,))` | `let call = pool.spawn(3, mysquare)` |
//! | `call.get()` | `call.join()` |
//!
//! Each worker waits at a gate, a channel on which `main` sends a message after it has printed
//! `main goes on working`. So it is certain, and not just likely, that `main` goes on before a call
//! ends.
//!
//! ```text
//! $ cargo run -p examples-process --bin pool_apply_async
//! main asks for the square of 3
//! main asks for the square of 4
//! main asks for the square of 5
//! main goes on working
//! a worker squares 3
//! a worker squares 4
//! main has 9
//! a worker squares 5
//! main has 16
//! main has 25
//! Computed by 3 other process(es)
//! ```
//!
//! **Always:** `main` goes on before any worker squares its number, because of the gates. A square
//! comes after its worker's line, and the squares come in the order in which `main` asked for them.
//!
//! **May differ:** the order of the workers' lines, where the lines of `main` stand among them, and
//! how many processes have computed: one may get several calls, and another none.
//!
//! **Try:** remove the loop that opens the gates. `main` waits for the first square, its worker waits
//! at the gate, and the program never ends.

use std::{collections::HashSet, process};

use ipc_channel::ipc::{self, IpcReceiver}; // 0.22, the version that procspawn uses
use procspawn::Pool;

fn main() {
    // A process of the pool starts here too. In it, `init` runs the calls and never returns.
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
    let mut ids = HashSet::new();
    for (_, call) in calls {
        let (square, id) = call.join().expect("mysquare does not panic");
        println!("main has {square}");
        ids.insert(id);
    }
    ids.remove(&process::id());
    println!("Computed by {} other process(es)", ids.len());
}

/// Returns the square, and which process has computed it.
fn mysquare((x, gate): (i32, IpcReceiver<()>)) -> (i32, u32) {
    gate.recv().expect("main opens the gate");
    println!("a worker squares {x}");
    (x * x, process::id())
}
