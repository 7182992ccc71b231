//! Pinning from the editor: an action that, once it is chosen, asks the registry what a floating
//! reference stands for now. The session goes on while the registry is asked.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use gen_lsp_types::{CodeAction, Uri};
use lsp_server::{ErrorCode, RequestId};
use serde_json::{Value, json};

use super::folder::View;
use super::lines::Lines;
use super::server::{Event, Server};
use super::{actions, uri};
use crate::facts::ImageUse;
use crate::finding::{Applicability, Finding, Level};
use crate::fix;
use crate::image::ImageRef;
use crate::pinning::{self, Goal, Scope, Task};
use crate::policy::Affix;
use crate::registry::{Answer, Cache, Client, Options, Resolver};
use crate::source::{FileId, Span};

/// How long a registry may take, all questions together.
const PATIENCE: Duration = Duration::from_secs(20);

fn goal(digest: bool) -> Goal {
    Goal::Pin {
        digest,
        partial: true,
    }
}

/// The actions for references on some lines of a file; what each writes is asked when it is chosen.
pub fn offers(
    view: &View,
    file: FileId,
    lines: &Lines<'_>,
    asked: Span,
    uri: &Uri,
    version: i32,
) -> Vec<CodeAction> {
    let mut offers = Vec::new();
    let everything = Scope {
        everywhere: true,
        ..Scope::default()
    };
    for digest in [false, true] {
        for task in pinning::tasks(&view.project, goal(digest), &everything) {
            let at = task.found.at;
            let line = lines.line_of(at.span.start);
            let here = (lines.line_of(asked.start)..=lines.line_of(asked.end)).contains(&line);
            if at.file != file || !here {
                continue;
            }
            let what = if digest {
                "its digest"
            } else {
                "the version that it stands for"
            };
            let image = task.image.familiar();
            offers.push(CodeAction {
                title: format!("pin {image} to {what}: ask the registry"),
                kind: Some(gen_lsp_types::CodeActionKind::QuickFix),
                data: Some(json!({
                    "uri": uri,
                    "version": version,
                    "start": at.span.start,
                    "end": at.span.end,
                    "digest": digest,
                })),
                ..CodeAction::default()
            });
        }
    }
    offers
}

/// A question under way.
pub struct Question {
    id: RequestId,
    action: Value,
    path: PathBuf,
    version: i32,
    found: ImageUse,
    image: ImageRef,
    variant: Option<Affix>,
    digest: bool,
}

/// What a registry said.
pub struct Told {
    question: Question,
    answer: Answer,
}

/// Reads a chosen action.
///
/// # Errors
/// It is none of these, or the text has changed since it was offered.
pub fn question(
    server: &Server,
    id: RequestId,
    action: Value,
) -> Result<Question, (ErrorCode, String)> {
    let none = || {
        (
            ErrorCode::InvalidParams,
            "that is no action to resolve".to_owned(),
        )
    };
    let data = action.get("data").ok_or_else(none)?;
    let number = |name: &str| {
        data.get(name)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    let own = data.get("uri").and_then(Value::as_str).ok_or_else(none)?;
    let path = uri::path(&Uri(own.to_owned())).ok_or_else(none)?;
    let (start, end) = number("start").zip(number("end")).ok_or_else(none)?;
    let digest = data.get("digest") == Some(&Value::Bool(true));
    let version = data.get("version").and_then(Value::as_i64);
    let modified = || {
        (
            ErrorCode::ContentModified,
            "the text has changed".to_owned(),
        )
    };
    let document = server.documents.get(&path).ok_or_else(modified)?;
    if version != Some(i64::from(document.version)) {
        return Err(modified());
    }
    let view = &server.folder_of(&path).ok_or_else(modified)?.view;
    let task = task(view, &path, Span::new(start, end), digest).ok_or_else(modified)?;
    Ok(Question {
        id,
        version: document.version,
        found: task.found.clone(),
        image: task.image.clone(),
        variant: task.variant.clone(),
        action,
        path,
        digest,
    })
}

fn task<'v>(view: &'v View, path: &Path, span: Span, digest: bool) -> Option<Task<'v>> {
    let file = view.file(path)?;
    let everything = Scope {
        everywhere: true,
        ..Scope::default()
    };
    let tasks = pinning::tasks(&view.project, goal(digest), &everything);
    let mut here = tasks.into_iter().filter(|task| task.found.at.file == file);
    here.find(|task| task.found.at.span == span)
}

impl Question {
    /// Asks, beside everything else.
    pub fn ask(self, events: Sender<Event>) {
        std::thread::spawn(move || {
            let answer = match client() {
                Ok(client) => {
                    let task = Task {
                        found: &self.found,
                        image: &self.image,
                        variant: self.variant.clone(),
                    };
                    Resolver::new(client, goal(self.digest)).answer(&task)
                }
                Err(reason) => Answer::Failed(reason),
            };
            let told = Told {
                question: self,
                answer,
            };
            // Nobody listens any more once the session is over.
            let _ = events.send(Event::Told(Box::new(told)));
        });
    }
}

fn client() -> Result<Client, String> {
    let authorities = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let options = Options {
        authorities: authorities.map(PathBuf::from),
        cache: Cache::of_user(),
        timeout: PATIENCE,
        ..Options::default()
    };
    Client::new(options).map_err(|error| error.to_string())
}

/// The action with its edit, for the request that asked for it.
pub fn resolved(server: &Server, told: Told) -> (RequestId, Result<Value, (ErrorCode, String)>) {
    let Told { question, answer } = told;
    let id = question.id.clone();
    let refused = |reason: String| Err((ErrorCode::RequestFailed, reason));
    let pinned = match answer {
        Answer::As(pinned) => pinned,
        Answer::Good => return (id, refused("it is pinned already".to_owned())),
        Answer::None(reason) | Answer::Failed(reason) => {
            let image = question.image.familiar();
            return (id, refused(format!("{image}: {reason}")));
        }
    };
    let document = server.documents.get(&question.path);
    let document = document.filter(|one| one.version == question.version);
    let folder = server.folder_of(&question.path);
    let (Some(document), Some(folder)) = (document, folder) else {
        let text = "the text has changed while the registry was asked".to_owned();
        return (id, Err((ErrorCode::ContentModified, text)));
    };
    let view = &folder.view;
    let span = question.found.at.span;
    let Some(task) = task(view, &question.path, span, question.digest) else {
        return (id, refused("it is pinned already".to_owned()));
    };
    let edit = match pinning::edit(&view.project, &task, &pinned) {
        Ok(edit) => edit,
        Err(reason) => return (id, refused(reason.to_owned())),
    };
    let finding = Finding::new("pin", Level::Info, task.found.at, "");
    let mut findings = [finding.fix(Applicability::Safe, vec![edit])];
    fix::settle(&view.project, &mut findings);
    let [Finding { fix: Some(fix), .. }] = findings else {
        return (
            id,
            refused("it cannot be written there without changing something else".to_owned()),
        );
    };
    let lines = Lines::new(&document.text, server.client.encoding);
    let edits = fix.edits.iter().map(|edit| gen_lsp_types::TextEdit {
        range: lines.range(edit.at.span),
        new_text: edit.text.clone(),
    });
    let edit = actions::workspace_edit(&server.client, document, edits.collect());
    let mut action = question.action;
    if let Some(action) = action.as_object_mut() {
        action.insert(
            "edit".to_owned(),
            serde_json::to_value(edit).unwrap_or_default(),
        );
    }
    (id, Ok(action))
}
