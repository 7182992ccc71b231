//! A real editor as the client: Neovim without a screen, by the script beside this file.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{PATH, PROD, WORKFLOW, tools};

/// Chinese text and an emoji before the image on its line: columns in UTF-16 are neither bytes nor
/// characters. What is typed at the end of the line belongs to the tag.
const WEB: &str = "services: {web:\n  {labels: {名字: \"😀\"}, image: nginx:latest\n  }}\n";

#[test]
fn neovim_shows_findings_and_mends_them() {
    let Some(editor) = tools::find("nvim") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let write = |path: &str, text: &str| {
        let file = folder.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write(PROD, WEB);
    write(PATH, WORKFLOW);
    write("Dockerfile", "FROM alpine:3.22\n");
    write("Dockerfile-slim", "FROM alpine:3.22\n");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp/neovim.lua");
    let output = Command::new(editor)
        .args(["--headless", "-u", "NONE", "-i", "NONE", "-n", "-S"])
        .arg(&script)
        .env("TAGLINT", env!("CARGO_BIN_EXE_taglint"))
        .env("TAGLINT_FOLDER", &folder)
        .env("TAGLINT_SEEN", folder.join("seen.json"))
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .env("XDG_STATE_HOME", folder.join(".state"))
        .output()
        .unwrap();
    let seen = std::fs::read_to_string(folder.join("seen.json"));
    let seen = seen.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen["fault"], Value::Null, "{seen:#}");
    assert_eq!(seen["encoding"], "utf-16");
    // Neovim counts bytes: the image stands behind six bytes of Chinese and four of an emoji.
    let start = WEB.lines().nth(1).unwrap().find("nginx").unwrap();
    let found = |image: &str| {
        json!({ "came": true,
                "rows": [["floating-tag", 1, start, start + image.len(), 2, "taglint"]] })
    };
    assert_eq!(seen["opened"], found("nginx:latest"));
    assert_eq!(seen["typed_text"], WEB.replace("latest", "latest-slim"));
    assert_eq!(seen["typed"], found("nginx:latest-slim"));
    assert_eq!(seen["pinned_text"], WEB.replace("latest", "1.27.4"));
    assert_eq!(seen["pinned"]["came"], true);
    assert_eq!(seen["pinned"]["rows"].as_array().map_or(0, Vec::len), 0);
    assert_eq!(seen["undone"], found("nginx:latest-slim"));
    let said = seen["hover"]["contents"]["value"].as_str().unwrap();
    assert!(said.contains("channel `latest`, variant `slim`"), "{said}");
    let hints = seen["hints"].as_array().unwrap().iter();
    let labels: Vec<&Value> = hints.map(|hint| &hint["label"]).collect();
    let label = json!("→ release v1.2.3: 1.2.3, 1.2.3-slim, latest ×2 · 2 more events");
    assert_eq!(labels, [&label, &label]);
    assert_eq!(seen["lenses"][0]["command"]["command"], "taglint.showPlan");
    let mended = WORKFLOW.replacen("suffix }}", "suffix }},onlatest=true", 1);
    assert_eq!(seen["mended_text"], mended);
    assert_eq!(seen["mended"]["came"], true);
    assert_eq!(seen["stopped"], true);
}
