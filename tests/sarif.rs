//! The SARIF log against the standard's own schema, over findings of every rule; its fingerprints
//! while lines move; its fixes carried out by a reader of the log alone.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn taglint(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // Among the fixtures is a file that cannot be read; the others are looked at all the same.
    assert!(matches!(output.status.code(), Some(0..=2)), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn log(folder: &Path) -> Value {
    let arguments = ["check", ".", "--no-ignore", "--format", "sarif"];
    serde_json::from_str(&taglint(folder, &arguments)).unwrap()
}

/// The log of an audit of a rule's bad case, where that is what a registry shows.
fn audit(rule: &str) -> Option<Value> {
    let folder = root().join("fixtures/rules").join(rule).join("bad");
    if !folder.join("registry.json").exists() {
        return None;
    }
    let mut arguments = vec!["audit", "--from", "registry.json", "--format", "sarif"];
    if folder.join("before.json").exists() {
        arguments.extend(["--since", "before.json"]);
    }
    Some(serde_json::from_str(&taglint(&folder, &arguments)).unwrap())
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

/// A copy of the fixtures, or of a part of them, that goes away with the test.
struct Copy(PathBuf);

impl Copy {
    fn of(part: &str, name: &str) -> Self {
        let to = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("sarif-{name}"));
        let _ = std::fs::remove_dir_all(&to);
        let from = root().join(part);
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.unwrap();
            let inside = to.join(entry.path().strip_prefix(&from).unwrap());
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(inside).unwrap();
            } else {
                std::fs::write(inside, std::fs::read(entry.path()).unwrap()).unwrap();
            }
        }
        Self(to)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The schema of the standard, as the crate whose types are made from it ships it.
fn standard() -> jsonschema::Validator {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        let output = command.args(arguments).current_dir(root()).output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    };
    // Crates for other platforms are not at hand, and are not asked for.
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--filter-platform",
        host.unwrap(),
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|one| one["name"] == "serde-sarif");
    let manifest = Path::new(text(package.unwrap(), "manifest_path"));
    let schema = std::fs::read_to_string(manifest.with_file_name("src/schema.json")).unwrap();
    // One pattern closes a bracket that it never opened: to most engines a character, to ours a fault.
    let (stray, escaped) = ("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    assert!(schema.contains(stray));
    let schema: Value = serde_json::from_str(&schema.replace(stray, escaped)).unwrap();
    let title = "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema";
    assert_eq!(schema["title"], title);
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

fn faults(schema: &jsonschema::Validator, log: &Value) -> Vec<String> {
    let fault =
        |fault: jsonschema::ValidationError<'_>| format!("{}: {fault}", fault.instance_path());
    schema.iter_errors(log).map(fault).collect()
}

#[test]
fn findings_of_every_rule_satisfy_the_standards_schema() {
    let schema = standard();
    let mut log = log(&root().join("fixtures"));
    assert_eq!(faults(&schema, &log), [""; 0]);
    let results = results(&log);
    let rules: BTreeSet<&str> = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            for words in ["shortDescription", "fullDescription", "help"] {
                assert!(text(&rule[words], "text").len() > 20, "{rule}");
            }
            let help = text(&rule["help"], "markdown");
            assert!(help.contains("\n## Why it matters\n"), "{help}");
            let name = text(rule, "name");
            assert!(!name.contains('-') && name.starts_with(char::is_uppercase));
            text(rule, "id")
        })
        .collect();
    let mut reported: BTreeSet<&str> = results.iter().map(|one| text(one, "ruleId")).collect();
    // Rules over what a registry holds have their cases as descriptions of registries.
    let audits: Vec<Value> = rules.iter().filter_map(|rule| audit(rule)).collect();
    for log in &audits {
        assert_eq!(faults(&schema, log), [""; 0]);
        reported.extend(self::results(log).iter().map(|one| text(one, "ruleId")));
    }
    assert_eq!(
        rules, reported,
        "a rule without a finding is not tried here"
    );
    for part in ["relatedLocations", "fixes"] {
        assert!(results.iter().filter(|one| one.get(part).is_some()).count() > 10);
    }
    // The schema does notice what is wrong.
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] =
        0.into();
    log["runs"][0]["results"][1]
        .as_object_mut()
        .unwrap()
        .remove("message");
    assert_eq!(faults(&schema, &log).len(), 2);
}

