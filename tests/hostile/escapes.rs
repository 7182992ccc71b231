//! What acts on a terminal, on a runner that reads a log, or on whoever reads a report as markup:
//! none of it gets through, from names, from texts or from errors.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use super::{Folder, WORKFLOW, push, workflow};

/// Escapes, controls of both sets, a link, overrides of direction, a separator of lines.
const ACTIVE: [char; 12] = [
    '\u{1b}', '\u{7}', '\u{8}', '\u{7f}', '\u{9b}', '\u{9d}', '\u{90}', '\u{202e}', '\u{2066}',
    '\u{200f}', '\u{61c}', '\u{2028}',
];

fn assert_harmless(text: &str, what: &str) {
    let found = text
        .chars()
        .find(|c| ACTIVE.contains(c) || (c.is_control() && !matches!(c, '\n' | '\t')));
    assert_eq!(found, None, "{what}: {text:?}");
}

fn hostile(name: &str) -> Folder {
    let folder = Folder::new(name);
    let active: String = ACTIVE.iter().collect();
    let quoted: String = ACTIVE
        .iter()
        .map(|c| format!("\\u{:04x}", *c as u32))
        .collect();
    let raw = "\u{9b}31m\u{202e}x\u{2066}\u{200f}\u{61c}";
    for (number, text) in [
        // Spelled out, and so in the value; written as they are, and so in the excerpt.
        format!("services: {{\"a{quoted}\": {{image: \"nginx:latest\"}}}}\n"),
        format!("services: {{a: {{image: \"nginx{quoted}:la{quoted}test\"}}}}\n"),
        format!("services: {{a: {{image: 'nginx:latest'}}}} # {raw}\n"),
        format!("services: {{a{raw}: {{image: 'nginx:la{raw}test'}}}}\n"),
        "services: {a: {image: nginx:latest}} # good\rbad\r\n".to_owned(),
        "services: {a: {image: \"x\\rnginx:latest\"}}\n".to_owned(),
        format!("services: {{a: [{raw}\n"),
        format!("x: *{raw}\nservices: {{}}\n"),
    ]
    .into_iter()
    .enumerate()
    {
        folder.write(format!("compose.{number}.yml"), text);
    }
    folder.write(
        format!("x{active}/compose.yml"),
        "services: {a: {image: 'nginx:latest'}}\n",
    );
    folder.write(
        format!("x{active}/c/Chart.yaml"),
        format!("name: \"c{quoted}\"\nversion: 1.0.0\n"),
    );
    folder.write(
        "taglint.yaml",
        format!("version: 1\n\"k{quoted}\": 1\nschemes: [{{image: \"a{quoted}\"}}]\n"),
    );
    let mut steps = push(&format!(
        "a/b:${{{{ env.X }}}}{raw},a/c:${{{{ secrets.S }}}}"
    ));
    steps.push_str(&format!(
        "      - {{run: 'docker push a/{raw}b:1', env: {{\"X{quoted}\": \"{quoted}\"}}}}\n"
    ));
    folder.write(WORKFLOW, workflow(&steps));
    folder
}

#[test]
fn nothing_acts_on_a_terminal() {
    let folder = hostile("terminal");
    let (active, image) = (ACTIVE.iter().collect::<String>(), "a\u{1b}[2J/b");
    let missing = format!("no{active}file");
    for arguments in [
        &["check"][..],
        &["check", "--format", "concise"],
        &["check", "--format", "github"],
        &["check", "--list-images"],
        &["check", "--diff", "--unsafe-fixes"],
        &["plan"],
        &["plan", "--format", "markdown"],
        &["plan", "--format", "mermaid"],
        &["plan", "--format", "coverage"],
        &["init", "--output", "-"],
        &["check", &missing],
        &["check", "--baseline", &missing],
        &["check", "--config", &missing],
        &["check", "--select", &missing],
        &["check", "--format", &missing],
        &["check", "--output", &format!("{missing}/x")],
        &["check", "--today", &missing],
        &["plan", "--time", &missing],
        &["plan", "--env", &missing],
        &["plan", "--event", "push", "--payload", &missing],
        &["eval", &missing],
        &["eval", &format!("'{active}")],
        &["eval", "1", "--context", &missing],
        &["explain", &missing],
        &["schema", &missing],
        &["audit", image],
        &["pin", "--format", &missing],
        &[&missing],
        &[&format!("--{missing}")],
    ] {
        let ran = folder.run(arguments);
        assert_harmless(&ran.text(), &format!("{arguments:?}"));
        assert_harmless(&ran.errors(), &format!("errors of {arguments:?}"));
        assert!(
            arguments.contains(&"--diff") || !ran.text().is_empty() || !ran.errors().is_empty(),
            "{arguments:?} says nothing"
        );
    }
}

