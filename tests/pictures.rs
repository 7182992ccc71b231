//! Plans as pages, pictures and charts: complete, well-formed, and with nothing of a file in them that
//! could be markup; and what the terminal shows where it is narrow, plain or not UTF-8.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
    command.args(arguments).current_dir(folder);
    for name in [
        "LC_ALL",
        "LC_CTYPE",
        "LANG",
        "COLUMNS",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
    ] {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied()).output().unwrap()
}

fn plan(folder: &Path, format: &str) -> String {
    let output = run(folder, &["plan", "--format", format], &[]);
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

/// Reads to the end: unclosed or crossed elements and bare `&` are faults.
fn is_well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{error} at {}", reader.error_position()),
        }
    }
}

/// A repository whose every name is hostile.
fn hostile(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("taglint-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join(".github/workflows")).unwrap();
    let workflow = "on: {push: {tags: ['v*']}}\njobs:\n  'j\"><script>alert(1)</script>':\n    runs-on: x\n    \
         strategy: {matrix: {v: ['</td><img src=x onerror=alert(2)>', \"a|b`c\\n| d\"]}}\n    steps:\n      - run: |\n          \
         docker build -t \"acme/app:1-$(cat '<svg/onload=alert(3)>')\" -f 'D&<b>' .\n          \
         docker push --all-tags acme/app\n      - uses: docker/build-push-action@v6\n        with:\n          \
         push: true\n          file: '\"><script>alert(4)</script>'\n          target: \"]; click b0 \\\"x\\\"\"\n          \
         tags: 'acme/app:${{ github.ref_name }}-${{ secrets[''<i>''] }}'\n";
    std::fs::write(folder.join(".github/workflows/<b>.yml"), workflow).unwrap();
    folder
}

#[test]
fn the_page_stands_alone_and_says_everything() {
    let page = plan(&fixtures().join("plans/unknown-parts"), "html");
    for outside in [
        "<script", "http://", "https://", "url(", "@import", "<link", "<img",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("prefers-color-scheme: dark"));
    assert!(page.contains("secrets.REGISTRY_USER"));
    assert!(page.contains("a secret"));
    assert!(page.contains("release.yml:12"));
    let page = plan(&fixtures().join("demo"), "html");
    assert_eq!(page.matches("chip channel contested").count(), 6);
    assert!(page.contains("pushed by 3 builds"));
    assert!(page.contains("suffix: <code>-slim</code>"));
    let latest = page.find("<th scope=\"row\">latest</th>").unwrap();
    let version = page.find("<th scope=\"row\">1.2.3</th>").unwrap();
    assert!(latest < version, "channels stand on top");
    assert!(plan(&fixtures().join("compose"), "html").contains("publishes an image"));
}

#[test]
fn no_name_is_markup() {
    let folder = hostile("markup");
    let page = plan(&folder, "html");
    for word in ["<script", "<img", "<svg", "<b>", "<i>"] {
        assert!(!page.contains(word), "{word} in\n{page}");
    }
    assert!(page.contains("&lt;script&gt;"), "{page}");
    is_well_formed(
        &page
            .replace("<!doctype html>", "")
            .replace("<br>", "<br/>")
            .lines()
            .filter(|line| !line.starts_with("<meta"))
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
    let markdown = plan(&folder, "markdown");
    for word in ["<script", "<img", "<svg", "<b>", "a|b", "`c"] {
        assert!(!markdown.contains(word), "{word} in\n{markdown}");
    }
    let tables = markdown.lines().filter(|line| line.starts_with('|'));
    assert!(tables.clone().count() > 3);
    assert!(
        tables.clone().all(|line| line.trim_end().ends_with('|')),
        "{markdown}"
    );
    let chart = plan(&folder, "mermaid");
    for line in chart.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count(), 2, "{line}");
        assert!(!line.contains('<'), "{line}");
    }
    let picture = plan(&folder, "svg");
    is_well_formed(&picture);
    assert!(!picture.contains("<script"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_plan_of_ours_is_drawn_well_formed() {
    for case in std::fs::read_dir(fixtures().join("plans")).unwrap() {
        let case = case.unwrap().path();
        is_well_formed(&plan(&case, "svg"));
        let chart = plan(&case, "mermaid");
        assert!(chart.starts_with("flowchart LR\n"));
        let text = plan(&case, "markdown");
        let told = text.contains("\n| |") || text.contains("Fails:");
        assert!(told, "{}", case.display());
    }
}

#[test]
fn the_chart_leads_from_definition_to_build_to_tag() {
    let chart = plan(&fixtures().join("demo"), "mermaid");
    assert!(
        chart.contains("w0[[\".github/workflows/release.yml\"]]"),
        "{chart}"
    );
    assert!(
        chart.contains("b2[\"docker#91;-slim#93;, step 3\"]"),
        "{chart}"
    );
    assert!(chart.contains("([\"latest\"]):::contested"), "{chart}");
    assert!(chart.contains("b2 -->|\"release v1.2.3\"|"), "{chart}");
}

#[test]
fn several_formats_go_to_several_files() {
    let folder = std::env::temp_dir().join(format!("taglint-several-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let target = |format: &str| format!("{format}={}", folder.join(format).display());
    let (page, picture) = (target("html"), target("svg"));
    let arguments = [
        "plan", "--format", "human", "--format", &page, "--format", &picture,
    ];
    let output = run(&fixtures().join("demo"), &arguments, &[]);
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .starts_with("acme/broker")
    );
    assert!(
        std::fs::read_to_string(folder.join("html"))
            .unwrap()
            .starts_with("<!doctype")
    );
    assert!(
        std::fs::read_to_string(folder.join("svg"))
            .unwrap()
            .starts_with("<svg")
    );
    let file = folder.join("plan.md").display().to_string();
    let arguments = ["plan", "--format", "markdown", "--output", &file];
    assert!(
        run(&fixtures().join("demo"), &arguments, &[])
            .stdout
            .is_empty()
    );
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("## "));
    for wrong in ["nothing", "html="] {
        let output = run(&fixtures().join("demo"), &["plan", "--format", wrong], &[]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn colours_follow_the_conventions() {
    let coloured = |environment: &[(&str, &str)], more: &[&str]| {
        let mut arguments = vec!["plan"];
        arguments.extend(more);
        run(&fixtures().join("demo"), &arguments, environment)
            .stdout
            .contains(&0x1b)
    };
    let (force, never) = (("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1"));
    assert!(!coloured(&[], &[]), "a pipe shows no colours");
    assert!(coloured(&[force], &[]));
    assert!(coloured(&[force, ("CLICOLOR", "0")], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!coloured(&[force, never], &[]));
    assert!(
        coloured(&[force, ("NO_COLOR", "")], &[]),
        "an empty NO_COLOR says nothing"
    );
    assert!(
        coloured(&[never], &["--color", "always"]),
        "the option has the last word"
    );
    assert!(!coloured(&[force], &["--color", "never"]));
}

#[test]
fn other_locales_get_ascii() {
    for locale in ["C", "POSIX", "en_US.ISO-8859-1", "zh_CN.GB18030"] {
        for command in ["plan", "check"] {
            let output = run(&fixtures().join("demo"), &[command], &[("LC_ALL", locale)]);
            assert!(output.stdout.is_ascii(), "{command} in {locale}");
            assert!(output.stdout.len() > 100);
        }
    }
    for environment in [
        &[("LANG", "C.UTF-8")][..],
        &[("LC_ALL", ""), ("LANG", "de_DE.utf8")],
        &[],
    ] {
        assert!(
            !run(&fixtures().join("demo"), &["plan"], environment)
                .stdout
                .is_ascii()
        );
    }
}

#[test]
fn narrow_terminals_are_kept_to() {
    let shown = |columns: &str, command: &str| {
        let environment = [("COLUMNS", columns), ("LANG", "C.UTF-8")];
        let output = run(&fixtures().join("demo"), &[command], &environment);
        String::from_utf8(output.stdout).unwrap()
    };
    for columns in ["40", "60", "80", "160"] {
        let most: usize = columns.parse().unwrap();
        let text = shown(columns, "plan");
        // The first line names the image and the file, which nobody can shorten.
        let widest = text
            .lines()
            .skip(1)
            .map(|line| line.chars().count())
            .max()
            .unwrap();
        assert!(widest <= most, "{widest} columns of {columns}\n{text}");
        assert!(text.contains("latest ×3"));
        assert!(shown(columns, "check").contains("contested-tag"));
    }
    assert_eq!(shown("nonsense", "plan"), shown("120", "plan"));
}