#[test]
fn a_log_without_findings_satisfies_it_too() {
    let log = log(&root().join("fixtures/rules/floating-tag/good"));
    assert_eq!(results(&log).len(), 0);
    assert_eq!(faults(&standard(), &log), [""; 0]);
}

#[test]
fn a_hostile_name_is_a_uri_again_when_read() {
    let copy = Copy::of("fixtures/rules/floating-tag/bad", "names");
    let names = ["a b.yml", "%41.yml", "生产#?.yml", "[x]^`{}.yml"];
    std::fs::create_dir_all(copy.0.join("prod")).unwrap();
    for name in names {
        let text = "services: {a: {image: 'nginx:latest'}}\n";
        std::fs::write(copy.0.join("prod").join(name), text).unwrap();
    }
    let log = log(&copy.0);
    assert_eq!(faults(&standard(), &log), [""; 0]);
    let found: BTreeSet<String> = results(&log)
        .iter()
        .map(|one| path(&one["locations"][0]["physicalLocation"]))
        .collect();
    for name in names {
        assert!(found.contains(&format!("prod/{name}")), "{name}: {found:?}");
    }
}

/// Rule, file and fingerprint of each finding.
fn prints(log: &Value) -> Vec<(String, String, String)> {
    let mut prints: Vec<_> = results(log)
        .iter()
        .map(|one| {
            let print = text(&one["partialFingerprints"], "taglint/v1");
            let path = path(&one["locations"][0]["physicalLocation"]);
            (text(one, "ruleId").to_owned(), path, print.to_owned())
        })
        .collect();
    prints.sort();
    prints
}

