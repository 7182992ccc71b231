//! What people and programs read of an audit, from what registries showed once: no network.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An audit of what the fixture of a rule shows, with an environment.
fn audit(case: &str, arguments: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
    command
        .args(["audit", "--from", "registry.json"])
        .args(arguments)
        .current_dir(root().join("fixtures/rules").join(case))
        .env("LC_ALL", "C.UTF-8")
        .env_remove("COLUMNS");
    for (name, value) in environment {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), error.as_str()), (Some(1), ""));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_grid_reads_without_colour_and_in_ascii() {
    let plain = audit("absent-variant/bad", &["--color", "never"], &[]);
    assert!(
        plain.contains("0.24.9   ● latest   ● latest   ✗ absent\n"),
        "{plain}"
    );
    assert!(
        plain.ends_with("1 finding (1 error) in 1 image · 12 tags · 0 requests\n"),
        "{plain}"
    );
    let colored = audit("absent-variant/bad", &["--color", "always"], &[]);
    assert!(colored.contains("\u{1b}[31m✗ absent\u{1b}[0m"), "{colored}");
    let mut stripped = String::new();
    for (index, part) in colored.split('\u{1b}').enumerate() {
        let rest = part.split_once('m').map_or(part, |(_, rest)| rest);
        stripped.push_str(if index == 0 { part } else { rest });
    }
    assert_eq!(stripped, plain);
    let ascii = audit(
        "absent-variant/bad",
        &["--color", "never"],
        &[("LC_ALL", "C")],
    );
    assert!(ascii.is_ascii(), "{ascii}");
    assert!(
        ascii.contains("0.24.9   o latest   o latest   x absent\n"),
        "{ascii}"
    );
}

#[test]
fn a_narrow_terminal_gets_the_grid_in_parts() {
    let narrow = audit(
        "crossed-channel/bad",
        &["--color", "never"],
        &[("COLUMNS", "40")],
    );
    let grid: Vec<&str> = narrow.lines().skip_while(|line| !line.is_empty()).collect();
    let grid: Vec<&&str> = grid
        .iter()
        .take_while(|line| !line.contains("error["))
        .collect();
    assert!(
        grid.iter().all(|line| line.chars().count() <= 40),
        "{narrow}"
    );
    assert_eq!(narrow.matches("\n0.24.9 ").count(), 2, "{narrow}");
    for name in ["base", "full", "slim"] {
        let named = |line: &&&&str| line.split_whitespace().any(|word| word == name);
        assert_eq!(
            grid.iter()
                .filter(|line| line.starts_with(' '))
                .filter(named)
                .count(),
            1
        );
    }
}

#[test]
fn json_is_as_its_schema_says() {
    let schema = std::fs::read_to_string(root().join("schemas/audit.schema.json")).unwrap();
    let printed = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["schema", "audit"])
        .output();
    assert_eq!(String::from_utf8(printed.unwrap().stdout).unwrap(), schema);
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    let validator = jsonschema::validator_for(&schema).unwrap();
    for rule in [
        "absent-variant",
        "unsigned",
        "moved-version",
        "absent-platform",
    ] {
        let since = root()
            .join("fixtures/rules")
            .join(rule)
            .join("bad/before.json");
        let since = since.to_str().unwrap();
        let more = if Path::new(since).exists() {
            &["--since", since][..]
        } else {
            &[]
        };
        let text = audit(
            &format!("{rule}/bad"),
            &[&["--format", "json"], more].concat(),
            &[],
        );
        let mut json: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{rule}: {errors:?}");
        assert_eq!(json["findings"][0]["rule"], rule);
        json["findings"][0]["level"] = "off".into();
        assert!(!validator.is_valid(&json));
    }
}

#[test]
fn sarif_is_read_by_types_of_the_standard() {
    let text = audit("unsigned/bad", &["--format", "sarif"], &[]);
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let run = &log.runs[0];
    let result = &run.results.as_ref().unwrap()[0];
    assert_eq!(result.rule_id.as_deref(), Some("unsigned"));
    let rules = run.tool.driver.rules.as_ref().unwrap();
    assert_eq!(
        rules[usize::try_from(result.rule_index.unwrap()).unwrap()].id,
        "unsigned"
    );
    let location = &result.locations.as_ref().unwrap()[0];
    let logical = &location.logical_locations.as_ref().unwrap()[0];
    assert_eq!(
        logical.fully_qualified_name.as_deref(),
        Some("emqx/nanomq:0.24.9-slim")
    );
    // The scheme in the policy.
    let place = location.physical_location.as_ref().unwrap();
    assert_eq!(
        place.artifact_location.as_ref().unwrap().uri.as_deref(),
        Some("taglint.yaml")
    );
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(3));
}

