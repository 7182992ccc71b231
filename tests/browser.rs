//! The pages of a plan and of an audit in a real browser: they are read as they were meant, without network and script.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Stdio};

fn browser() -> Option<&'static str> {
    let found = ["chromium", "chromium-browser"].into_iter().find(|name| {
        let mut asked = Command::new(name);
        asked
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    });
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|given| given == value);
    let required = set("CI", "true") || set("TAGLINT_REQUIRE_TOOLS", "1");
    assert!(
        found.is_some() || !required,
        "run scripts/install-test-tools chromium"
    );
    if found.is_none() {
        println!("skipped: there is no chromium; scripts/install-test-tools chromium brings it");
    }
    found
}

/// The document that a browser makes of a page which taglint writes.
fn dom(name: &str, browser: &str, arguments: &[&str], folder: &str, status: i32) -> String {
    let temporary = std::env::temp_dir().join(format!("taglint-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&temporary).unwrap();
    let page = temporary.join("page.html");
    let written = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .args(["--format", "html", "--output"])
        .arg(&page)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .status();
    assert_eq!(written.unwrap().code(), Some(status));
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            temporary.join("profile").display()
        ))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    std::fs::remove_dir_all(temporary).unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_page_reads_in_a_browser() {
    let Some(browser) = browser() else { return };
    let dom = dom("plan", browser, &["plan"], "fixtures/demo", 0);
    let count = |text: &str| dom.matches(text).count();
    assert_eq!(count("<table class=\"matrix\">"), 1, "{dom}");
    assert_eq!(count("<tr class=\"event\">"), 3);
    assert_eq!(count("<span class=\"chip channel contested\""), 6);
    assert_eq!(count("<details open=\"\">"), 1);
    assert_eq!(count("<script"), 0);
    assert!(dom.trim_end().ends_with("</html>"));
}

#[test]
fn the_page_of_an_audit_does_too() {
    let Some(browser) = browser() else { return };
    let arguments = ["audit", "--from", "registry.json"];
    let folder = "fixtures/rules/absent-variant/bad";
    let dom = dom("audit", browser, &arguments, folder, 1);
    let count = |text: &str| dom.matches(text).count();
    assert_eq!(count("<table class=\"matrix\">"), 1, "{dom}");
    assert_eq!(count("<tr class=\"version\">"), 4);
    assert_eq!(count("✗ absent"), 3);
    assert_eq!(count("<span class=\"chip channel\">latest</span>"), 3);
    assert_eq!(count("<code>latest-slim</code>"), 1);
    assert_eq!(count("<script"), 0);
    assert!(dom.trim_end().ends_with("</html>"));
}
