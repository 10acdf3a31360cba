//! Serves the book on this machine, and builds it again when a file changes.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path};
use std::{fs, thread};

use anyhow::{Context, Result, anyhow};
use xtask::cancel::Cancel;
use xtask::watch::Watcher;
use xtask::workspace::Workspace;

/// Builds and serves the book until Ctrl-C.
///
/// # Errors
/// When the port is in use, or the files cannot be watched; and at the end.
pub fn serve(workspace: &Workspace, port: u16, cancel: &Cancel) -> Result<()> {
    let folder = workspace.target.join("book");
    let listener = TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("cannot serve on port {port}"))?;
    answer_all(listener, move |url| file(&folder, url));

    let mut watcher = Watcher::new()?;
    watcher.add(&workspace.root, false)?;
    for entry in fs::read_dir(&workspace.root)? {
        let path = entry?.path();
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden && path != workspace.target {
            watcher.add(&path, true)?;
        }
    }
    while !cancel.is_set() {
        // There may be a new lesson.
        let built = Workspace::load(&workspace.root)
            .map_err(anyhow::Error::from)
            .and_then(|workspace| crate::build(&workspace, cancel, |step| eprintln!("{step}")));
        match built {
            Ok(_) => println!("the book is at http://127.0.0.1:{port}/; stop with Ctrl-C"),
            Err(_) if cancel.is_set() => break,
            // The author can fix it.
            Err(error) => eprintln!("error: {error:#}"),
        }
        watcher.wait(cancel);
    }
    Err(anyhow!("stopped"))
}

/// What a browser gets for a URL.
#[derive(Debug)]
pub struct Answer {
    /// Whether there is such a file.
    pub exists: bool,
    /// Its type, as in HTTP.
    pub kind: &'static str,
    /// Its content.
    pub content: Vec<u8>,
}

/// Answers all requests in threads of their own, until the program ends. A connection is closed after
/// its answer.
pub fn answer_all(listener: TcpListener, answer: impl Fn(&str) -> Answer + Clone + Send + 'static) {
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let answer = answer.clone();
            // If a browser does not wait for its answer, there is nothing to do about it.
            thread::spawn(move || answer_one(connection, answer));
        }
    });
}

fn answer_one(mut connection: TcpStream, answer: impl Fn(&str) -> Answer) -> io::Result<()> {
    let mut lines = BufReader::new(&connection).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    // The other lines of the request say nothing of interest.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let url = first.split(' ').nth(1).unwrap_or_default();
    let Answer { exists, kind, content } = answer(url);
    let status = if exists { "200 OK" } else { "404 Not Found" };
    let length = content.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    )?;
    connection.write_all(&content)
}

/// The file in this folder that a URL names.
pub fn file(folder: &Path, url: &str) -> Answer {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let content = if is_inside { fs::read(folder.join(path)).ok() } else { None };
    let kind = match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    match content {
        Some(content) => Answer { exists: true, kind, content },
        None => {
            Answer { exists: false, kind: "text/plain", content: b"there is no such page".to_vec() }
        }
    }
}
