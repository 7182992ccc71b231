//! The server: takes messages in turn, keeps the folders up to date, and tells findings.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams, Uri};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::client::{Client, Start};
use super::diagnostics::Drawing;
use super::documents::Documents;
use super::folder::{Change, Folder, View};
use super::pin::{self, Told};
use super::settings::{Scope, Settings};
use super::{requests, uri};
use crate::workspace::Overlay;

/// Asked of the client at the start; its answer says nothing of interest.
const WATCH: &str = "taglint/watch";
/// Asked of the client when settings change; the answer holds them.
const CONFIGURE: &str = "taglint/configure";

/// What happens in a session.
pub enum Event {
    /// The client says something.
    Message(Message),
    /// A registry has answered.
    Told(Box<Told>),
    /// The client has gone away.
    Gone,
}

/// One session with a client.
pub struct Server {
    connection: Connection,
    events: (Sender<Event>, Receiver<Event>),
    /// What the client can do.
    pub client: Client,
    /// What the user sets.
    pub settings: Settings,
    /// Open files.
    pub documents: Documents,
    /// Folders, and files that lie in none.
    pub folders: Vec<Folder>,
    /// What was told of each file, where that was anything.
    told: BTreeMap<PathBuf, Vec<Diagnostic>>,
    start: Vec<PathBuf>,
    shut_down: bool,
    asked: i32,
    /// Whether findings are told even if no file has changed.
    retell: bool,
}

/// Whether the server goes on.
enum Next {
    Message,
    Exit,
}

impl Server {
    /// A server for a client that has introduced itself.
    pub fn new(connection: Connection, start: Start) -> Self {
        let server = Self {
            connection,
            events: channel(),
            client: start.client,
            settings: start.settings,
            documents: Documents::default(),
            folders: Vec::new(),
            told: BTreeMap::new(),
            start: start.folders,
            shut_down: false,
            asked: 0,
            retell: false,
        };
        if let Some(complaint) = start.complaint {
            server.complain(&complaint);
        }
        server
    }

    /// Serves until the client says `exit` or goes away; whether it shut down first.
    pub fn run(mut self) -> bool {
        self.watch();
        let folders = std::mem::take(&mut self.start);
        self.open_folders(folders);
        self.listen();
        let mut waiting = VecDeque::new();
        loop {
            waiting.extend(self.events.1.try_iter());
            let event = match waiting.pop_front() {
                Some(event) => event,
                None => {
                    self.guarded("a look at the files", Self::look);
                    // Whatever came in meanwhile is taken up in its order.
                    let Ok(event) = self.events.1.recv() else {
                        return self.shut_down;
                    };
                    waiting.push_back(event);
                    continue;
                }
            };
            if let Next::Exit = self.take(event, &waiting) {
                return self.shut_down;
            }
        }
    }

    /// Takes up messages as they come in, however many: the connection itself holds back all but one,
    /// and a cancellation would be seen only after what it cancels.
    fn listen(&self) {
        let events = self.events.0.clone();
        let receiver = self.connection.receiver.clone();
        std::thread::spawn(move || {
            for message in receiver {
                if events.send(Event::Message(message)).is_err() {
                    return;
                }
            }
            let _ = events.send(Event::Gone);
        });
    }

    /// Does something that must not end the session, whatever a file holds.
    fn guarded<T: Default>(&mut self, what: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        match catch_unwind(AssertUnwindSafe(|| act(self))) {
            Ok(done) => done,
            Err(_) => {
                self.complain(&format!("a fault of taglint: {what} failed"));
                T::default()
            }
        }
    }

    fn take(&mut self, event: Event, waiting: &VecDeque<Event>) -> Next {
        match event {
            Event::Message(Message::Request(request)) => self.request(request, waiting),
            Event::Message(Message::Notification(note)) if note.method == "exit" => {
                return Next::Exit;
            }
            Event::Message(Message::Notification(note)) => {
                let method = note.method.clone();
                self.guarded(&method, |server| server.notification(note));
            }
            Event::Message(Message::Response(response)) => {
                self.guarded("an answer", |server| server.response(response));
            }
            Event::Told(told) => self.guarded("what a registry said", |server| {
                server.look();
                let (id, answer) = pin::resolved(server, *told);
                server.send(response(id, answer).into());
            }),
            Event::Gone => return Next::Exit,
        }
        Next::Message
    }

    fn request(&mut self, request: Request, waiting: &VecDeque<Event>) {
        let Request { id, method, params } = request;
        let answer = if method == "shutdown" {
            self.shut_down = true;
            Ok(Value::Null)
        } else if self.shut_down {
            Err((
                ErrorCode::InvalidRequest,
                "the server is shut down".to_owned(),
            ))
        } else if is_cancelled(&id, waiting) {
            Err((ErrorCode::RequestCanceled, "cancelled".to_owned()))
        } else if method == "codeAction/resolve" {
            let own = id.clone();
            let question = self.guarded(&method, |server| {
                server.look();
                Some(pin::question(server, own, params))
            });
            match question {
                // The answer comes once the registry has answered.
                Some(Ok(question)) => return question.ask(self.events.0.clone()),
                Some(Err(fault)) => Err(fault),
                None => Err((ErrorCode::InternalError, format!("{method} failed"))),
            }
        } else {
            let answer = self.guarded(&method, |server| {
                server.look();
                Some(requests::answer(server, &method, params))
            });
            answer.unwrap_or_else(|| Err((ErrorCode::InternalError, format!("{method} failed"))))
        };
        self.send(response(id, answer).into());
    }

