//! Reports for other programs, read by the readers of those formats, from files with Chinese text, CRLF
//! and hostile names.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

mod tools;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

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
        self.check_for(format, 1)
    }

    fn check_for(&self, format: &str, status: i32) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
        let output = command
            .args(["check", FILE, "--format", format])
            .current_dir(&self.0)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(status));
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

/// Python with the readers that `scripts/install-test-tools junitparser` brings.
fn python() -> Option<PathBuf> {
    let tool = tools::find("junitparser")?;
    Some(tool.parent()?.parent()?.join("python/bin/python"))
}

/// What a script in Python makes of a report: it reads standard input and prints JSON.
fn read_by(python: &Path, script: &str, report: &str) -> Value {
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(report.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The findings of the own format, which the others are held against.
fn own(folder: &Hostile) -> Vec<Value> {
    let own: Value = serde_json::from_str(&folder.check("json")).unwrap();
    let findings = own["findings"].as_array().unwrap().clone();
    assert_eq!(findings.len(), 2);
    findings
}

fn line(finding: &Value) -> &Value {
    &finding["span"]["start"]["line"]
}

fn column(finding: &Value) -> &Value {
    &finding["span"]["start"]["column"]
}

#[test]
fn junit_is_read_by_a_reader_of_junit() {
    let Some(python) = python() else { return };
    let script = r#"
import json, sys
from junitparser import JUnitXml, Failure
report = JUnitXml.fromstring(sys.stdin.buffer.read())
print(json.dumps([report.name, report.tests, report.failures, report.errors, [
    [suite.name, suite.tests, suite.failures, [
        [case.name, case.classname, len(case.result), isinstance(case.result[0], Failure),
         case.result[0].type, case.result[0].message, case.result[0].text]
        for case in suite]]
    for suite in report]]))
"#;
    let folder = Hostile::new("junit");
    let read = read_by(&python, script, &folder.check("junit"));
    let cases: Vec<Value> = own(&folder)
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap();
            let (line, column) = (line(finding), column(finding));
            let mut body = format!("{FILE}:{line}:{column}: {}", text("message"));
            for note in finding["notes"].as_array().into_iter().flatten() {
                body.push_str(&format!("\nnote: {}", note.as_str().unwrap()));
            }
            if let Some(help) = finding["help"].as_str() {
                body.push_str(&format!("\nhelp: {help}"));
            }
            let name = format!("{} at line {line}", text("rule"));
            json!([name, FILE, 1, true, "warning", text("message"), body])
        })
        .collect();
    assert_eq!(
        read,
        json!(["taglint", 2, 2, 0, [[FILE, 2, 2, cases]]]),
        "{read:#}"
    );
}

#[test]
fn junit_without_findings_is_a_test_that_passes() {
    let Some(python) = python() else { return };
    let folder = Hostile::new("junit-clean");
    std::fs::write(folder.0.join(FILE), "services: {}\n").unwrap();
    let report = folder.check_for("junit", 0);
    let script = "
import json, sys
from junitparser import JUnitXml
report = JUnitXml.fromstring(sys.stdin.buffer.read())
print(json.dumps([[case.name, case.is_passed] for suite in report for case in suite]))
";
    let read = read_by(&python, script, &report);
    assert_eq!(read, json!([["no findings", true]]));
}

#[test]
fn checkstyle_is_read_by_another_reader_of_xml() {
    let Some(python) = python() else { return };
    let script = "
import json, sys
import xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([root.tag, root.get('version'),
    [[file.tag, file.attrib, [[error.tag, error.attrib] for error in file]] for file in root]]))
";
    let folder = Hostile::new("checkstyle");
    let read = read_by(&python, script, &folder.check("checkstyle"));
    let errors: Vec<Value> = own(&folder)
        .iter()
        .map(|finding| {
            let attributes = json!({
                "line": line(finding).to_string(),
                "column": column(finding).to_string(),
                "severity": "warning",
                "message": finding["message"],
                "source": format!("taglint.{}", finding["rule"].as_str().unwrap()),
            });
            json!(["error", attributes])
        })
        .collect();
    let file = json!(["file", { "name": FILE }, errors]);
    assert_eq!(read, json!(["checkstyle", "4.3", [file]]), "{read:#}");
}