/// A line of a log that starts with `::` is a command to the runner.
#[test]
fn no_command_reaches_the_runner() {
    let folder = Folder::new("runner");
    let name = "a\n::error file=b,line=1::x%0A::set-output name=y::z\r.yml";
    folder.write(name, "services: {\"s\\n::stop-commands::x\": {image: \"nginx:latest\"}, b: {image: \"x\\n::add-mask::y:latest\"}, c: {image: \"nginx\\r::warning::y\"}}\n");
    folder.write("b,c:d%0A.yml", "services: {a: {image: 'nginx:latest'}}\n");
    let ran = folder.run(&["check", "--format", "github"]);
    let text = ran.text();
    assert!(text.lines().count() >= 4, "{text}");
    for line in text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        let rest = ["::notice ", "::warning ", "::error "]
            .iter()
            .find_map(|start| line.strip_prefix(start));
        let (properties, message) = rest.and_then(|rest| rest.split_once("::")).unwrap();
        let keys = ["file=", "line=", "endLine=", "col=", "endColumn=", "title="];
        let all: Vec<&str> = properties.split(',').collect();
        assert_eq!(all.len(), keys.len(), "{line}");
        assert!(all.iter().zip(keys).all(|(one, key)| one.starts_with(key)));
        assert!(!properties.contains(':'), "{line}");
        assert!(!message.contains(['\n', '\r']), "{line}");
    }
    assert!(text.contains("file=b%2Cc%3Ad%250A.yml"), "{text}");
    let ran = folder.run(&["check", "--format", "concise"]);
    assert!(
        ran.text().lines().all(|line| !line.starts_with("::")),
        "{}",
        ran.text()
    );
}

#[test]
fn markup_holds_text_only() {
    let folder = Folder::new("markup");
    let evil = "</script><script>alert(1)</script>\"'&<b>";
    folder.write(
        format!("{}/{WORKFLOW}", evil.replace('/', "|")),
        workflow(&format!(
            "      - name: \"{}\"\n        run: docker push 'a/b:{}'\n",
            evil.replace('"', "\\\""),
            "<i>x"
        )),
    );
    folder.write(
        WORKFLOW,
        workflow(&format!(
            "{}      - run: docker push \"a/b:$(x '{}')|y`z`\"\n",
            push("a/b:latest"),
            "<script>x</script>"
        )),
    );
    folder.write("<img src=x>.yml", "services: {\"<b>&\\u0001\\ufffe\\ud7ff\": {image: 'nginx:latest'}, b: {image: \"x\\u000b<y>]]>:latest\"}}\n");
    for format in ["html", "svg", "markdown"] {
        let text = folder.run(&["plan", "--format", format]).text();
        assert!(text.contains("a/b"), "{text}");
        for bad in ["<script", "<img", "<i>", "<b>x"] {
            let own = format == "html" && bad == "<b>x";
            assert!(own || !text.contains(bad), "{bad} in {format}: {text}");
        }
    }
    for format in ["junit", "checkstyle"] {
        let text = folder.run(&["check", "--format", format]).text();
        let allowed = |c: char| matches!(c, '\n' | '\t' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(allowed), "{text:?}");
        let mut reader = quick_xml::Reader::from_str(&text);
        reader.config_mut().check_end_names = true;
        let mut elements = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(start) | quick_xml::events::Event::Empty(start) => {
                    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
                    let known = [
                        "testsuites",
                        "testsuite",
                        "testcase",
                        "failure",
                        "error",
                        "checkstyle",
                        "file",
                    ];
                    assert!(known.contains(&name.as_str()), "{name} in {text}");
                    elements += 1;
                }
                _ => {}
            }
        }
        assert!(elements > 3, "{text}");
    }
}

/// Names of files that are no text, or that look alike once they are shown.
#[test]
fn names_of_files() {
    let folder = Folder::new("names");
    let names: [&[u8]; 7] = [
        b"a\xff.yml",
        b"a\xfe.yml",
        b"b\x01.yml",
        b"b\x02.yml",
        b"c d%20#?.yml",
        b"e\\f.yml",
        "名\u{202e}.yml".as_bytes(),
    ];
    for name in names {
        folder.write(
            OsStr::from_bytes(name),
            "services: {a: {image: 'nginx:latest'}}\n",
        );
    }
    // Each is looked at, however it is shown.
    assert_eq!(folder.check().len(), names.len());
    let ran = folder.run(&["check", "--format", "sarif", "--fail-on", "never"]);
    let log = ran.json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let uri = |result: &serde_json::Value| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let uris: Vec<String> = results.iter().map(uri).collect();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "/-._~@%".contains(c);
    assert!(uris.iter().all(|uri| uri.chars().all(allowed)), "{uris:?}");
    for wanted in ["c%20d%2520%23%3F.yml", "e%5Cf.yml", "a%EF%BF%BD.yml"] {
        assert!(uris.iter().any(|uri| uri == wanted), "{uris:?}");
    }
    let ran = folder.shell(
        "exec \"$@\" --fix --unsafe-fixes \"$(printf 'a\\377.yml')\"",
        &["check"],
    );
    assert!(
        ran.status() == Some(0) || ran.status() == Some(1),
        "{}",
        ran.errors()
    );
}
