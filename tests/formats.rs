//! The formats for other programs, each read by a reader of that format, on a file with Chinese
//! text and CRLF line ends.

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

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats")
}

fn check(format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--format", format])
        .current_dir(folder())
        .output()
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Line, column and end of the image on the line with Chinese text, in characters.
const AT: (u64, u64, u64) = (3, 16, 35);

#[test]
fn concise_is_a_line_each() {
    let text = check("concise");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    let start = format!(
        "deploy/prod/compose.yaml:{}:{}: warning[floating-tag] ",
        AT.0, AT.1
    );
    assert!(lines[0].starts_with(&start), "{text}");
}

#[test]
fn sarif_is_read_by_types_of_the_standard() {
    let text = check("sarif");
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    let run = &log.runs[0];
    let results = run.results.as_ref().unwrap();
    assert_eq!(results.len(), 2);
    let rules = run.tool.driver.rules.as_ref().unwrap();
    for result in results {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        assert_eq!(Some(&rules[index].id), result.rule_id.as_ref());
    }
    let place = results[0].locations.as_ref().unwrap()[0]
        .physical_location
        .as_ref()
        .unwrap();
    let region = place.region.as_ref().unwrap();
    assert_eq!(region.start_line, Some(AT.0 as i64));
    assert_eq!(region.start_column, Some(AT.1 as i64));
    assert_eq!(region.end_column, Some(AT.2 as i64));
    let uri = place.artifact_location.as_ref().unwrap().uri.as_deref();
    assert_eq!(uri, Some("deploy/prod/compose.yaml"));
}

#[test]
fn fingerprints_stay_while_lines_move() {
    let prints = |text: &str| -> Vec<String> {
        let issues: Vec<Value> = serde_json::from_str(text).unwrap();
        issues
            .iter()
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = prints(&check("gitlab"));
    let other = std::env::temp_dir().join(format!("taglint-moved-{}", std::process::id()));
    std::fs::create_dir_all(other.join("deploy/prod")).unwrap();
    let text = std::fs::read_to_string(folder().join("deploy/prod/compose.yaml")).unwrap();
    std::fs::write(
        other.join("deploy/prod/compose.yaml"),
        format!("# one\n# two\n{text}"),
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--format", "gitlab"])
        .current_dir(&other)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&other).unwrap();
    let after = prints(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(before, after);
    assert_ne!(before[0], before[1]);
}

#[test]
fn github_commands_stand_at_the_right_column() {
    let text = check("github");
    let first = text.lines().next().unwrap();
    let (line, column, end) = AT;
    let start = format!(
        "::warning file=deploy/prod/compose.yaml,line={line},endLine={line},col={column},endColumn={end},title=taglint%3A floating-tag::"
    );
    assert!(first.starts_with(&start), "{first}");
    assert!(first.contains("%0Ahelp: "), "{first}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn gitlab_has_what_its_report_needs() {
    let issues: Vec<Value> = serde_json::from_str(&check("gitlab")).unwrap();
    for issue in &issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        assert!(
            ["info", "minor", "major", "critical", "blocker"]
                .contains(&issue["severity"].as_str().unwrap())
        );
    }
    assert_eq!(issues[0]["location"]["lines"]["begin"], AT.0);
}

#[test]
fn junit_is_read_by_a_reader_of_it() {
    let report = quick_junit::Report::deserialize_from_str(&check("junit")).unwrap();
    assert_eq!(report.failures, 2);
    assert_eq!(
        report.test_suites[0].name.as_str(),
        "deploy/prod/compose.yaml"
    );
}

#[test]
fn checkstyle_is_xml_with_every_finding() {
    let text = check("checkstyle");
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut errors = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Empty(element) if element.name().as_ref() == b"error" => {
                let column = element.try_get_attribute("column").unwrap().unwrap();
                errors.push(String::from_utf8(column.value.into_owned()).unwrap());
            }
            _ => {}
        }
    }
    assert_eq!(errors, [AT.1.to_string(), "12".to_owned()]);
}

#[test]
fn rdjson_counts_bytes() {
    let report: Value = serde_json::from_str(&check("rdjson")).unwrap();
    let start = &report["diagnostics"][0]["location"]["range"]["start"];
    // Two Chinese characters before it take three bytes each.
    assert_eq!(start["column"], AT.1 + 4);
    assert_eq!(report["diagnostics"][0]["severity"], "WARNING");
}

#[test]
fn several_formats_go_to_several_files() {
    let out = std::env::temp_dir().join(format!("taglint-out-{}", std::process::id()));
    std::fs::create_dir_all(&out).unwrap();
    let sarif = format!("sarif={}", out.join("a.sarif").display());
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--format", "concise", "--format", &sarif])
        .current_dir(folder())
        .output()
        .unwrap();
    let log = std::fs::read_to_string(out.join("a.sarif")).unwrap();
    std::fs::remove_dir_all(&out).unwrap();
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("floating-tag")
    );
    assert_eq!(
        serde_json::from_str::<Value>(&log).unwrap()["version"],
        "2.1.0"
    );
}

#[test]
fn unknown_formats_are_refused_with_the_known_ones() {
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", "--format", "sarf"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("there is no format `sarf`") && error.contains("rdjson"),
        "{error}"
    );
}
