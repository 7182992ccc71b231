//! The editor's action that pins a reference: asked of the language server, answered by a real registry.

use serde_json::{Value, json};

use super::push::{Repository, nanomq};
use super::server::Server;

#[path = "../lsp/client.rs"]
#[allow(dead_code)]
mod client;

use client::{Client, apply};

const PATH: &str = "prod/web.yml";

fn text(image: &str) -> String {
    format!("services:\n  web:\n    image: \"{image}\" # 名\n")
}

/// The actions that pin, by what they pin to.
fn offered(client: &mut Client) -> Vec<Value> {
    let range =
        json!({ "start": { "line": 2, "character": 9 }, "end": { "line": 2, "character": 9 } });
    let params = json!({ "range": range, "context": { "diagnostics": [] } });
    let actions = client.ask_about("textDocument/codeAction", PATH, params);
    let pins = |action: &&Value| action["title"].as_str().unwrap().starts_with("pin ");
    actions
        .as_array()
        .unwrap()
        .iter()
        .filter(pins)
        .cloned()
        .collect()
}

#[test]
fn a_reference_is_pinned_from_the_editor() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.8", "0.24.9"], &["", "-slim"]);
    let image = format!("{}/emqx/nanomq:latest-slim", server.host());
    let written = text(&image);
    let mut client = Client::start(&[(PATH, &written)]);
    assert_eq!(
        client.offered["capabilities"]["codeActionProvider"]["resolveProvider"],
        true
    );
    client.open_saved(PATH);
    let actions = offered(&mut client);
    assert_eq!(actions.len(), 2, "{actions:#?}");
    assert!(
        actions.iter().all(|action| action.get("edit").is_none()),
        "nothing is asked unasked"
    );
    let version = client
        .ask("codeAction/resolve", actions[0].clone())
        .unwrap();
    assert_eq!(
        apply(&written, &version["edit"]),
        written.replace("latest-slim", "0.24.9-slim")
    );
    let digest = client
        .ask("codeAction/resolve", actions[1].clone())
        .unwrap();
    let pinned = apply(&written, &digest["edit"]);
    assert!(
        pinned.contains(":0.24.9-slim@sha256:") && pinned.ends_with("\" # 名\n"),
        "{pinned}"
    );
    // The text has changed since: the action is no longer about it.
    client.change(
        PATH,
        json!([{ "text": text(&image.replace("slim", "none")) }]),
    );
    let stale = client
        .ask("codeAction/resolve", actions[0].clone())
        .unwrap_err();
    assert!(stale.starts_with("-32801"), "{stale}");
    // A tag that is not there is told, and so is a registry that is not.
    let missing = offered(&mut client);
    let told = client
        .ask("codeAction/resolve", missing[0].clone())
        .unwrap_err();
    assert!(
        told.starts_with("-32803") && told.contains("no such tag"),
        "{told}"
    );
    client.change(PATH, json!([{ "text": text("127.0.0.1:1/app:latest") }]));
    let gone = offered(&mut client);
    // The session goes on while a registry is asked.
    let id = client.request("codeAction/resolve", gone[0].clone());
    client.ask_about("textDocument/codeLens", PATH, json!({}));
    let told = client.answer(&id).unwrap_err();
    assert!(told.starts_with("-32803"), "{told}");
    let none = client
        .ask("codeAction/resolve", json!({ "title": "x" }))
        .unwrap_err();
    assert!(none.starts_with("-32602"), "{none}");
    assert_eq!(client.stop(), Some(0));
}
