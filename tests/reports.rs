//! Reports for other programs, read by the readers of those formats, from files with Chinese text, CRLF
//! and hostile names.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;
use std::process::Command;

/// A folder with one compose file: CRLF, Chinese before the image on its own line, hostile names.
struct Hostile(PathBuf);

const FILE: &str = "prod/a,b%25.yml";
const TEXT: &str = "# 生产环境\r\nservices:\r\n  \"x\\n::error::y\": {labels: {名字: 中文}, image: nginx:latest}\r\n  \
                    b: {image: \"redis:latest\"} # ::error file=x::50% & <b> ]]>\r\n";

impl Hostile {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("taglint-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("prod")).unwrap();
        std::fs::write(folder.join(FILE), TEXT).unwrap();
        Self(folder)
    }

    fn check(&self, format: &str) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
        let output = command
            .args(["check", FILE, "--format", format])
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Line and column, in characters from 1, of a word of the file.
fn place(word: &str) -> (i64, i64) {
    let (row, line) = TEXT
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(word))
        .unwrap();
    let before = line.split(word).next().unwrap().chars().count();
    (row as i64 + 1, before as i64 + 1)
}

#[test]
fn workflow_commands_point_at_the_place_and_hold_no_other_command() {
    let text = Hostile::new("commands").check("github");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    for (line, word) in lines.iter().zip(["nginx:latest", "\"redis:latest\""]) {
        let (row, column) = place(word);
        assert!(
            line.starts_with("::warning file=prod/a%2Cb%2525.yml,"),
            "{line}"
        );
        assert!(
            line.contains(&format!(",line={row},endLine={row},col={column},")),
            "{line}"
        );
        let end = column + word.chars().count() as i64;
        assert!(line.contains(&format!("endColumn={end},")), "{line}");
        assert!(!line.get(2..).unwrap().contains("::error"), "{line}");
    }
}

#[test]
fn sarif_is_read_whole_and_keeps_the_standards_invariants() {
    let text = Hostile::new("sarif").check("sarif");
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    // What the types do not know would be lost on the way back.
    let own: serde_json::Value = serde_json::from_str(&text).unwrap();
    let back = serde_json::to_value(&log).unwrap();
    assert_eq!(own, back);
    assert_eq!(own["version"], "2.1.0");
    let run = &own["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 2);
    for (result, word) in results.iter().zip(["nginx:latest", "\"redis:latest\""]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "prod/a%2Cb%2525.yml");
        let region = &location["region"];
        let (row, column) = place(word);
        assert_eq!(
            (region["startLine"].as_i64(), region["startColumn"].as_i64()),
            (Some(row), Some(column))
        );
    }
}

#[test]
fn junit_is_read_by_a_reader_of_junit() {
    let text = Hostile::new("junit").check("junit");
    let report = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!(report.test_suites.len(), 1);
    let suite = &report.test_suites[0];
    assert_eq!(suite.name.as_str(), FILE);
    assert_eq!(suite.test_cases.len(), 2);
    assert_eq!(report.failures, 2);
}

#[test]
fn lines_of_other_reports_stay_lines() {
    let folder = Hostile::new("lines");
    assert_eq!(folder.check("concise").lines().count(), 2);
    for format in ["gitlab", "rdjson"] {
        let value: serde_json::Value = serde_json::from_str(&folder.check(format)).unwrap();
        assert!(value.is_array() || value.is_object(), "{format}");
    }
    let text = folder.check("checkstyle");
    let mut reader = quick_xml::Reader::from_str(&text);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
}