#[test]
fn markdown_tables_are_even() {
    let text = audit("crossed-channel/bad", &["--format", "markdown"], &[]);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 6);
    assert!(
        rows.iter().all(|row| row.matches('|').count() == 5),
        "{text}"
    );
    assert!(
        text.contains("| **latest** | **≠ 0.24.9-slim** | = 0.24.9 | = 0.24.9 |"),
        "{text}"
    );
    assert!(
        text.contains("- **error** `crossed-channel`: `latest` is `0.24.9-slim`"),
        "{text}"
    );
}

#[test]
fn the_page_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("audit.html");
    let target = format!("html={}", page.display());
    let human = audit(
        "crossed-channel/bad",
        &["--format", &target, "--format", "human"],
        &[],
    );
    assert!(human.contains("error[crossed-channel]"));
    let text = std::fs::read_to_string(page).unwrap();
    for part in [
        "default-src 'none'",
        "<th scope=\"col\">slim</th>",
        "chip contested\">≠ 0.24.9-slim<",
    ] {
        assert!(text.contains(part), "{part}");
    }
    for part in ["<script", "http://", "https://", "src="] {
        assert!(!text.contains(part), "{part}");
    }
}

#[test]
fn what_is_no_saved_audit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    for (text, word) in [
        ("", "no state of an audit"),
        ("{}", "missing field"),
        (r#"{"schema":9,"images":[]}"#, "schema 9"),
        (
            r#"{"schema":1,"images":[{"image":"A B","tags":{}}]}"#,
            "`A B`",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
        let output = command
            .arg("audit")
            .arg("--from")
            .arg(&path)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(error.contains(word), "{text}: {error}");
    }
}

/// An image with many variants over three years, as the official ones are: distributions succeed each
/// other, an older line is released in between, and channels of old variants stay.
fn official() -> Value {
    let lines = [
        ("1.25.3", "bookworm", "3.18", false),
        ("1.25.4", "bookworm", "3.18", false),
        ("1.25.5", "bookworm", "3.19", false),
        ("1.26.0", "bookworm", "3.19", true),
        ("1.26.1", "bookworm", "3.19", true),
        ("1.27.0", "bookworm", "3.19", false),
        ("1.27.1", "bookworm", "3.20", false),
        ("1.26.2", "bookworm", "3.20", true),
        ("1.27.2", "bookworm", "3.20", false),
        ("1.27.3", "bookworm", "3.21", false),
        ("1.26.3", "bookworm", "3.20", true),
        ("1.27.4", "bookworm", "3.21", false),
        ("1.28.0", "bookworm", "3.21", true),
        ("1.29.0", "bookworm", "3.22", false),
        ("1.29.1", "trixie", "3.22", false),
    ];
    let mut tags = serde_json::Map::new();
    let mut number = 0;
    for (version, debian, alpine, stable) in lines {
        for (short, long) in [
            (String::new(), format!("-{debian}")),
            ("-perl".to_owned(), format!("-{debian}-perl")),
            ("-alpine".to_owned(), format!("-alpine{alpine}")),
            ("-alpine-slim".to_owned(), format!("-alpine{alpine}-slim")),
        ] {
            number += 1;
            let seen = serde_json::json!({ "digest": format!("sha256:{number:064x}") });
            for suffix in [&short, &long] {
                let minor = version.rsplit_once('.').unwrap().0;
                let mut names = vec![format!("{version}{suffix}"), format!("{minor}{suffix}")];
                names.push(match (stable, suffix.strip_prefix('-')) {
                    (true, _) => format!("stable{suffix}"),
                    (false, Some(bare)) => bare.to_owned(),
                    (false, None) => "latest".to_owned(),
                });
                for name in names {
                    tags.insert(name, seen.clone());
                }
            }
        }
    }
    serde_json::json!({ "schema": 1, "images": [{ "image": "docker.io/library/web", "tags": tags }] })
}

#[test]
fn an_image_with_many_variants_that_is_well_kept_has_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.json"), official().to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args([
            "audit",
            "--from",
            "a.json",
            "--fail-on",
            "info",
            "--color",
            "never",
        ])
        .current_dir(folder.path())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("15 versions × 18 variants"), "{text}");
    assert!(
        text.contains("… 10 more variants that others have succeeded"),
        "{text}"
    );
    assert!(text.contains("… 3 more versions"), "{text}");
}
