//! The language server, by its protocol: a client that speaks to the built binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod client;
mod edits;
mod neovim;
#[path = "../tools/mod.rs"]
mod tools;

use client::{Client, apply, rules};
use serde_json::{Value, json};

/// Three variants that push one `latest`: see `taglint explain contested-tag`.
const WORKFLOW: &str = r#"on:
  push: { tags: ["v*"] }
jobs:
  image:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        suffix: ["", "-slim"]
    steps:
      - uses: actions/checkout@v5
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: acme/app
          flavor: |
            suffix=${{ matrix.suffix }}
          tags: |
            type=semver,pattern={{version}}
      - uses: docker/build-push-action@v6
        with:
          push: true
          file: Dockerfile${{ matrix.suffix }}
          tags: ${{ steps.meta.outputs.tags }}
"#;
const PATH: &str = ".github/workflows/release.yml";
const PROD: &str = "prod/web.yml";

fn compose(image: &str) -> String {
    format!("services:\n  web:\n    image: {image}\n")
}

fn at(line: u32, character: u32) -> Value {
    json!({ "position": { "line": line, "character": character } })
}

fn whole() -> Value {
    json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } })
}

#[test]
fn findings_follow_the_unsaved_text() {
    let mut client = Client::start(&[(PROD, &compose("nginx:1.27.4"))]);
    assert_eq!(client.offered["capabilities"]["positionEncoding"], "utf-8");
    assert!(client.open_saved(PROD).is_empty());
    // Typed letter by letter: `nginx:1.27.4` becomes `nginx:latest`.
    let edit = |from: u32, to: u32, text: &str| {
        json!([{ "range": { "start": { "line": 2, "character": from },
                            "end": { "line": 2, "character": to } }, "text": text }])
    };
    client.change(PROD, edit(17, 23, ""));
    for (index, letter) in "latest".chars().enumerate() {
        client.change(
            PROD,
            edit(17 + index as u32, 17 + index as u32, &letter.to_string()),
        );
    }
    let found = loop {
        let found = client.diagnostics(PROD);
        if rules(&found) == ["floating-tag"] {
            break found;
        }
    };
    assert_eq!(found[0]["severity"], 2);
    assert_eq!(found[0]["source"], "taglint");
    assert_eq!(
        found[0]["range"],
        json!({ "start": { "line": 2, "character": 11 }, "end": { "line": 2, "character": 23 } })
    );
    // Its page is a file that is there.
    let page = found[0]["codeDescription"]["href"].as_str().unwrap();
    let page = std::fs::read_to_string(page.strip_prefix("file://").unwrap()).unwrap();
    assert!(page.starts_with("# floating-tag\n"), "{page}");
    client.tell(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": client.uri(PROD) } }),
    );
    assert!(client.diagnostics(PROD).is_empty());
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn columns_are_those_that_were_agreed() {
    let text = "services:\n  b: {labels: {名: \"😀\"}, image: nginx:latest}\n";
    for (encodings, kind, column) in [
        (&["utf-16"][..], "utf-16", 32),
        (&[], "utf-16", 32),
        (&["utf-16", "utf-8"], "utf-8", 36),
        (&["utf-32"], "utf-32", 31),
    ] {
        let mut client = Client::start_with(&[(PROD, text)], &json!({}), encodings);
        assert_eq!(client.offered["capabilities"]["positionEncoding"], kind);
        let found = client.open_saved(PROD);
        assert_eq!(
            found[0]["range"]["start"],
            json!({ "line": 1, "character": column }),
            "{kind}"
        );
    }
}

#[test]
fn rules_over_several_files_are_live() {
    let other = WORKFLOW.replace(
        "suffix=${{ matrix.suffix }}",
        "suffix=${{ matrix.suffix }},onlatest=true",
    );
    let mut client = Client::start(&[
        (PATH, &other),
        ("Dockerfile", "FROM alpine:3.22\n"),
        ("Dockerfile-slim", "FROM alpine:3.22\n"),
    ]);
    assert!(!rules(&client.open_saved(PATH)).contains(&"contested-tag"));
    // A second workflow that pushes the same tags makes the first one's contested.
    const SECOND: &str = ".github/workflows/second.yml";
    client.write(SECOND, &other);
    let change = json!({ "changes": [{ "uri": client.uri(SECOND), "type": 1 }] });
    client.tell("workspace/didChangeWatchedFiles", change);
    let found = client.diagnostics(PATH);
    assert!(rules(&found).contains(&"contested-tag"), "{found:?}");
    let related = found
        .iter()
        .flat_map(|one| one["relatedInformation"].as_array().unwrap().clone());
    let elsewhere = related.filter(|one| one["location"]["uri"] == client.uri(SECOND));
    assert!(elsewhere.count() > 0, "{found:?}");
    // Opened and changed without being saved, it is innocent again.
    client.open(SECOND, &other);
    client.change(
        SECOND,
        json!([{ "text": other.replace("acme/app", "acme/other") }]),
    );
    loop {
        if !rules(&client.diagnostics(PATH)).contains(&"contested-tag") {
            break;
        }
    }
    std::fs::remove_file(client.path(SECOND)).unwrap();
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn policies_and_env_files_are_watched() {
    let mut client = Client::start(&[
        ("app/compose.yml", &compose("acme/app:${TAG}")),
        ("app/.env", "TAG=1.2.3\n"),
        (
            "taglint.yaml",
            "version: 1\nenvironments: { production: { paths: [app/**] } }\n",
        ),
    ]);
    let registered = client.asked("client/registerCapability");
    assert_eq!(
        registered.params["registrations"][0]["method"],
        "workspace/didChangeWatchedFiles"
    );
    assert!(client.open_saved("app/compose.yml").is_empty());
    client.write("app/.env", "TAG=latest\n");
    let changed = |client: &Client, path: &str| json!({ "changes": [{ "uri": client.uri(path), "type": 2 }] });
    let change = changed(&client, "app/.env");
    client.tell("workspace/didChangeWatchedFiles", change);
    assert_eq!(
        rules(&client.diagnostics("app/compose.yml")),
        ["floating-tag"]
    );
    // The policy, in the editor and not saved: the rule is off, then the policy is no policy.
    let policy = "version: 1\nrules: { floating-tag: off }\nenvironments: { production: { paths: [app/**] } }\n";
    client.open("taglint.yaml", policy);
    client.change(
        "app/compose.yml",
        json!([{ "text": compose("acme/app:${TAG}") }]),
    );
    assert!(client.diagnostics("app/compose.yml").is_empty());
    client.change(
        "taglint.yaml",
        json!([{ "text": policy.replace("rules", "rulse") }]),
    );
    let found = client.diagnostics("taglint.yaml");
    assert_eq!(rules(&found), ["invalid-policy"]);
    assert!(
        found[0]["message"].as_str().unwrap().contains("`rules`"),
        "{found:?}"
    );
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn actions_mend_and_suppress() {
    let mut client = Client::start(&[
        (PATH, WORKFLOW),
        ("Dockerfile", "FROM alpine:3.22\n"),
        ("Dockerfile-slim", "FROM alpine:3.22\n"),
    ]);
    let found = client.open_saved(PATH);
    assert!(rules(&found).contains(&"contested-tag"), "{found:?}");
    let actions = client.ask_about(
        "textDocument/codeAction",
        PATH,
        json!({ "range": whole(), "context": { "diagnostics": [], "only": ["quickfix"] } }),
    );
    let actions = actions.as_array().unwrap().clone();
    let titled = |word: &str| {
        let of = |action: &&Value| action["title"].as_str().unwrap().contains(word);
        actions
            .iter()
            .find(of)
            .unwrap_or_else(|| panic!("no {word}: {actions:#?}"))
            .clone()
    };
    let mend = titled("onlatest=true");
    assert_eq!(mend["isPreferred"], true);
    assert_eq!(
        mend["edit"]["documentChanges"][0]["textDocument"]["version"],
        1
    );
    let mended = apply(WORKFLOW, &mend["edit"]);
    assert_eq!(
        mended,
        WORKFLOW.replacen("matrix.suffix }}", "matrix.suffix }},onlatest=true", 1)
    );
    let all = client.ask_about(
        "textDocument/codeAction",
        PATH,
        json!({ "range": whole(), "context": { "diagnostics": [], "only": ["source.fixAll"] } }),
    );
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["kind"], "source.fixAll.taglint");
    assert_eq!(apply(WORKFLOW, &all[0]["edit"]), mended);
    client.change(PATH, json!([{ "text": mended }]));
    assert!(!rules(&client.diagnostics(PATH)).contains(&"contested-tag"));
    // Suppressed by its comment, a finding is gone.
    let quiet = apply(WORKFLOW, &titled("contested-tag: suppress")["edit"]);
    assert!(
        quiet.contains("# taglint: ignore[contested-tag] accepted for now\n"),
        "{quiet}"
    );
    client.change(PATH, json!([{ "text": quiet }]));
    assert!(!rules(&client.diagnostics(PATH)).contains(&"contested-tag"));
    // The comment names a rule, which leads to its page.
    let links = client.ask_about("textDocument/documentLink", PATH, json!({}));
    assert!(
        links[0]["target"]
            .as_str()
            .unwrap()
            .ends_with("/contested-tag.md")
    );
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn plans_are_shown_between_the_lines() {
    let good = WORKFLOW.replace(
        "suffix=${{ matrix.suffix }}",
        "suffix=${{ matrix.suffix }},onlatest=true",
    );
    let mut client = Client::start(&[
        (PATH, &good),
        ("Dockerfile", "FROM alpine:3.22\n"),
        ("Dockerfile-slim", "FROM alpine:3.22\n"),
    ]);
    client.open_saved(PATH);
    let hints = client.ask_about("textDocument/inlayHint", PATH, json!({ "range": whole() }));
    let hints: Vec<(u64, &str)> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| {
            (
                hint["position"]["line"].as_u64().unwrap(),
                hint["label"].as_str().unwrap(),
            )
        })
        .collect();
    let line = |word: &str| good.lines().position(|line| line.contains(word)).unwrap() as u64;
    assert!(
        hints.iter().any(|(at, _)| *at == line("type=semver")),
        "{hints:?}"
    );
    let tags = hints
        .iter()
        .find(|(at, _)| *at == line("steps.meta.outputs.tags"))
        .unwrap()
        .1;
    assert_eq!(
        tags,
        "→ release v1.2.3: 1.2.3, 1.2.3-slim, latest, latest-slim · 2 more events"
    );
    let lenses = client.ask_about("textDocument/codeLens", PATH, json!({}));
    assert_eq!(lenses.as_array().unwrap().len(), 1);
    let command = &lenses[0]["command"];
    assert_eq!(
        command["title"],
        "publishes 4 tags on release v1.2.3, 2 on pre-release v1.2.3-rc.1, 4 on backport v1.1.9"
    );
    assert_eq!(command["command"], "taglint.showPlan");
    let page = client
        .ask(
            "workspace/executeCommand",
            json!({ "command": "taglint.plan", "arguments": command["arguments"] }),
        )
        .unwrap();
    assert!(page["html"].as_str().unwrap().contains("latest-slim"));
    let hover = client.ask_about(
        "textDocument/hover",
        PATH,
        at(line("type=semver") as u32, 14),
    );
    let said = hover["contents"]["value"].as_str().unwrap();
    assert!(
        said.contains("release v1.2.3: `1.2.3`, `1.2.3-slim`, `latest`"),
        "{said}"
    );
    // The Dockerfile of a build, by its name.
    let place = client.ask_about(
        "textDocument/definition",
        PATH,
        at(line("file:") as u32, 18),
    );
    assert_eq!(place[0]["uri"], client.uri("Dockerfile"));
    // Switched off, they are gone.
    client.tell(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "taglint": { "inlayHints": false, "codeLens": false } } }),
    );
    assert_eq!(
        client.ask_about("textDocument/inlayHint", PATH, json!({ "range": whole() })),
        json!([])
    );
    assert_eq!(
        client.ask_about("textDocument/codeLens", PATH, json!({})),
        json!([])
    );
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn an_image_leads_to_what_publishes_it() {
    let good = WORKFLOW.replace(
        "suffix=${{ matrix.suffix }}",
        "suffix=${{ matrix.suffix }},onlatest=true",
    );
    let mut client = Client::start(&[
        (PATH, &good),
        (PROD, &compose("acme/app:latest-slim")),
        ("prod/other.yml", &compose("acme/app:1.4.2-slim")),
        ("prod/third.yml", &compose("acme/app:1.4.2")),
    ]);
    client.open_saved(PROD);
    let places = client.ask_about("textDocument/definition", PROD, at(2, 20));
    assert_eq!(places.as_array().unwrap().len(), 1);
    assert_eq!(places[0]["uri"], client.uri(PATH));
    let line = good
        .lines()
        .position(|line| line.contains("type=semver"))
        .unwrap();
    assert_eq!(places[0]["range"]["start"]["line"], line);
    let hover = client.ask_about("textDocument/hover", PROD, at(2, 20));
    let said = hover["contents"]["value"].as_str().unwrap();
    for wanted in [
        "**`acme/app:latest-slim`**",
        "channel `latest`, variant `slim`; not pinned: it moves with every release",
        "service web: production, because of the folder `prod`",
        "versions that other files here name: `1.4.2-slim`",
        "published from `.github/workflows/release.yml:18`",
        "release v1.2.3: `latest-slim`",
    ] {
        assert!(said.contains(wanted), "no {wanted} in\n{said}");
    }
    // A version that CI would publish under another name leads to the entry of its variant.
    client.open_saved("prod/other.yml");
    let places = client.ask_about("textDocument/definition", "prod/other.yml", at(2, 20));
    assert_eq!(places[0]["uri"], client.uri(PATH));
    // Tags of the image, offered after its colon.
    client.change(PROD, json!([{ "text": compose("acme/app:") }]));
    let items = client.ask_about("textDocument/completion", PROD, at(2, 20));
    let labels: Vec<&str> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["1.4.2-slim", "1.4.2", "latest", "latest-slim"]);
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn policies_are_completed_and_explained() {
    let mut client = Client::start(&[]);
    let text = "version: 1\nrules:\n  floating-tag: error\nenvironments:\n  production: { require:  }\nsch\n";
    client.open("taglint.yaml", text);
    let mut labels = |line: u32, character: u32| -> Vec<String> {
        let items = client.ask_about(
            "textDocument/completion",
            "taglint.yaml",
            at(line, character),
        );
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["label"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(labels(5, 3).contains(&"schemes".to_owned()));
    assert!(labels(2, 6).contains(&"contested-tag".to_owned()));
    assert_eq!(labels(2, 16), ["off", "info", "warning", "error"]);
    assert!(
        labels(4, 25).contains(&"digest".to_owned()),
        "{:?}",
        labels(4, 25)
    );
    let hover = client.ask_about("textDocument/hover", "taglint.yaml", at(4, 19));
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .starts_with("**require**"),
        "{hover}"
    );
    let hover = client.ask_about("textDocument/hover", "taglint.yaml", at(2, 6));
    assert!(
        hover["contents"]["value"]
            .as_str()
            .unwrap()
            .starts_with("# floating-tag"),
        "{hover}"
    );
    // A rule in a comment.
    client.open(PROD, "a: 1 # taglint: ignore[floa\n");
    let items = client.ask_about("textDocument/completion", PROD, at(0, 27));
    assert!(
        items
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["label"] == "floating-tag")
    );
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn several_folders_and_files_outside_of_them() {
    let mut client = Client::start(&[(PROD, &compose("nginx:1.27.4"))]);
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("prod.yml");
    std::fs::write(&path, compose("nginx:latest")).unwrap();
    let uri = format!("file://{}", path.display());
    let open =
        json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": compose("nginx:latest") });
    client.tell("textDocument/didOpen", json!({ "textDocument": open }));
    // By itself, a file that lies in no folder; then in one that is added.
    let outside = path.to_string_lossy().into_owned();
    assert_eq!(rules(&client.diagnostics(&outside)), ["floating-tag"]);
    let policy = "version: 1\nrules: { floating-tag: error }\n";
    std::fs::write(other.path().join("taglint.yaml"), policy).unwrap();
    let folder = json!({ "uri": format!("file://{}", other.path().display()), "name": "other" });
    client.tell(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": [folder], "removed": [] } }),
    );
    assert_eq!(client.diagnostics(&outside)[0]["severity"], 1);
    client.tell(
        "workspace/didChangeWorkspaceFolders",
        json!({ "event": { "added": [], "removed": [folder] } }),
    );
    // Open still, it is looked at by itself; closed, nothing is said of it.
    client.tell(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert!(client.diagnostics(&outside).is_empty());
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn whole_folders_are_told_when_asked_for() {
    let options = json!({ "diagnostics": "workspace" });
    let mut client = Client::start_with(&[(PROD, &compose("nginx:latest"))], &options, &[]);
    assert_eq!(rules(&client.diagnostics(PROD)), ["floating-tag"]);
    assert_eq!(client.stop(), Some(0));
}

#[test]
fn requests_are_cancelled_and_faults_answered() {
    let mut client = Client::start(&[(PATH, WORKFLOW)]);
    client.open_saved(PATH);
    // In one piece, so that the server sees the cancellation before it comes to the request.
    let message = |value: Value| {
        let text = value.to_string();
        format!("Content-Length: {}\r\n\r\n{text}", text.len())
    };
    let params = json!({ "textDocument": { "uri": client.uri(PATH) }, "range": whole() });
    let edit = json!({ "textDocument": { "uri": client.uri(PATH), "version": 9 },
                       "contentChanges": [{ "text": WORKFLOW.replace("acme", "other") }] });
    let mut burst =
        message(json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": edit }));
    for id in 1000..1020 {
        burst.push_str(&message(json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/inlayHint", "params": params })));
    }
    burst.push_str(&message(
        json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": 1019 } }),
    ));
    client.send_raw(burst.as_bytes());
    for id in 1000..1019 {
        client.answer(&id.into()).unwrap();
    }
    let last = client.answer(&1019.into()).unwrap_err();
    assert!(last.starts_with("-32800"), "{last}");
    let unknown = client.ask(
        "textDocument/rename",
        json!({ "textDocument": { "uri": client.uri(PATH) } }),
    );
    assert!(unknown.unwrap_err().starts_with("-32601"));
    let bad = client.ask(
        "textDocument/hover",
        json!({ "textDocument": { "uri": client.uri(PATH) } }),
    );
    assert!(bad.unwrap_err().starts_with("-32602"));
    // What cannot be read is said in the log, and the session goes on.
    client.tell("textDocument/didOpen", json!({ "textDocument": 1 }));
    assert!(
        client.heard("window/logMessage")["message"]
            .as_str()
            .unwrap()
            .contains("didOpen")
    );
    client.ask_about("textDocument/codeLens", PATH, json!({}));
    client.ask("shutdown", Value::Null).unwrap();
    let late = client.ask("textDocument/hover", json!({}));
    assert!(late.unwrap_err().starts_with("-32600"));
    // Exit without shutdown, or no word at all, is status 1.
    assert_eq!(Client::start(&[]).vanish(), Some(1));
}

#[test]
fn no_text_ends_the_session() {
    let mut client = Client::start(&[(PROD, &compose("nginx"))]);
    client.open_saved(PROD);
    let deep = "[".repeat(5000);
    let texts = [
        "",
        "\u{feff}image: a",
        "image: [",
        "a: &a [*a]\n",
        "\0\u{1b}[31m",
        "services: {web: {image: \"nginx:\\",
        "- - - - -\n: :",
        "%YAML 9.9\n---\n",
        "services:\r  web:\r    image: nginx:latest\r",
        &deep,
        "services: &s\n  web: {<<: *s, image: ${${${}}}}\n",
        "image: ${TAG:-${TAG:-${TAG}}}",
    ];
    for text in texts {
        client.change(PROD, json!([{ "text": text }]));
        for (method, more) in [
            ("textDocument/hover", at(0, 3)),
            ("textDocument/completion", at(0, 3)),
            ("textDocument/definition", at(7, 9)),
            (
                "textDocument/codeAction",
                json!({ "range": whole(), "context": { "diagnostics": [] } }),
            ),
            ("textDocument/inlayHint", json!({ "range": whole() })),
            ("textDocument/codeLens", json!({})),
            ("textDocument/documentLink", json!({})),
        ] {
            client.ask_about(method, PROD, more);
        }
    }
    assert_eq!(client.stop(), Some(0));
}
