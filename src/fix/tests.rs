#![allow(clippy::string_slice)]

use super::*;
use crate::finding::{Applicability, Edit, Finding, Level};
use crate::project::Project;
use crate::source::{FileId, Place, Source, Span};

/// The text after one edit that puts `new` where `old` stands, spelled and applied.
fn edited(path: &str, text: &str, old: &str, new: &str) -> Option<String> {
    let start = text.find(old).unwrap();
    at(path, text, Span::new(start, start + old.len()), new)
}

fn at(path: &str, text: &str, span: Span, new: &str) -> Option<String> {
    let mut project = Project::default();
    project.sources = vec![Source::new(path, text)];
    let at = Place {
        file: FileId(0),
        span,
    };
    let edit = Edit {
        at,
        text: new.to_owned(),
    };
    let mut findings =
        [Finding::new("test", Level::Error, at, "x").fix(Applicability::Safe, vec![edit])];
    settle(&project, &mut findings);
    let fix = findings[0].fix.as_ref()?;
    Some(apply(path, text, &[fix]).text)
}

#[test]
fn a_text_is_spelled_as_its_place_has_it() {
    for (text, old, new, wanted) in [
        // Plain.
        (
            "a: x:1 # c\r\nb: 2\r\n",
            "x:1",
            "x:2",
            "a: x:2 # c\r\nb: 2\r\n",
        ),
        ("a: &k x:1\nb: *k\n", "x:1", "x:2", "a: &k x:2\nb: *k\n"),
        ("a: !t x:1\n", "x:1", "x:2", "a: !t x:2\n"),
        ("a: latest\n", "latest", "17.2", "a: \"17.2\"\n"),
        ("a: latest\n", "latest", "1.2.3", "a: 1.2.3\n"),
        ("a: latest\n", "latest", "on", "a: \"on\"\n"),
        ("a: x\n", "x", "x: y", "a: \"x: y\"\n"),
        ("a: x\n", "x", "x #y", "a: \"x #y\"\n"),
        ("a: x\n", "x", "- \"y", "a: '- \"y'\n"),
        ("a: x\n", "x", "x\ny", "a: \"x\\ny\"\n"),
        ("a: 名:1\n", "1", "2", "a: 名:2\n"),
        ("a: x y\n  z\nb: w\n", "z", "q", "a: x y\n  q\nb: w\n"),
        // Flow.
        ("a: [x, y]\n", "x", "x,b", "a: [\"x,b\", y]\n"),
        ("{a: x, b: y}\n", "y", "y}", "{a: x, b: \"y}\"}\n"),
        ("a: x\n", "x", "x,b", "a: x,b\n"),
        // Quoted.
        ("a: 'x:1' # c\n", "'x:1'", "x:2", "a: 'x:2' # c\n"),
        ("a: 'x:1'\n", "1", "it's", "a: 'x:it''s'\n"),
        ("a: 'x'\n", "x", "a\tb", "a: \"a\\tb\"\n"),
        ("a: \"x:1\"\n", "\"x:1\"", "x:2", "a: \"x:2\"\n"),
        (
            "a: \"x \\u00e9 y\"\n",
            "y",
            "\"\\",
            "a: \"x \\u00e9 \\\"\\\\\"\n",
        ),
        // Block.
        (
            "a: |\n  one\n  two\nb: 1\n",
            "one",
            "one\n1.5",
            "a: |\n  one\n  1.5\n  two\nb: 1\n",
        ),
        (
            "a: |\r\n  one\r\n  two\r\n",
            "two",
            "2\n3",
            "a: |\r\n  one\r\n  2\r\n  3\r\n",
        ),
        ("- a: >-\n    x:1\n", "x:1", "x:2", "- a: >-\n    x:2\n"),
        (
            "a: |2\n    one\n",
            "one",
            "it's \"x: #y\"",
            "a: |2\n    it's \"x: #y\"\n",
        ),
        // Whole lines go as they are.
        ("a: |\n  one\n  two\n", "  one\n", "", "a: |\n  two\n"),
        ("a: 1\n# c\nb: 2\n", "# c\n", "", "a: 1\nb: 2\n"),
        ("a: 1 # c\nb: 2\n", " # c", "", "a: 1\nb: 2\n"),
    ] {
        let found = edited("a.yaml", text, old, new);
        assert_eq!(
            found.as_deref(),
            Some(wanted),
            "{text:?}: {old:?} to {new:?}"
        );
    }
}

#[test]
fn what_would_change_more_is_refused() {
    for (text, old, new) in [
        ("a: >-\n  one\n  two\n", "one", "one\nmore"),
        ("a: x\nb: y\n", "a: x", "c: x"),
        ("a: x\nb: y\n", "b: y\n", ""),
        ("a: |\n  one\n", "one", " one"),
        ("a: |\n  one\n  two\n", "e\n  t", "x"),
        ("a: |\n  one\n", "one", "o\u{7}e"),
        ("a: \"\\u00e9\"\n", "00e9", "1"),
    ] {
        assert_eq!(edited("a.yaml", text, old, new), None, "{text:?}: {old:?}");
    }
}

#[test]
fn a_whole_block_keeps_its_end() {
    let text = "a: |\n  x:1\nb: 2\n";
    let yaml = crate::yaml::Yaml::parse(text);
    let span = yaml.first().unwrap().get("a").unwrap().span();
    assert_eq!(
        at("a.yaml", text, span, "x:2").as_deref(),
        Some("a: |\n  x:2\nb: 2\n")
    );
}

#[test]
fn other_files_are_edited_as_text() {
    let text = "FROM nginx # no comment\nRUN x: y\n";
    let wanted = "FROM nginx:1.2.3 # no comment\nRUN x: y\n";
    assert_eq!(
        edited("Dockerfile", text, "nginx", "nginx:1.2.3").as_deref(),
        Some(wanted)
    );
    for (path, wanted) in [
        ("x/a.yml", true),
        ("app.Dockerfile", false),
        ("Dockerfile.yml", true),
    ] {
        assert_eq!(is_yaml(path), wanted, "{path}");
    }
}

fn fix(start: usize, end: usize, text: &str) -> crate::finding::Fix {
    let at = Place {
        file: FileId(0),
        span: Span::new(start, end),
    };
    crate::finding::Fix {
        applicability: Applicability::Safe,
        edits: vec![Edit {
            at,
            text: text.to_owned(),
        }],
    }
}

#[test]
fn of_fixes_that_clash_the_first_wins() {
    let fixes = [
        fix(6, 7, "Y"),
        fix(3, 5, "xx"),
        fix(4, 5, "z"),
        fix(6, 7, "Y"),
    ];
    let fixes: Vec<_> = fixes.iter().collect();
    let applied = apply("a.yaml", "a: 12 3", &fixes);
    assert_eq!(applied.text, "a: xx Y");
    assert_eq!(applied.done, [1, 0, 3]);
}

#[test]
fn fixes_that_break_the_file_together_are_taken_apart() {
    // Both insertions are harmless alone; together they make a comment.
    let fixes = [fix(4, 4, " "), fix(5, 5, "#")];
    let applied = apply(
        "a.yaml",
        "a: xyz\nb: 1\n",
        &fixes.iter().collect::<Vec<_>>(),
    );
    assert!(crate::yaml::Yaml::parse(&applied.text).first().is_some());
}
