#![allow(clippy::string_slice)]

use super::*;
use crate::rules::Selection;

/// A run over one file with a finding of `rule` at each `@` of the text, which is taken out.
fn run(path: &str, marked: &str, rule: &'static str) -> (Project, Suppressed) {
    let mut text = String::new();
    let mut findings = Vec::new();
    for (index, part) in marked.split('@').enumerate() {
        if index > 0 {
            let at = Place {
                file: FileId(0),
                span: Span::new(text.len(), text.len() + 1),
            };
            findings.push(Finding::new(rule, Level::Warning, at, "x").image(format!("i{index}")));
        }
        text.push_str(part);
    }
    let mut project = Project::default();
    project.sources = vec![Source::new(path, text)];
    let out = suppress(&project, &Selection::default(), findings);
    (project, out)
}

/// How many are suppressed, and what is left, by rule.
fn told(marked: &str) -> (usize, Vec<&'static str>) {
    let (_, out) = run("a.yaml", marked, "floating-tag");
    (out.count, out.findings.iter().map(|f| f.rule).collect())
}

#[test]
fn a_comment_suppresses_its_line_or_the_next() {
    for (text, wanted) in [
        ("a: @x # taglint: ignore[floating-tag] why\n", (1, vec![])),
        ("# taglint: ignore[floating-tag]\na: @x\n", (1, vec![])),
        (
            "# taglint:ignore[ floating-tag , untagged-image ]\na: @x\n",
            (1, vec!["unused-suppression"]),
        ),
        (
            "#  taglint: ignore[floating-tag]\n# other\r\na: @x\n",
            (1, vec![]),
        ),
        (
            "# taglint: ignore[floating-tag]\n\na: @x\n",
            (0, vec!["unused-suppression", "floating-tag"]),
        ),
        (
            "a: @x\n# taglint: ignore[floating-tag]\n",
            (0, vec!["floating-tag", "unused-suppression"]),
        ),
        (
            "a: 1 # taglint: ignore[floating-tag]\nb: @x\n",
            (0, vec!["unused-suppression", "floating-tag"]),
        ),
        (
            "a: @x\nb: @y\n# taglint: ignore-file[floating-tag] why\n",
            (2, vec![]),
        ),
        (
            "a: \"x # taglint: ignore[floating-tag]\"\nb: 1\n",
            (0, vec![]),
        ),
        (
            "a: '@x # taglint: ignore[floating-tag]'\n",
            (0, vec!["floating-tag"]),
        ),
    ] {
        assert_eq!(told(text), wanted, "{text:?}");
    }
}

#[test]
fn blocks_and_scripts_are_suppressed_as_a_whole_or_by_line() {
    for (text, wanted) in [
        (
            "# taglint: ignore[floating-tag]\na: |\n  one\n  @two\nb: 1\n",
            (1, vec![]),
        ),
        (
            "a: | # taglint: ignore[floating-tag]\n  one\n  @two\nb: 1\n",
            (1, vec![]),
        ),
        (
            "a: |\n  one\n  # taglint: ignore[floating-tag]\n  @two\n  @three\n",
            (1, vec!["floating-tag"]),
        ),
        (
            "a: |\n  one\n  @two # taglint: ignore[floating-tag]\n",
            (1, vec![]),
        ),
        (
            "a: |\n  echo \"# taglint: ignore[floating-tag]\"\n  @two\n",
            (0, vec!["floating-tag"]),
        ),
        (
            "a: |\n  # taglint: ignore[floating-tag]\n  build \\\n    @two \\\n    @three\n  @four\n",
            (2, vec!["floating-tag"]),
        ),
    ] {
        assert_eq!(told(text), wanted, "{text:?}");
    }
}

#[test]
fn other_files_have_comments_on_lines_of_their_own() {
    for (path, text, wanted) in [
        (
            "Dockerfile",
            "# taglint: ignore[floating-tag] why\nFROM @nginx\n",
            1,
        ),
        (
            "Dockerfile",
            "FROM @nginx # taglint: ignore[floating-tag]\n",
            0,
        ),
        (
            "docker-bake.hcl",
            "  // taglint: ignore[floating-tag]\n  tags = [\"@x\"]\n",
            1,
        ),
    ] {
        assert_eq!(run(path, text, "floating-tag").1.count, wanted, "{text:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    for (comment, wanted) in [
        ("ignore", "names no rule"),
        ("ignore[]", "names no rule"),
        ("ignore why", "names no rule"),
        ("ignore[floating-tag", "no end"),
        ("ingore[floating-tag]", "`ingore`"),
        ("ignore[floting-tag]", "did you mean `floating-tag`?"),
        ("", "nothing that a comment can ask for"),
    ] {
        let (_, out) = run(
            "a.yaml",
            &format!("# taglint: {comment}\na: 1\n"),
            "floating-tag",
        );
        let message = &out.findings[0].message;
        assert!(message.contains(wanted), "{comment}: {message}");
        assert_eq!(out.findings.len(), 1);
    }
}

#[test]
fn unused_ones_are_removed_by_their_fix() {
    for (text, wanted) in [
        ("# taglint: ignore[floating-tag] why\na: 1\n", "a: 1\n"),
        (
            "a: 1  # taglint: ignore[floating-tag] why\r\nb: 2\r\n",
            "a: 1\r\nb: 2\r\n",
        ),
        (
            "a: |\n  one\n  # taglint: ignore[floating-tag]\n  two\n",
            "a: |\n  one\n  two\n",
        ),
        (
            "a: @x # taglint: ignore[untagged-image, floating-tag] why\n",
            "a: x # taglint: ignore[floating-tag] why\n",
        ),
    ] {
        let (project, out) = run("a.yaml", text, "floating-tag");
        let source = &project.sources[0];
        let fix = out.findings[0].fix.as_ref().unwrap();
        let applied = crate::fix::apply(source.path(), source.text(), &[fix]);
        assert_eq!(applied.text, wanted, "{text:?}");
    }
}

#[test]
fn a_rule_that_does_not_run_leaves_its_suppressions_alone() {
    let mut project = Project::default();
    let text = "# taglint: ignore[floating-tag]\na: 1\n";
    project.sources = vec![Source::new("a.yaml", text)];
    let selection = Selection::new(&[], &["floating-tag".to_owned()]).unwrap();
    assert!(
        suppress(&project, &selection, Vec::new())
            .findings
            .is_empty()
    );
}

#[test]
fn suppressions_are_written_above_the_line_and_suppress() {
    for (text, wanted) in [
        (
            "a:\r\n  b: @x\r\n",
            "a:\r\n  # taglint: ignore[floating-tag] why\r\n  b: x\r\n",
        ),
        (
            "- run: |\n    one\n    @two\n",
            "# taglint: ignore[floating-tag] why\n- run: |\n    one\n    two\n",
        ),
        (
            "# taglint: ignore[untagged-image] old\na: @x\n",
            "# taglint: ignore[untagged-image, floating-tag] old\na: x\n",
        ),
        (
            "a: [@x,\n  @y]\n",
            "# taglint: ignore[floating-tag] why\na: [x,\n  # taglint: ignore[floating-tag] why\n  y]\n",
        ),
    ] {
        let (project, out) = run("a.yaml", text, "floating-tag");
        let left: Vec<Finding> = out.findings;
        let (texts, _) = insert(&project, &left, "why\n");
        assert_eq!(
            texts.get(&FileId(0)).map(String::as_str),
            Some(wanted),
            "{text:?}"
        );
    }
}
