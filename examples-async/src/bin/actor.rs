//! An actor is a task that owns its state; other tasks send it messages and wait for its replies.
//!
//! | Python | Rust |
//! | --- | --- |
//! | a task that calls `await q.get()` in a loop | a task that calls `inbox.recv().await` in a loop |
//! | `asyncio.get_running_loop().create_future()` | `oneshot::channel()` |
//! | `await q.put((30, future))`, then `await future` | `account.send(…).await`, then `reply.await` |
//! | `future.set_result(70)` | `request.reply.send(…)` |
//!
//! The account handles one message at a time. It compares and changes the balance without a lock,
//! because no other task can reach the balance. Each message contains the sender of a `oneshot`
//! channel, a channel for a single value, so that the reply goes to the customer who asked.
//!
//! ```text
//! $ cargo run -p examples-async --bin actor
//! customer 1: got 30, and 70 are left
//! customer 2: got 30, and 40 are left
//! customer 3: got 30, and 10 are left
//! customer 4: got nothing, because only 10 are left
//! customer 5: got nothing, because only 10 are left
//! main: the account was closed with 10
//! ```
//!
//! **Always:** three customers get 30 each, and each of them is told a different balance, because
//! the account handles one message at a time. The account's loop ends only after all customers have
//! dropped their senders, and each customer prints its line before that. So the line of `main` is
//! last.
//!
//! **May differ:** which customers get something, and the order of the customers' lines.
//!
//! **Try:** remove the line `drop(account);`. The customers get the same replies, but then the
//! account waits for messages from `main`, and the program never ends.

use tokio::sync::{mpsc, oneshot};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (account, inbox) = mpsc::channel(8);
    let actor = tokio::spawn(run_account(100, inbox));
    for customer in 1..=5 {
        tokio::spawn(withdraw(customer, account.clone()));
    }
    drop(account); // Now only the customers have a sender.
    let balance = actor.await.expect("the actor does not panic");
    println!("main: the account was closed with {balance}");
}

struct Withdrawal {
    amount: u32,
    /// The actor sends the new balance through it, or, if the balance is less than the amount, the
    /// old balance as an error.
    reply: oneshot::Sender<Result<u32, u32>>,
}

async fn run_account(mut balance: u32, mut inbox: mpsc::Receiver<Withdrawal>) -> u32 {
    while let Some(request) = inbox.recv().await {
        let reply = match balance.checked_sub(request.amount) {
            Some(rest) => {
                balance = rest;
                Ok(balance)
            }
            None => Err(balance),
        };
        // An error means that the customer no longer waits, for example after a timeout.
        let _ = request.reply.send(reply);
    }
    balance
}

async fn withdraw(customer: u32, account: mpsc::Sender<Withdrawal>) {
    let (sender, reply) = oneshot::channel();
    let request = Withdrawal { amount: 30, reply: sender };
    account.send(request).await.expect("the actor lives as long as its customers");
    match reply.await.expect("the actor replies to each message") {
        Ok(balance) => println!("customer {customer}: got 30, and {balance} are left"),
        Err(balance) => {
            println!("customer {customer}: got nothing, because only {balance} are left");
        }
    }
}
