//! Many edits in a row: no text ends the session, and what is known after them is what a new session
//! finds in the same texts.

use serde_json::{Value, json};

use super::client::Client;
use super::{PATH, PROD, WORKFLOW, at, compose, whole};

/// A generator of numbers that are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// What is typed: parts that matter, parts that break, parts that are neither.
const PARTS: &[&str] = &[
    "",
    " ",
    "\n",
    ":",
    "latest",
    "-slim",
    "1.2.3",
    "${TAG}",
    "${{ matrix.suffix }}",
    "\"",
    "'",
    "[",
    "{",
    "}",
    "- ",
    "&a ",
    "*a",
    "|\n",
    "#",
    "# taglint: ignore[floating-tag] x",
    "image: nginx\n",
    "名😀",
    "\t",
    "---\n",
    "type=raw,value=latest\n",
    "<<: ",
    "floating-tag: off",
    "\r\n",
    "jobs:",
    "services:",
];

/// The next place at or before one where a text can be cut.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn position(text: &str, offset: usize) -> Value {
    let before = text.get(..offset).unwrap();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": before.matches('\n').count(), "character": offset - start })
}

#[test]
fn edits_leave_what_a_new_session_finds() {
    let mut texts = [
        (PATH, WORKFLOW.to_owned()),
        (PROD, compose("acme/app:${TAG}")),
        ("prod/.env", "TAG=latest\n".to_owned()),
        (
            "prod/deploy.yaml",
            "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: acme/app:latest-slim\n"
                .to_owned(),
        ),
        (
            "taglint.yaml",
            "version: 1\nrules:\n  floating-tag: error\n".to_owned(),
        ),
    ];
    let files: Vec<(&str, String)> = texts
        .iter()
        .map(|(path, text)| (*path, text.clone()))
        .collect();
    let borrowed: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    let mut client = Client::start(&borrowed);
    for (path, text) in &borrowed {
        client.open_silently(path, text);
    }
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut actions, mut hints) = (0, 0);
    for _ in 0..100 {
        for _ in 0..3 {
            edit(&mut client, &mut texts[numbers.below(5)], &mut numbers);
        }
        let known = told(&mut client, &texts);
        let mut fresh = Client::start(&[]);
        for (path, text) in &texts {
            fresh.open_silently(path, text);
        }
        assert_eq!(known, told(&mut fresh, &texts), "{texts:#?}");
        let count = |part: usize| -> usize {
            known
                .iter()
                .filter_map(|of| of[part].as_array())
                .map(Vec::len)
                .sum()
        };
        actions += count(0);
        hints += count(1);
        // Typed too far: start over with something sound.
        for (path, text) in &mut texts {
            *text = files.iter().find(|(own, _)| own == path).unwrap().1.clone();
            client.change(path, json!([{ "text": text }]));
        }
    }
    assert!(
        actions > 40 && hints > 20,
        "too little is seen: {actions} actions, {hints} hints"
    );
}

/// One edit of one file, and every request about it.
fn edit(client: &mut Client, (path, text): &mut (&str, String), numbers: &mut Numbers) {
    let start = boundary(text, numbers.below(text.len() + 1));
    let end = boundary(text, (start + numbers.below(6)).min(text.len())).max(start);
    let new = PARTS[numbers.below(PARTS.len())];
    let range = json!({ "start": position(text, start), "end": position(text, end) });
    let before = text.clone();
    text.replace_range(start..end, new);
    // A lone `\r` ends a line for the protocol, and for the numbers here it does not.
    if [&before, text]
        .iter()
        .any(|text| text.replace("\r\n", "").contains('\r'))
    {
        client.change(path, json!([{ "text": text }]));
    } else {
        client.change(path, json!([{ "range": range, "text": new }]));
    }
    for (method, more) in [
        ("textDocument/hover", at(4, 14)),
        ("textDocument/completion", at(2, 10)),
        ("textDocument/definition", at(4, 20)),
        ("textDocument/codeLens", json!({})),
        ("textDocument/documentLink", json!({})),
    ] {
        if numbers.below(4) == 0 {
            client.ask_about(method, path, more);
        }
    }
}

/// What is known of each file, seen by what can be done about it: findings come with their actions.
fn told(client: &mut Client, texts: &[(&str, String)]) -> Vec<Value> {
    let root = client.uri("");
    texts
        .iter()
        .map(|(path, _)| {
            let params = json!({ "range": whole(), "context": { "diagnostics": [] } });
            let actions = client.ask_about("textDocument/codeAction", path, params);
            let hints =
                client.ask_about("textDocument/inlayHint", path, json!({ "range": whole() }));
            // Sessions differ in their folder and their count of versions.
            let mut all = json!([actions, hints])
                .to_string()
                .replace(&root, "file:///root");
            while let Some(start) = all.find("\"version\":") {
                let digits = all[start..].find([',', '}']).unwrap();
                all.replace_range(start..start + digits, "\"v\":0");
            }
            serde_json::from_str(&all).unwrap()
        })
        .collect()
}
