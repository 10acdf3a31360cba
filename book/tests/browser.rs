//! The book is built, all its links are followed, and a real browser opens all its pages.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{LazyLock, mpsc};
use std::time::Duration;
use std::{env, fs, thread};

use book::serve::{Answer, answer_all, file};
use regex::Regex;
use serde_json::{Value, json};
use xtask::cancel::Cancel;
use xtask::workspace::Workspace;

/// The folder of the built book. Both tests use it.
fn book() -> &'static Path {
    static BOOK: LazyLock<PathBuf> = LazyLock::new(|| {
        let workspace =
            Workspace::load(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a workspace");
        book::build(&workspace, &Cancel::default(), |_| ()).expect("the book can be built")
    });
    &BOOK
}

/// All pages, by their paths in the book.
fn pages() -> BTreeMap<String, String> {
    fn collect(folder: &Path, pages: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, pages);
            } else if path.extension().is_some_and(|end| end == "html") {
                let name = path.strip_prefix(book()).expect("it is inside").display().to_string();
                pages.insert(name, fs::read_to_string(&path).expect("a page is text"));
            }
        }
    }
    let mut pages = BTreeMap::new();
    collect(book(), &mut pages);
    pages
}

#[test]
fn every_link_leads_to_a_page_and_an_anchor() {
    let pages = pages();
    let link = Regex::new(r#"<(\w+)[^>]*?\s(?:href|src)="([^"]*)""#).unwrap();
    let id = Regex::new(r#"\sid="([^"]*)""#).unwrap();
    let ids: BTreeMap<&str, HashSet<&str>> = pages
        .iter()
        .map(|(name, page)| {
            let ids = id.captures_iter(page).map(|found| found.get(1).unwrap().as_str());
            (name.as_str(), ids.collect())
        })
        .collect();
    let mut problems = Vec::new();
    let mut links = 0;
    for (name, page) in &pages {
        for found in link.captures_iter(page) {
            let (tag, target) = (&found[1], &found[2]);
            links += 1;
            if target.starts_with("http") || target.starts_with("//") {
                // A reader may follow a link to another host, but the page must not load anything.
                if tag != "a" {
                    problems.push(format!("{name}: <{tag}> loads {target}"));
                }
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = Path::new(name).parent().unwrap();
            let path = if path.is_empty() { PathBuf::from(name) } else { folder.join(path) };
            // The system resolves `..`.
            let Ok(file) = book().join(&path).canonicalize() else {
                problems.push(format!("{name}: no page belongs to `{target}`"));
                continue;
            };
            let Ok(file) = file.strip_prefix(book().canonicalize().unwrap()) else {
                problems.push(format!("{name}: `{target}` leads out of the book"));
                continue;
            };
            let anchors = ids.get(file.to_str().unwrap());
            if !anchor.is_empty() && anchors.is_some_and(|ids| !ids.contains(anchor)) {
                problems.push(format!("{name}: `{target}` has no such anchor"));
            }
        }
    }
    assert!(links > 1000, "only {links} links were found");
    // The page for printing repeats the links of the other pages, and where the page for errors leads
    // depends on the server.
    problems
        .retain(|problem| !["print.html", "404.html"].iter().any(|page| problem.starts_with(page)));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_browser_shows_every_page() {
    let Some(browser) = browser() else {
        let why = "there is no Chromium, or no `sh`";
        assert!(env::var_os("CI").is_none(), "skipped, which CI does not allow: {why}");
        eprintln!("skipped a_browser_shows_every_page: {why}");
        return;
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let (sender, results) = mpsc::channel();
    answer_all(listener, move |url| answer(url, &sender));
    let profile = env::temp_dir().join(format!("book-browser-{}", std::process::id()));
    // Chromium reads commands from file descriptor 3, and answers on 4.
    let mut chromium = Command::new("sh")
        .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>&2", browser])
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"])
        // No page may need another host.
        .arg("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--remote-debugging-pipe")
        .arg(format!("http://127.0.0.1:{port}/harness.html"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Chromium can be started");
    let mut stderr = chromium.stderr.take().expect("standard error is a pipe");
    let log = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut keyboard = Keyboard::of(&mut chromium);
    let mut problems = Vec::new();
    loop {
        match results.recv_timeout(Duration::from_secs(300)) {
            Ok(Report::KeyNeeded) => keyboard.press_right(),
            Ok(Report::Missing(url)) => problems.push(format!("there is no {url}")),
            Ok(Report::Result(found)) => {
                problems.push(found);
                break;
            }
            Err(_) => {
                problems.push("the browser did not look at all pages within 300 s".to_owned());
                break;
            }
        }
    }
    let _ = chromium.kill();
    let _ = chromium.wait();
    let _ = fs::remove_dir_all(profile);
    let log = log.join().expect("reading does not panic");
    let console = log.lines().filter(|line| line.contains("CONSOLE"));
    problems.extend(console.map(str::to_owned));
    assert_eq!(problems, [""], "{}", problems.join("\n"));
}

/// The keys of a browser, over the Chrome DevTools Protocol: messages in JSON, with a zero byte after
/// each of them.
struct Keyboard {
    commands: ChildStdin,
    answers: mpsc::Receiver<Value>,
    /// The connection to the page.
    session: Value,
}

impl Keyboard {
    fn of(chromium: &mut Child) -> Self {
        let commands = chromium.stdin.take().expect("standard input is a pipe");
        let stdout = chromium.stdout.take().expect("standard output is a pipe");
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for answer in BufReader::new(stdout).split(0).map_while(Result::ok) {
                let answer = serde_json::from_slice(&answer).expect("an answer is JSON");
                // The test may have ended.
                let _ = sender.send(answer);
            }
        });
        let mut keyboard = Self { commands, answers, session: Value::Null };
        // The page may not be there yet.
        let page = loop {
            let mut targets = keyboard.send("Target.getTargets", json!({}))["targetInfos"].take();
            let targets = targets.as_array_mut().expect("a list");
            if let Some(page) = targets.iter_mut().find(|target| target["type"] == "page") {
                break page["targetId"].take();
            }
            thread::sleep(Duration::from_millis(50));
        };
        let page = json!({ "targetId": page, "flatten": true });
        keyboard.session = keyboard.send("Target.attachToTarget", page)["sessionId"].take();
        keyboard
    }

    fn press_right(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            // The number is that of the key, which Chromium wants besides its name.
            let key = json!({ "type": kind, "key": "ArrowRight", "windowsVirtualKeyCode": 39 });
            self.send("Input.dispatchKeyEvent", key);
        }
    }

    /// Sends a command, and returns the result.
    fn send(&mut self, method: &str, parameters: Value) -> Value {
        let mut command = json!({ "id": 1, "method": method, "params": parameters });
        if !self.session.is_null() {
            command["sessionId"] = self.session.clone();
        }
        write!(self.commands, "{command}\0").expect("Chromium reads commands");
        loop {
            let answer = self.answers.recv_timeout(Duration::from_secs(60));
            let mut answer = answer.expect("Chromium answers within a minute");
            // Others are events.
            if answer["id"] == 1 {
                return answer["result"].take();
            }
        }
    }
}

enum Report {
    /// The page that looks at all others needs the right arrow key.
    KeyNeeded,
    /// A page asked for this, and it does not exist.
    Missing(String),
    /// What the page that looks at all others has found: the problems, encoded as in URLs.
    Result(String),
}

fn answer(url: &str, sender: &mpsc::Sender<Report>) -> Answer {
    let page = |content: &str| Answer {
        exists: true,
        kind: "text/html",
        content: content.as_bytes().to_vec(),
    };
    // The test may have ended, and then the report no longer matters.
    match url.split_once('?').unwrap_or((url, "")) {
        ("/result", problems) => {
            let _ = sender.send(Report::Result(problems.to_owned()));
            page("")
        }
        ("/press-right", _) => {
            let _ = sender.send(Report::KeyNeeded);
            page("")
        }
        ("/harness.html", _) => page(include_str!("harness.html")),
        ("/pages.json", _) => page(&format!("{:?}", pages().keys().collect::<Vec<_>>())),
        ("/favicon.ico", _) => page(""),
        _ => {
            let answer = file(book(), url);
            if !answer.exists {
                let _ = sender.send(Report::Missing(url.to_owned()));
            }
            answer
        }
    }
}

/// The first browser of this kind in `PATH`. It is started by a shell that Windows does not have.
fn browser() -> Option<&'static str> {
    if cfg!(windows) {
        return None;
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    names.into_iter().find(|name| {
        let version = Command::new(name).arg("--version").stdout(Stdio::null()).status();
        version.is_ok_and(|status| status.success())
    })
}
