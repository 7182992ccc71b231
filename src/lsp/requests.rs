//! Which message is answered by what.

use std::path::PathBuf;

use gen_lsp_types::{
    CodeActionParams, CompletionParams, DefinitionParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, HoverParams, InlayHintParams, Uri,
};
use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::PLAN;
use super::documents::edited;
use super::server::Server;
use super::{actions, completion, definition, hints, hover, lens, links, uri};
use crate::report::plan::{html, sheets};

type Answer = Result<Value, (ErrorCode, String)>;

/// Answers a request.
///
/// # Errors
/// A method that is not offered, or parameters that cannot be read.
pub fn answer(server: &Server, method: &str, params: Value) -> Answer {
    let document = params.pointer("/textDocument/uri").and_then(Value::as_str);
    let path = document.and_then(|text| uri::path(&Uri(text.to_owned())));
    let Some(path) = path else {
        return match method {
            "workspace/executeCommand" => command(server, &params),
            // What is no file of this machine has nothing to say.
            known if known.starts_with("textDocument/") && document.is_some() => Ok(Value::Null),
            _ => Err(unknown(method)),
        };
    };
    Ok(match method {
        "textDocument/hover" => hover::answer(server, &path, &read::<HoverParams>(params)?),
        "textDocument/definition" => {
            definition::answer(server, &path, &read::<DefinitionParams>(params)?)
        }
        "textDocument/inlayHint" => hints::answer(server, &path, &read::<InlayHintParams>(params)?),
        "textDocument/codeAction" => {
            actions::answer(server, &path, &read::<CodeActionParams>(params)?)
        }
        "textDocument/completion" => {
            completion::answer(server, &path, &read::<CompletionParams>(params)?)
        }
        "textDocument/codeLens" => lens::answer(server, &path),
        "textDocument/documentLink" => links::answer(server, &path),
        _ => return Err(unknown(method)),
    })
}

fn unknown(method: &str) -> (ErrorCode, String) {
    (
        ErrorCode::MethodNotFound,
        format!("{method} is not offered"),
    )
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, (ErrorCode, String)> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn command(server: &Server, params: &Value) -> Answer {
    let name = params.get("command").and_then(Value::as_str);
    if name != Some(PLAN) {
        let name = name.unwrap_or_default();
        return Err((
            ErrorCode::InvalidParams,
            format!("there is no command `{name}`"),
        ));
    }
    let document = params.pointer("/arguments/0").and_then(Value::as_str);
    let path = document.and_then(|text| uri::path(&Uri(text.to_owned())));
    let folder = path.as_deref().and_then(|path| server.folder_of(path));
    let Some(folder) = folder else {
        let text = format!("`{PLAN}` takes the URI of a file in an open folder");
        return Err((ErrorCode::InvalidParams, text));
    };
    let name = folder
        .root
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let page = html::render(&sheets(&folder.view.project));
    Ok(json!({ "title": format!("What {name} publishes"), "html": page }))
}

/// Takes up a notification.
///
/// # Errors
/// Parameters that cannot be read.
pub fn notice(server: &mut Server, method: &str, params: Value) -> Result<(), String> {
    match method {
        "textDocument/didOpen" => opened(server, take(params)?),
        "textDocument/didChange" => changed(server, take(params)?),
        "textDocument/didClose" => closed(server, &take(params)?),
        "textDocument/didSave" => {
            let params: DidSaveTextDocumentParams = take(params)?;
            // A file that is new on disk may now be one of those that ignore files leave out.
            let path = uri::path(&params.text_document.uri);
            let text = path
                .as_ref()
                .and_then(|path| Some(server.documents.get(path)?.text.clone()));
            server.change(
                &path
                    .map(|path| (path, text))
                    .into_iter()
                    .collect::<Vec<_>>(),
            );
        }
        "workspace/didChangeWatchedFiles" => {
            let params: DidChangeWatchedFilesParams = take(params)?;
            let paths = params
                .changes
                .iter()
                .filter_map(|change| uri::path(&change.uri));
            // What is open is as the editor has it.
            let unopened = paths.filter(|path| server.documents.get(path).is_none());
            let changes: Vec<_> = unopened.map(|path| (path, None)).collect();
            server.change(&changes);
        }
        "workspace/didChangeWorkspaceFolders" => {
            let params: DidChangeWorkspaceFoldersParams = take(params)?;
            let paths = |list: &[gen_lsp_types::WorkspaceFolder]| -> Vec<PathBuf> {
                list.iter()
                    .filter_map(|folder| uri::path(&folder.uri))
                    .collect()
            };
            let removed = paths(&params.event.removed);
            server
                .folders
                .retain(|folder| folder.alone.is_some() || !removed.contains(&folder.root));
            server.open_folders(paths(&params.event.added));
            server.publish_again();
        }
        "workspace/didChangeConfiguration" => {
            if let Some(settings) = params.get("settings") {
                server.configure(settings);
            }
            // Newer clients only say that something has changed.
            server.ask_settings();
        }
        // Whatever else clients tell, such as `$/setTrace`, changes nothing here.
        _ => {}
    }
    Ok(())
}

fn take<T: DeserializeOwned>(params: Value) -> Result<T, String> {
    serde_json::from_value(params).map_err(|error| error.to_string())
}

fn opened(server: &mut Server, params: DidOpenTextDocumentParams) {
    let document = params.text_document;
    let Some(path) = uri::path(&document.uri) else {
        return;
    };
    let (version, text) = (document.version, document.text);
    server
        .documents
        .open(path.clone(), document.uri, version, text);
    let text = server
        .documents
        .get(&path)
        .map(|document| document.text.clone());
    server.change(&[(path.clone(), text)]);
    server.shelter(path);
    server.publish_again();
}

fn changed(server: &mut Server, params: DidChangeTextDocumentParams) {
    let Some(path) = uri::path(&params.text_document.text_document_identifier.uri) else {
        return;
    };
    let encoding = server.client.encoding;
    let Some(document) = server.documents.get_mut(&path) else {
        return;
    };
    document.text = edited(&document.text, params.content_changes, encoding).into();
    document.version = params.text_document.version;
    let text = document.text.clone();
    server.change(&[(path, Some(text))]);
}

fn closed(server: &mut Server, params: &DidCloseTextDocumentParams) {
    let Some(path) = uri::path(&params.text_document.uri) else {
        return;
    };
    server.documents.close(&path);
    server
        .folders
        .retain(|folder| folder.alone.as_ref() != Some(&path));
    server.change(&[(path, None)]);
    server.publish_again();
}
