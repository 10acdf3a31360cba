//! Serves the book on this machine, and builds it again when a file changes.

use std::path::{Component, Path};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use anyhow::{Context, Result, anyhow};
use notify::{RecursiveMode, Watcher};
use tiny_http::{Header, Response, Server};
use xtask::cancel::Cancel;
use xtask::workspace::Workspace;

/// Builds and serves the book until Ctrl-C.
///
/// # Errors
/// When the port is in use, or the files cannot be watched; and at the end.
pub fn serve(workspace: &Workspace, port: u16, cancel: &Cancel) -> Result<()> {
    let folder = workspace.target.join("book");
    let server = Server::http(("127.0.0.1", port))
        .map_err(|error| anyhow!("cannot serve on port {port}: {error}"))?;
    thread::spawn(move || {
        for request in server.incoming_requests() {
            let answer = answer(&folder, request.url());
            // If a browser does not wait for its answer, there is nothing to do about it.
            let _ = request.respond(answer);
        }
    });

    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // After the end of `serve` nobody waits for changes.
            let _ = sender.send(());
        }
    })?;
    watcher.watch(&workspace.root, RecursiveMode::NonRecursive)?;
    for entry in fs::read_dir(&workspace.root)? {
        let path = entry?.path();
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !is_hidden && path != workspace.target {
            watcher.watch(&path, RecursiveMode::Recursive)?;
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
            // The author can mend it.
            Err(error) => eprintln!("error: {error:#}"),
        }
        while !cancel.is_set() && changes.recv_timeout(Duration::from_millis(100)).is_err() {}
        // An editor may write a file in several steps.
        while changes.recv_timeout(Duration::from_millis(300)).is_ok() {}
    }
    Err(anyhow!("stopped"))
}

/// The file of a URL, or a page with the status 404.
pub fn answer(folder: &Path, url: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = is_inside.then(|| folder.join(path)).context("outside");
    let Some(content) = file.ok().and_then(|file| fs::read(file).ok()) else {
        return Response::from_string("there is no such page").with_status_code(404);
    };
    let kind = match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    let header = Header::from_bytes("Content-Type", kind).expect("it has only ASCII letters");
    Response::from_data(content).with_header(header)
}