    fn notification(&mut self, note: Notification) {
        let method = note.method.clone();
        if let Err(fault) = requests::notice(self, &method, note.params) {
            self.complain(&format!("{method}: {fault}"));
        }
    }

    fn response(&mut self, response: Response) {
        let own = |name: &str| response.id.to_string().contains(name);
        if !own(CONFIGURE) {
            return;
        }
        let settings = response.response_result.ok();
        let settings = settings.as_ref().and_then(|value| value.get(0));
        if let Some(settings) = settings {
            self.configure(settings);
        }
    }

    /// Takes up settings.
    pub fn configure(&mut self, value: &Value) {
        match Settings::read(value) {
            Ok(None) => {}
            Ok(Some(settings)) if settings == self.settings => {}
            Ok(Some(settings)) => {
                let again = settings.config != self.settings.config;
                let scope = settings.diagnostics != self.settings.diagnostics;
                self.settings = settings;
                if again || scope {
                    let roots = self.folders.iter().filter(|folder| folder.alone.is_none());
                    let roots = roots.map(|folder| folder.root.clone()).collect();
                    self.folders.clear();
                    self.open_folders(roots);
                }
                self.refresh();
            }
            Err(fault) => self.complain(&fault),
        }
    }

    /// Asks for the settings, of clients that hand them out.
    pub fn ask_settings(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "taglint" }] });
            self.ask(CONFIGURE, "workspace/configuration", params);
        }
    }

    /// Asks to be told when files change that somebody else writes.
    fn watch(&mut self) {
        if !self.client.watches {
            return;
        }
        let globs = [
            "**/*.{yaml,yml,json,hcl,env,sh,mk}",
            "**/{.env,.env.*,Makefile,Kustomization,.gitignore,.ignore,.taglintignore}",
            "**/*{Dockerfile,dockerfile,Containerfile,Jenkinsfile}*",
        ];
        let watchers = globs.map(|glob| json!({ "globPattern": glob }));
        let registration = json!({
            "id": WATCH,
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        });
        let params = json!({ "registrations": [registration] });
        self.ask(WATCH, "client/registerCapability", params);
    }

    fn ask(&mut self, what: &str, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(format!("{what}/{}", self.asked));
        self.send(Request::new(id, method.to_owned(), params).into());
    }

    /// Lets the client ask again for what it shows between the lines.
    fn refresh(&mut self) {
        let (hints, lenses) = self.client.refreshes;
        if hints {
            self.ask("taglint/hints", "workspace/inlayHint/refresh", Value::Null);
        }
        if lenses {
            self.ask("taglint/lenses", "workspace/codeLens/refresh", Value::Null);
        }
    }

    /// Says something in the client's log.
    pub fn complain(&self, text: &str) {
        let params = json!({ "type": 2, "message": text });
        self.send(Notification::new("window/logMessage".to_owned(), params).into());
    }

    /// A client that has gone away ends the session by itself, as the next message is awaited.
    fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }

    fn tell(&self, method: &str, params: impl Serialize) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    /// The open texts, for whoever reads files.
    pub fn overlay(&self) -> Overlay {
        let mut overlay = Overlay::default();
        for (path, document) in self.documents.iter() {
            overlay.insert(path, document.text.clone());
        }
        overlay
    }

    /// Opens folders, and a place for each open file that lies in none.
    pub fn open_folders(&mut self, roots: Vec<PathBuf>) {
        for root in roots {
            if self
                .folders
                .iter()
                .any(|known| known.alone.is_none() && known.root == root)
            {
                continue;
            }
            self.folders.retain(|known| {
                known
                    .alone
                    .as_ref()
                    .is_none_or(|alone| !alone.starts_with(&root))
            });
            let shown = root
                .file_name()
                .unwrap_or(root.as_os_str())
                .to_string_lossy()
                .into_owned();
            self.progress(&format!("reading {shown}"), |server| {
                let folder = Folder::open(root, None, server.overlay(), &server.settings);
                server.folders.push(folder);
            });
        }
        let open: Vec<PathBuf> = self
            .documents
            .iter()
            .map(|(path, _)| path.to_owned())
            .collect();
        open.into_iter().for_each(|path| self.shelter(path));
    }

    /// Makes sure that a file is somebody's business.
    pub fn shelter(&mut self, path: PathBuf) {
        if self.folders.iter().any(|folder| folder.holds(&path)) {
            return;
        }
        if let Some(root) = path.parent().map(Path::to_owned) {
            let folder = Folder::open(root, Some(path), self.overlay(), &self.settings);
            self.folders.push(folder);
        }
    }

    /// Shows progress while something takes long.
    fn progress(&mut self, title: &str, act: impl FnOnce(&mut Self)) {
        if !self.client.progress {
            return act(self);
        }
        let token = format!("taglint/progress/{}", self.asked);
        self.ask(
            "taglint/progress",
            "window/workDoneProgress/create",
            json!({ "token": token }),
        );
        let value = json!({ "kind": "begin", "title": "taglint", "message": title });
        self.tell("$/progress", json!({ "token": token, "value": value }));
        act(self);
        let value = json!({ "kind": "end" });
        self.tell("$/progress", json!({ "token": token, "value": value }));
    }

    /// The folder that a file is looked at in: the innermost of those that hold it.
    pub fn folder_of(&self, path: &Path) -> Option<&Folder> {
        let holding = self.folders.iter().filter(|folder| folder.holds(path));
        holding.max_by_key(|folder| folder.root.as_os_str().len())
    }

    /// Hands changes to every folder that they may matter to.
    pub fn change(&mut self, changes: &[Change]) {
        for folder in &mut self.folders {
            let own = changes
                .iter()
                .filter(|(path, _)| folder.holds(path) || is_policy_above(path, &folder.root));
            folder.change(own.cloned().collect());
        }
    }

    /// Looks at whatever has changed, and tells what is new of it.
    pub fn look(&mut self) {
        let documents = &self.documents;
        let all = self.settings.diagnostics == Scope::Workspace;
        let seen = |path: &Path| all || documents.get(path).is_some();
        let folders = self.folders.iter_mut();
        let before: Vec<View> = folders.filter_map(|folder| folder.look(&seen)).collect();
        if std::mem::take(&mut self.retell) || !before.is_empty() {
            self.publish();
        }
        // Only now: letting go of a large project takes as long as a keystroke may.
        drop(before);
    }

    /// Tells findings at the next look, also if no file has changed: other files are open now.
    pub fn publish_again(&mut self) {
        self.retell = true;
    }

    fn publish(&mut self) {
        let mut now: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
        for folder in &self.folders {
            let mut drawing = Drawing::new(&folder.view, &self.client, &folder.root);
            let own = |path: &Path| {
                let innermost = self.folder_of(path);
                innermost.is_some_and(|other| std::ptr::eq(other, folder))
            };
            let mut draw = |path: &Path| {
                if let (Some(file), true) = (folder.view.file(path), own(path)) {
                    now.insert(path.to_owned(), drawing.file(file));
                }
            };
            match self.settings.diagnostics {
                Scope::Open => self.documents.iter().for_each(|(path, _)| draw(path)),
                Scope::Workspace => {
                    let files = folder.view.findings.iter().map(|finding| finding.at.file);
                    let files: HashSet<_> = files.collect();
                    let paths = files
                        .iter()
                        .filter_map(|file| folder.view.paths.get(file.0 as usize));
                    paths.for_each(|path| draw(path));
                }
            }
        }
        let before = std::mem::take(&mut self.told);
        for (path, diagnostics) in &now {
            let moved = self
                .documents
                .get(path)
                .is_some_and(|one| one.told != Some(one.version));
            let before = before.get(path).map_or(&[][..], Vec::as_slice);
            if moved || before != diagnostics.as_slice() {
                self.publish_one(path, diagnostics.clone());
            }
        }
        for path in before.keys().filter(|path| !now.contains_key(*path)) {
            self.publish_one(path, Vec::new());
        }
        now.retain(|_, diagnostics| !diagnostics.is_empty());
        self.told = now;
    }

    fn publish_one(&mut self, path: &Path, diagnostics: Vec<Diagnostic>) {
        let document = self.documents.get_mut(path);
        let (uri, version): (Uri, Option<i32>) = match document {
            Some(document) => {
                document.told = Some(document.version);
                (document.uri.clone(), Some(document.version))
            }
            None => (uri::of(path), None),
        };
        let params = PublishDiagnosticsParams {
            uri,
            version,
            diagnostics,
        };
        self.tell("textDocument/publishDiagnostics", params);
    }
}

fn response(id: RequestId, answer: Result<Value, (ErrorCode, String)>) -> Response {
    match answer {
        Ok(value) => Response::new_ok(id, value),
        Err((code, text)) => Response::new_err(id, code as i32, text),
    }
}

/// A policy in a folder above governs files below.
fn is_policy_above(path: &Path, root: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let above = path.parent().is_some_and(|folder| root.starts_with(folder));
    above && crate::workspace::policies::is_policy(&name)
}

/// Whether the client has taken a request back before it was come to.
fn is_cancelled(id: &RequestId, waiting: &VecDeque<Event>) -> bool {
    waiting.iter().any(|event| match event {
        Event::Message(Message::Notification(note)) if note.method == "$/cancelRequest" => {
            let cancelled = note.params.get("id").cloned().unwrap_or_default();
            serde_json::from_value::<RequestId>(cancelled).is_ok_and(|other| other == *id)
        }
        _ => false,
    })
}