#[test]
fn fingerprints_stay_while_lines_move() {
    let copy = Copy::of("fixtures", "lines");
    let before = log(&copy.0);
    let mut moved = 0;
    for entry in walkdir::WalkDir::new(&copy.0) {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy();
        let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        // What is no text, or no YAML, is so because of its very bytes.
        let unreadable = ["unreadable-file", "invalid-yaml"].map(|rule| format!("/{rule}/"));
        let inside = entry.path().to_string_lossy();
        if !yaml || unreadable.iter().any(|part| inside.contains(part.as_str())) {
            continue;
        }
        let mut bytes = b"# one\n\n# two\n# three\n".to_vec();
        bytes.extend(std::fs::read(entry.path()).unwrap());
        std::fs::write(entry.path(), bytes).unwrap();
        moved += 1;
    }
    assert!(moved > 50);
    let after = log(&copy.0);
    let (old, new) = (prints(&before), prints(&after));
    let gone: Vec<_> = old.iter().filter(|one| !new.contains(one)).collect();
    let fresh: Vec<_> = new.iter().filter(|one| !old.contains(one)).collect();
    assert!(gone.is_empty() && fresh.is_empty(), "{gone:#?}\n{fresh:#?}");
    let distinct: BTreeSet<_> = new.iter().map(|(_, _, print)| print).collect();
    assert_eq!(
        distinct.len(),
        new.len(),
        "two findings have one fingerprint"
    );
    let line = |log: &Value| {
        results(log)[0]["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64()
    };
    assert_ne!(line(&before), line(&after), "the lines have moved");
}

/// The path that an artifact location stands for, decoded.
fn path(location: &Value) -> String {
    let artifact = &location["artifactLocation"];
    assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
    let uri = text(artifact, "uri").as_bytes();
    let (mut bytes, mut at) = (Vec::new(), 0);
    while at < uri.len() {
        if uri[at] == b'%' {
            let digits = std::str::from_utf8(&uri[at + 1..at + 3]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            at += 3;
        } else {
            bytes.push(uri[at]);
            at += 1;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The byte at a line and a column, both from 1, the column in code points.
fn offset(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let start: usize = text
        .split_inclusive('\n')
        .take(number(line) - 1)
        .map(str::len)
        .sum();
    let before = text[start..].chars().take(number(column) - 1);
    start + before.map(char::len_utf8).sum::<usize>()
}

type Edits = BTreeMap<String, Vec<(usize, usize, String)>>;

/// What a fix of the log replaces, by file.
fn edits(folder: &Path, fix: &Value) -> Edits {
    let mut edits = Edits::new();
    for change in fix["artifactChanges"].as_array().unwrap() {
        let path = path(change);
        let text = std::fs::read_to_string(folder.join(&path)).unwrap();
        for replacement in change["replacements"].as_array().unwrap() {
            let region = &replacement["deletedRegion"];
            let start = offset(&text, &region["startLine"], &region["startColumn"]);
            let end = offset(&text, &region["endLine"], &region["endColumn"]);
            let inserted = replacement["insertedContent"]["text"].as_str().unwrap();
            edits
                .entry(path.clone())
                .or_default()
                .push((start, end, inserted.to_owned()));
        }
    }
    edits
}

#[test]
fn fixes_replace_the_bytes_that_the_own_format_names() {
    let fixtures = root().join("fixtures");
    let arguments = ["check", ".", "--no-ignore", "--format", "json"];
    let own: Value = serde_json::from_str(&taglint(&fixtures, &arguments)).unwrap();
    let log = log(&fixtures);
    let own = own["findings"].as_array().unwrap();
    assert_eq!(own.len(), results(&log).len());
    let mut seen = BTreeMap::new();
    for (own, result) in own.iter().zip(results(&log)) {
        assert_eq!(own["rule"], result["ruleId"]);
        let Some(fix) = own.get("fix").filter(|fix| !fix.is_null()) else {
            assert_eq!(result.get("fixes"), None);
            continue;
        };
        let mut wanted = Edits::new();
        for edit in fix["edits"].as_array().unwrap() {
            let number = |key: &str| usize::try_from(edit[key].as_u64().unwrap()).unwrap();
            let edit_text = text(edit, "text").to_owned();
            let list = wanted.entry(text(edit, "path").to_owned()).or_default();
            list.push((number("start"), number("end"), edit_text));
        }
        let mended = &result["fixes"][0];
        assert_eq!(edits(&fixtures, mended), wanted, "{result}");
        let applicability = text(&mended["properties"], "applicability");
        assert_eq!(applicability, text(fix, "applicability"));
        *seen.entry(applicability).or_insert(0) += 1;
    }
    assert!(seen["safe"] > 5 && seen["unsafe"] > 5, "{seen:?}");
}

#[test]
fn a_reader_of_the_log_alone_mends_the_files() {
    let (by_log, by_us) = (
        Copy::of("fixtures/fixes/onlatest", "by-log"),
        Copy::of("fixtures/fixes/onlatest", "by-us"),
    );
    let before = log(&by_log.0);
    assert!(
        results(&before)
            .iter()
            .any(|one| one.get("fixes").is_some())
    );
    // Two findings may want the very same edit.
    let mut all: BTreeMap<String, BTreeSet<(usize, usize, String)>> = BTreeMap::new();
    for fix in results(&before).iter().filter_map(|one| one.get("fixes")) {
        for (path, edits) in edits(&by_log.0, &fix[0]) {
            all.entry(path).or_default().extend(edits);
        }
    }
    for (path, edits) in all {
        let file = by_log.0.join(path);
        let mut text = std::fs::read_to_string(&file).unwrap();
        for (start, end, inserted) in edits.into_iter().rev() {
            text.replace_range(start..end, &inserted);
        }
        std::fs::write(file, text).unwrap();
    }
    let after = log(&by_log.0);
    let left = results(&after)
        .iter()
        .filter(|one| one.get("fixes").is_some());
    assert_eq!(left.count(), 0);
    assert!(results(&after).len() < results(&before).len());
    let _ = taglint(&by_us.0, &["check", ".", "--no-ignore", "--fix"]);
    for entry in walkdir::WalkDir::new(&by_us.0) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let other = by_log.0.join(entry.path().strip_prefix(&by_us.0).unwrap());
            let read = |path: &Path| std::fs::read(path).unwrap();
            assert_eq!(read(entry.path()), read(&other), "{other:?}");
        }
    }
}
