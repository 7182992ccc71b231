//! The page of a plan in a real browser: it is read as it was meant, without network and script.

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

#[test]
fn the_page_reads_in_a_browser() {
    let Some(browser) = browser() else { return };
    let folder = std::env::temp_dir().join(format!("taglint-browser-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let page = folder.join("plan.html");
    let planned = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["plan", "--format", "html", "--output"])
        .arg(&page)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo"))
        .status();
    assert!(planned.unwrap().success());
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
            folder.join("profile").display()
        ))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    let count = |text: &str| dom.matches(text).count();
    assert_eq!(count("<table class=\"matrix\">"), 1, "{dom}");
    assert_eq!(count("<tr class=\"event\">"), 3);
    assert_eq!(count("<span class=\"chip channel contested\""), 6);
    assert_eq!(count("<details open=\"\">"), 1);
    assert_eq!(count("<script"), 0);
    assert!(dom.trim_end().ends_with("</html>"));
    std::fs::remove_dir_all(folder).unwrap();
}
