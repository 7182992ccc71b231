//! A client of the language server: speaks the protocol to the built binary, over its pipes.

use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session with the server.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Message>,
    /// The folder of the session.
    pub folder: tempfile::TempDir,
    /// What the server has said it can do.
    pub offered: Value,
    next: i32,
    version: i32,
}

impl Client {
    /// Starts a session on a folder with these files, as a client that can do everything.
    pub fn start(files: &[(&str, &str)]) -> Self {
        Self::start_with(files, &json!({}), &["utf-8", "utf-16"])
    }

    /// The same with options, and with the encodings that the client offers.
    pub fn start_with(files: &[(&str, &str)], options: &Value, encodings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            write(folder.path(), path, text);
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(["lsp", "--stdio"])
            .env("XDG_CACHE_HOME", folder.path().join(".cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, output) = channel();
        let mut reader = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut reader) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut client = Self {
            input: child.stdin.take(),
            child,
            output,
            folder,
            offered: Value::Null,
            next: 0,
            version: 0,
        };
        let root = client.uri("");
        let capabilities = json!({
            "general": { "positionEncodings": encodings },
            "workspace": {
                "workspaceEdit": { "documentChanges": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true },
                "configuration": true,
            },
            "textDocument": {
                "codeAction": {
                    "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
                    "resolveSupport": { "properties": ["edit"] },
                    "dataSupport": true,
                },
                "publishDiagnostics": { "relatedInformation": true },
            },
        });
        let answer = client.ask(
            "initialize",
            json!({ "processId": null, "rootUri": root, "capabilities": capabilities,
                    "initializationOptions": options,
                    "workspaceFolders": [{ "uri": root, "name": "test" }] }),
        );
        client.offered = answer.unwrap();
        client.tell("initialized", json!({}));
        client
    }

    /// The path of a file of the folder.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The URI of a file of the folder.
    pub fn uri(&self, path: &str) -> String {
        let path = self.path(path);
        format!("file://{}", path.to_string_lossy().trim_end_matches('/'))
    }

    /// Writes a file of the folder, as another program would.
    pub fn write(&self, path: &str, text: &str) {
        write(self.folder.path(), path, text);
    }

    pub fn send(&mut self, message: Message) {
        message.write(self.input.as_mut().unwrap()).unwrap();
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    /// Sends a request and gives its number.
    pub fn request(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Request::new(id.clone(), method.to_owned(), params).into());
        id
    }

    /// Sends a request and waits for its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        let id = self.request(method, params);
        self.answer(&id)
    }

    /// A request about a file.
    pub fn ask_about(&mut self, method: &str, path: &str, more: Value) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.uri(path) } });
        let own = params.as_object_mut().unwrap();
        own.extend(more.as_object().unwrap().clone());
        self.ask(method, params).unwrap()
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, id: &RequestId) -> Result<Value, String> {
        loop {
            match self.take() {
                Message::Response(Response {
                    id: own,
                    response_result,
                }) if own == *id => {
                    return response_result
                        .map_err(|error| format!("{} {}", error.code, error.message));
                }
                Message::Response(other) => panic!("an answer to nothing: {other:?}"),
                _ => {}
            }
        }
    }

    fn take(&mut self) -> Message {
        let message = self.output.recv_timeout(PATIENCE);
        message.expect("the server says nothing")
    }

    /// Waits for a notification of the server.
    pub fn heard(&mut self, method: &str) -> Value {
        loop {
            match self.take() {
                Message::Notification(note) if note.method == method => return note.params,
                _ => {}
            }
        }
    }

    /// Waits for a request of the server.
    pub fn asked(&mut self, method: &str) -> Request {
        loop {
            match self.take() {
                Message::Request(request) if request.method == method => return request,
                _ => {}
            }
        }
    }

    /// Opens a file with a text, and waits for its findings.
    pub fn open(&mut self, path: &str, text: &str) -> Vec<Value> {
        self.open_silently(path, text);
        self.diagnostics(path)
    }

    /// Opens a file of which nothing is told, as it only has a say in others.
    pub fn open_silently(&mut self, path: &str, text: &str) {
        self.version += 1;
        let document = json!({ "uri": self.uri(path), "languageId": "yaml",
                               "version": self.version, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file as it is on disk.
    pub fn open_saved(&mut self, path: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path(path)).unwrap();
        self.open(path, &text)
    }

    /// Changes an open file, without waiting.
    pub fn change(&mut self, path: &str, changes: Value) -> i32 {
        self.version += 1;
        let document = json!({ "uri": self.uri(path), "version": self.version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.tell("textDocument/didChange", params);
        self.version
    }

    /// The findings told of a file next.
    pub fn diagnostics(&mut self, path: &str) -> Vec<Value> {
        let uri = self.uri(path);
        loop {
            let told = self.heard("textDocument/publishDiagnostics");
            if told["uri"] == json!(uri) {
                return told["diagnostics"].as_array().unwrap().clone();
            }
        }
    }

    /// Ends the session; the exit status.
    pub fn stop(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        drop(self.input.take());
        self.child.wait().unwrap().code()
    }

    /// Goes away without a word; the exit status.
    pub fn vanish(mut self) -> Option<i32> {
        drop(self.input.take());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

/// The rules that diagnostics name.
pub fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect()
}

/// A text after the edits of a code action or of a list of them, on one file.
pub fn apply(text: &str, edit: &Value) -> String {
    let edits = edit["documentChanges"][0]["edits"].as_array().unwrap();
    let offset = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + position["character"].as_u64().unwrap() as usize
    };
    let mut all: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (
                offset(&range["start"]),
                offset(&range["end"]),
                edit["newText"].as_str().unwrap(),
            )
        })
        .collect();
    all.sort_by_key(|(start, ..)| std::cmp::Reverse(*start));
    let mut out = text.to_owned();
    for (start, end, new) in all {
        out.replace_range(start..end, new);
    }
    out
}
