//! Does what its arguments say, one after another. The tests of `check` use it, because no shell runs
//! on every system.

use std::io::{Read, Write};
use std::process::{Command, exit};
use std::time::Duration;
use std::{env, fs, process, thread};

fn main() {
    let mut words: Vec<String> = env::args().skip(1).collect();
    // The first actions may be the lines of a file.
    if words.first().is_some_and(|word| word == "file") {
        let text = fs::read_to_string(&words[1]).unwrap();
        words.splice(..2, text.lines().map(str::to_owned));
    }
    let mut arguments = words.into_iter();
    let mut stdout = std::io::stdout();
    while let Some(action) = arguments.next() {
        let mut next = || arguments.next().expect("the action has an argument");
        match &*action {
            "out" => println!("{}", next()),
            "out-without-end" => print!("{}", next()),
            "err" => eprintln!("{}", next()),
            "bytes" => stdout.write_all(b"hi \xff\n").unwrap(),
            "flood" => loop {
                println!("{}", "y".repeat(1000));
            },
            "flood-err" => loop {
                eprintln!("{}", "y".repeat(1000));
            },
            "sleep" => thread::sleep(Duration::from_secs_f64(next().parse().unwrap())),
            "lines" => {
                for _ in 0..next().parse::<usize>().unwrap() {
                    println!("y");
                }
            }
            "cores" => println!("{}", thread::available_parallelism().unwrap()),
            "exit" => exit(next().parse().unwrap()),
            "env" => println!("{}", env::var(next()).unwrap_or("none".to_owned())),
            // Creates a file, and goes on only if there was none.
            "once" => {
                if fs::File::create_new(next()).is_err() {
                    // The rest of this turn, up to `else`, is skipped.
                    while arguments.next().is_some_and(|action| action != "else") {}
                }
            }
            "else" => return,
            "stdin" => {
                let mut text = String::new();
                std::io::stdin().read_to_string(&mut text).unwrap();
                println!("{}", text.len());
            }
            // Starts a process that sleeps with the same output, and writes its id to a file.
            "leave-sleeper" => {
                let file = next();
                let mut sleeper = Command::new(env::current_exe().unwrap());
                let sleeper = sleeper.args(["sleep", "60"]).spawn().unwrap();
                fs::write(file, format!("{}\n", sleeper.id())).unwrap();
            }
            // Waits until so many actors are in a folder at the same time.
            "meet" => {
                let (folder, number) = (next(), next().parse().unwrap());
                fs::write(format!("{folder}/{}", process::id()), "").unwrap();
                while fs::read_dir(&folder).unwrap().count() < number {
                    thread::sleep(Duration::from_millis(5));
                }
            }
            "pid" => fs::write(next(), format!("{}\n", process::id())).unwrap(),
            // The arguments of the run, which come last.
            "rest" => {
                println!("{}", arguments.by_ref().collect::<Vec<_>>().join(", "));
            }
            "ignore-rest" => return,
            other => panic!("there is no action {other}"),
        }
    }
    stdout.flush().unwrap();
}
