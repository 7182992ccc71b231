//! A session of the language server: a file is opened, edited and asked about. Each record of the
//! input is an edit or a question; a fault that the server survives ends the run all the same, since
//! a panic does.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

const PATHS: [&str; 6] = [
    ".github/workflows/release.yml",
    "compose.yaml",
    "deploy/prod/app.yaml",
    "Dockerfile",
    ".gitlab-ci.yml",
    "taglint.yaml",
];

const QUESTIONS: [&str; 6] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/codeAction",
    "textDocument/inlayHint",
    "textDocument/documentLink",
];

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

struct Session {
    connection: Connection,
    next: i32,
}

impl Session {
    fn tell(&self, method: &str, params: Value) {
        let told = Notification::new(method.to_owned(), params);
        self.connection.sender.send(Message::Notification(told)).unwrap();
    }

    /// Asks, and waits for the answer: whatever the server says before is passed over.
    fn ask(&mut self, method: &str, params: Value) {
        self.next += 1;
        let id = self.next.into();
        let asked = Request::new(id, method.to_owned(), params);
        self.connection.sender.send(Message::Request(asked)).unwrap();
        loop {
            match self.connection.receiver.recv().unwrap() {
                Message::Response(response) if response.id == self.next.into() => return,
                _ => {}
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, rest)) = data.split_first() else { return };
    let parts = taglint_fuzz::texts(rest);
    let Some((text, records)) = parts.split_first() else { return };
    let root: &Path = FOLDER.path();
    let path = root.join(PATHS[usize::from(*choice) % PATHS.len()]);
    let uri = format!("file://{}", path.display());
    let (ours, theirs) = Connection::memory();
    let server = std::thread::spawn(move || taglint::lsp::serve_on(theirs));
    let mut session = Session { connection: ours, next: 0 };
    session.ask(
        "initialize",
        json!({ "capabilities": {}, "rootUri": format!("file://{}", root.display()) }),
    );
    session.tell("initialized", json!({}));
    session.tell(
        "textDocument/didOpen",
        json!({ "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": text } }),
    );
    for (version, record) in records.iter().take(6).enumerate() {
        let bytes = record.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let here = json!({ "line": byte(1), "character": byte(2) });
        let range = json!({ "start": here, "end": { "line": byte(3), "character": byte(4) } });
        match byte(0) % 2 {
            0 => session.tell(
                "textDocument/didChange",
                json!({
                    "textDocument": { "uri": uri, "version": version + 2 },
                    "contentChanges": [{ "range": range, "text": record.get(5..).unwrap_or_default() }]
                }),
            ),
            _ => session.ask(
                QUESTIONS[usize::from(byte(5)) % QUESTIONS.len()],
                json!({
                    "textDocument": { "uri": uri },
                    "position": here,
                    "range": range,
                    "context": { "diagnostics": [] }
                }),
            ),
        }
    }
    session.ask("shutdown", Value::Null);
    session.tell("exit", Value::Null);
    assert_eq!(server.join().unwrap(), Ok(true));
});