/// The fields of GitLab's code quality report: `description`, `check_name`, `fingerprint`, `location.path`
/// without a leading `./`, `location.lines.begin`, and one of five severities; no byte order mark.
#[test]
fn gitlab_gets_the_fields_that_it_documents() {
    let folder = Hostile::new("gitlab");
    let report = folder.check("gitlab");
    assert!(report.starts_with('['));
    let issues: Vec<Value> = serde_json::from_str(&report).unwrap();
    let mut prints = Vec::new();
    for (issue, finding) in issues.iter().zip(own(&folder)) {
        let fields = issue.as_object().unwrap().keys();
        let known = [
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
            "content",
        ];
        assert_eq!(fields.collect::<Vec<_>>(), known);
        assert_eq!(issue["description"], finding["message"]);
        assert_eq!(issue["check_name"], finding["rule"]);
        assert_eq!(issue["severity"], "major");
        let span = &finding["span"];
        let lines = json!({ "begin": span["start"]["line"], "end": span["end"]["line"] });
        assert_eq!(issue["location"], json!({ "path": FILE, "lines": lines }));
        assert!(issue["content"]["body"].is_string());
        let print = issue["fingerprint"].as_str().unwrap().to_owned();
        assert!(print.len() == 16 && print.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(!prints.contains(&print));
        prints.push(print);
    }
    assert_eq!(prints.len(), 2);
}

/// Reviewdog reads its format as protocol buffers in JSON and refuses fields that it does not know.
/// Lines and columns count from 1, columns count bytes of UTF-8, the end is behind the last byte.
#[test]
fn rdjson_holds_the_fields_of_the_format_and_its_columns_are_bytes() {
    let folder = Hostile::new("rdjson");
    let report: Value = serde_json::from_str(&folder.check("rdjson")).unwrap();
    assert_eq!(report["source"], json!({ "name": "taglint" }));
    known(&report, &["source", "severity", "diagnostics"]);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 2);
    let words = ["nginx:latest", "\"redis:latest\""];
    for ((diagnostic, finding), word) in diagnostics.iter().zip(own(&folder)).zip(words) {
        let fields =
            "message location severity source code suggestions originalOutput relatedLocations";
        known(diagnostic, &fields.split(' ').collect::<Vec<_>>());
        assert_eq!(diagnostic["message"], finding["message"]);
        assert_eq!(diagnostic["code"], json!({ "value": finding["rule"] }));
        assert_eq!(diagnostic["severity"], "WARNING");
        let (row, text) = TEXT
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains(word))
            .unwrap();
        let start = text.find(word).unwrap() + 1;
        let end = start + word.len();
        let range = json!({
            "start": { "line": row + 1, "column": start },
            "end": { "line": row + 1, "column": end },
        });
        assert_eq!(
            diagnostic["location"],
            json!({ "path": FILE, "range": range })
        );
        for related in diagnostic["relatedLocations"].as_array().unwrap() {
            known(related, &["message", "location"]);
        }
    }
}

/// Suggestions of reviewdog are the fix of the finding, in its own file.
#[test]
fn rdjson_suggests_what_the_fix_writes() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fixes/onlatest");
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(["check", ".", "--no-ignore", "--format", "rdjson"])
        .current_dir(&fixture)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut suggested = 0;
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        let path = diagnostic["location"]["path"].as_str().unwrap();
        let text = std::fs::read_to_string(fixture.join(path)).unwrap();
        for suggestion in diagnostic["suggestions"].as_array().into_iter().flatten() {
            known(suggestion, &["range", "text"]);
            let number = |end: &str, key: &str| {
                let number = suggestion["range"][end][key].as_u64().unwrap();
                usize::try_from(number).unwrap()
            };
            let line = text.lines().nth(number("start", "line") - 1).unwrap();
            let (start, end) = (number("start", "column") - 1, number("end", "column") - 1);
            let before = line.get(start..end).unwrap();
            let after = suggestion["text"].as_str().unwrap();
            assert!(
                before.starts_with("suffix=") || before.is_empty(),
                "{before}"
            );
            assert!(after.ends_with(",onlatest=true"), "{after}");
            suggested += 1;
        }
    }
    assert!(suggested > 0);
}

fn known(value: &Value, fields: &[&str]) {
    for field in value.as_object().unwrap().keys() {
        assert!(fields.contains(&field.as_str()), "{field} in {value}");
    }
}

#[test]
fn concise_is_a_line_for_each_finding() {
    let folder = Hostile::new("concise");
    let report = folder.check("concise");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines.len(), 2, "{report}");
    for (written, finding) in lines.iter().zip(own(&folder)) {
        let (line, column) = (line(&finding), column(&finding));
        let rule = finding["rule"].as_str().unwrap();
        let message = finding["message"].as_str().unwrap();
        let wanted = format!("{FILE}:{line}:{column}: warning[{rule}] {message}");
        assert_eq!(*written, wanted);
    }
}
