//! Under which conditions does `cargo xtask check --stress 100` find a race? Runs each program in
//! `tests/races` under each setting, and prints how many of its 100 runs fail and how long they take.
//!
//! ```console
//! $ cargo bench -p tests --bench races                         every program, once
//! $ cargo bench -p tests --bench races -- lost --passes 5      those with `lost` in their name
//! ```
//!
//! With several passes, every number is a median.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use tempfile::TempDir;
use xtask::python;

const RUNS: &str = "100";

/// One way to repeat a program.
struct Setting {
    name: &'static str,
    /// Options of `check`.
    options: Vec<String>,
}

/// What one setting did with one program.
#[derive(Clone, Copy)]
struct Outcome {
    failures: f64,
    seconds: f64,
}

fn main() {
    let (filters, passes) = arguments();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let xtask = build_xtask(root);
    let programs = TempDir::new().expect("a temporary folder can be made");
    let programs = compile(&root.join("tests/races"), programs.path(), &filters);
    let settings = settings();

    print!("{:<22}", "failures, seconds");
    settings.iter().for_each(|setting| print!("{:>13}", setting.name));
    println!();
    let mut sums = vec![Outcome { failures: 0.0, seconds: 0.0 }; settings.len()];
    for (snapshot, command) in &programs {
        let mut outcomes = vec![Vec::new(); settings.len()];
        for _ in 0..passes {
            for (setting, outcomes) in settings.iter().zip(&mut outcomes) {
                outcomes.push(measure(&xtask, snapshot, command, setting));
            }
        }
        let medians: Vec<Outcome> = outcomes.iter().map(|all| median(all)).collect();
        print_row(&snapshot.file_stem().expect("it has a name").to_string_lossy(), &medians);
        for (sum, median) in sums.iter_mut().zip(medians) {
            sum.failures += median.failures;
            sum.seconds += median.seconds;
        }
    }
    print_row("all of them", &sums);
    print!("{:<22}", "failures per second");
    sums.iter().for_each(|sum| print!("{:>13.1}", sum.failures / sum.seconds));
    println!();
}

/// Parts of names, and the number of passes.
fn arguments() -> (Vec<String>, usize) {
    let mut filters = Vec::new();
    let mut passes = 1;
    let mut arguments = env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match &*argument {
            // Cargo adds this.
            "--bench" => {}
            "--passes" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                passes = number.expect("--passes takes a number");
            }
            _ => filters.push(argument),
        }
    }
    (filters, passes)
}

fn settings() -> Vec<Setting> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let jobs = |name, jobs: usize| Setting { name, options: vec![format!("-j{}", jobs.min(100))] };
    let conditions = |name| Setting { name, options: vec![format!("--conditions={name}")] };
    let mut settings = vec![
        Setting { name: "the default", options: Vec::new() },
        jobs("-j 1", 1),
        jobs("1 per core", cores),
        jobs("4 per core", 4 * cores),
        jobs("8 per core", 8 * cores),
        jobs("32 per core", 32 * cores),
        jobs("-j 100", 100),
    ];
    if cfg!(target_os = "linux") {
        settings.push(conditions("pinned"));
    }
    settings
}

/// The `xtask` that users run.
fn build_xtask(root: &Path) -> PathBuf {
    let build =
        Command::new(env!("CARGO")).args(["build", "-q", "-p", "xtask"]).current_dir(root).status();
    assert!(build.expect("cargo can be run").success());
    let program = env::current_exe().expect("this program has a path");
    let target = program.ancestors().nth(3).expect("it is in `target/release/deps`");
    target.join("debug/xtask").with_extension(env::consts::EXE_EXTENSION)
}

/// Each snapshot with the command of its program, which was compiled if that is necessary.
fn compile(races: &Path, folder: &Path, filters: &[String]) -> Vec<(PathBuf, Vec<OsString>)> {
    let python = python::interpreter().expect("some programs are in Python");
    let mut programs = Vec::new();
    for entry in fs::read_dir(races).expect("the races are there").flatten() {
        let source = entry.path();
        let name = source.file_stem().expect("it has a name").to_string_lossy().into_owned();
        if !filters.is_empty() && !filters.iter().any(|filter| name.contains(filter)) {
            continue;
        }
        let command = match source.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => {
                let program = folder.join(name).with_extension(env::consts::EXE_EXTENSION);
                let mut rustc = Command::new("rustc");
                rustc.args(["--edition", "2024", "-o"]).arg(&program).arg(&source);
                assert!(rustc.status().expect("rustc can be run").success());
                vec![program.into()]
            }
            Some("py") => vec![python.clone().into(), source.clone().into()],
            _ => continue,
        };
        programs.push((source.with_extension("snap"), command));
    }
    programs.sort();
    programs
}

fn measure(xtask: &Path, snapshot: &Path, command: &[OsString], setting: &Setting) -> Outcome {
    let mut check = Command::new(xtask);
    check.arg("check").arg("--snapshot").arg(snapshot).args(["--stress", RUNS]);
    check.args(["--message-format", "json"]).args(&setting.options).arg("--");
    let output = check.args(command).output().expect("xtask can be run");
    let stdout = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let ended: serde_json::Value = stdout
        .lines()
        .next_back()
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let failures = ended["runs"]["failed"].as_f64().unwrap_or_default();
    let passed = ended["runs"]["passed"].as_f64().unwrap_or_default();
    assert_eq!(failures + passed, ended["planned"].as_f64().expect("a number"), "{stdout}");
    Outcome { failures, seconds: ended["seconds"].as_f64().expect("a number") }
}

fn median(outcomes: &[Outcome]) -> Outcome {
    let middle = |number: fn(&Outcome) -> f64| {
        let mut numbers: Vec<f64> = outcomes.iter().map(number).collect();
        numbers.sort_by(f64::total_cmp);
        numbers[numbers.len() / 2]
    };
    Outcome { failures: middle(|one| one.failures), seconds: middle(|one| one.seconds) }
}

fn print_row(name: &str, outcomes: &[Outcome]) {
    print!("{name:<22}");
    for Outcome { failures, seconds } in outcomes {
        print!("{failures:>6} {seconds:>6.2}");
    }
    println!();
}
