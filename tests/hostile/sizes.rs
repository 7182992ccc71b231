//! Files and lines of a size that nobody writes by hand.

use super::{Folder, SCALE, WORKFLOW, push, script, workflow};

const MIB: usize = 1 << 20;

#[test]
fn lines_of_many_megabytes() {
    // The whole file stays below the 64 MiB that are read.
    let long = "a".repeat(6 * MIB * SCALE);
    for (path, text) in [
        (
            "compose.yml",
            format!("services: {{a: {{image: 'nginx:latest', x: '{long}'}}}}\n"),
        ),
        (
            "compose.yml",
            format!("services: {{x: {{x: '{long}'}}, a: {{image: 'nginx:latest'}}}}\n"),
        ),
        (
            "compose.yml",
            format!("services: {{a: {{image: '{long}'}}}}\n"),
        ),
        (
            "compose.yml",
            format!("services: {{'{long}': {{image: 'nginx:latest'}}}}\n"),
        ),
        (
            "compose.yml",
            format!("#{long}\nservices: {{a: {{image: 'nginx:latest'}}}}\n"),
        ),
        (
            "k.json",
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{{\"containers\":[{{\"image\":\"{long}\"}}]}}}}"
            ),
        ),
        ("Dockerfile", format!("FROM nginx:latest\nRUN {long}\n")),
        ("Dockerfile", format!("FROM {long}\n")),
        (WORKFLOW, workflow(&push(&format!("a/b:{long}")))),
    ] {
        let folder = Folder::new("lines");
        folder.write(path, text);
        for format in ["human", "concise", "github"] {
            let ran = folder.run(&["check", "--format", format, "--fail-on", "never"]);
            assert_eq!(ran.status(), Some(0), "{path}: {}", ran.errors());
            let text = ran.text();
            // What is shown is an excerpt, whatever there is to show.
            assert!(
                (80..60_000).contains(&text.len()),
                "{format} of {path}: {} bytes",
                text.len()
            );
        }
    }
    let folder = Folder::new("lines-run");
    folder.write(
        WORKFLOW,
        workflow(&format!(
            "{}{}",
            script(&format!("docker push a/c:{long}")),
            push("a/b:latest")
        )),
    );
    folder.write(
        "docker-bake.hcl",
        format!("target \"a\" {{\n tags = [\"{long}\"]\n}}\n"),
    );
    folder.write(
        "e.yml",
        format!(
            "services: {{a: {{image: nginx}}}}\n{}",
            "\n".repeat(MIB * SCALE)
        ),
    );
    assert!(!folder.check().is_empty());
}

/// A file that is larger than what is read is a finding, and costs no memory.
#[test]
fn more_than_is_read() {
    let folder = Folder::new("large");
    let file = std::fs::File::create(folder.0.join("compose.yml")).unwrap();
    file.set_len(20 << 30).unwrap();
    let found = folder.check();
    assert_eq!(found[0]["rule"], "unreadable-file", "{found:?}");
}

/// Thousands of findings in one file cost each as much as the first.
#[test]
fn many_findings_in_one_file() {
    let many = 1_500 * SCALE;
    let document = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{image: 'nginx:latest'}]}\n---\n";
    let services = |between: &str| {
        let all = (0..many).map(|n| format!("s{n}: {{image: 'nginx:latest'}}{between}"));
        all.collect::<String>()
    };
    for (text, ends) in [
        (document.repeat(many), false),
        (format!("services:\n  {}", services("\n  ")), false),
        (format!("services: {{{}}}\n", services(", ")), false),
        (
            format!(
                "services:\n{}",
                (0..many)
                    .map(|n| format!(
                        "  # taglint: ignore[floating-tag] x\n  s{n}: {{image: 'nginx:latest'}}\n"
                    ))
                    .collect::<String>()
            ),
            true,
        ),
        ("---\n".repeat(many * 10), true),
        ("a: [\n---\n".repeat(many), true),
    ] {
        let folder = Folder::new("findings");
        folder.write("compose.yml", text);
        let ran = folder.run(&["check", "--select", "floating-tag", "--fail-on", "never"]);
        assert_eq!(ran.status(), Some(0), "{}", ran.errors());
        let shown = ran.text().matches("[floating-tag]").count();
        assert_eq!(shown, if ends { 0 } else { many });
    }
}

#[test]
fn many_of_everything() {
    let many = 2_000 * SCALE;
    let numbered = |one: fn(usize) -> String| (0..many).map(one).collect::<String>();
    for (path, text) in [
        (
            "k.yaml",
            format!(
                "x:\n{}y:\n{}apiVersion: v1\nkind: Pod\nspec: {{containers: [{{image: nginx}}]}}\n",
                numbered(|n| format!("- &a{n} v\n")),
                numbered(|n| format!("- *a{n}\n"))
            ),
        ),
        (
            "compose.yml",
            format!(
                "services: {{a: {{image: 'nginx:{}'}}}}\n",
                "${a}".repeat(many)
            ),
        ),
        (
            "Dockerfile",
            format!(
                "FROM nginx\n{}",
                numbered(|n| format!("FROM s{n} AS t{n}\nCOPY --from=t{n} a b\n"))
            ),
        ),
        (
            WORKFLOW,
            format!(
                "on: {{push: {{tags: [{}]}}}}\njobs: {{b: {{runs-on: x, steps: [{{run: docker push a/b:1}}]}}}}\n",
                numbered(|n| format!("'v{n}*a*b*', "))
            ),
        ),
        (
            WORKFLOW,
            workflow(&format!(
                "      - uses: docker/metadata-action@v5\n        id: m\n        with:\n          images: a/b\n          tags: |\n{}{}",
                numbered(|n| format!("            type=raw,value=a{n}\n")),
                push("${{ steps.m.outputs.tags }}")
            )),
        ),
        (WORKFLOW, workflow(&push(&"${{ 1 }}".repeat(many)))),
        (
            WORKFLOW,
            workflow(&script(&format!(
                "{}docker push a/b:1",
                "docker pull a/b:1\n".repeat(many)
            ))),
        ),
        (
            WORKFLOW,
            workflow(&script(&format!(
                "docker push a/b:1\n{}",
                "f() { ".repeat(500)
            ))),
        ),
        (
            "docker-compose.yml",
            format!(
                "services: {{a: {{image: 'nginx:{}'}}}}\n",
                ":".repeat(many * 10)
            ),
        ),
    ] {
        let folder = Folder::new("many");
        folder.write(path, text);
        let ran = folder.run(&["check", "--fail-on", "never"]);
        assert_eq!(ran.status(), Some(0), "{path}: {}", ran.errors());
    }
}

#[test]
fn what_is_left_out_of_a_file_is_said() {
    let bomb = super::growth::laughs();
    for (path, text) in [
        (
            ".gitlab-ci.yml",
            "b: {script: [docker push a/b:1]}\nc: {script: [docker push a/b:2], x: *a11}\n",
        ),
        (
            ".drone.yml",
            "kind: pipeline\nname: x\nsteps: [{name: a, image: docker, commands: [docker push a/b:1]}]\nz: *a11\n",
        ),
    ] {
        let folder = Folder::new("left-out");
        folder.write(path, format!("{bomb}{text}"));
        let output = folder.plan();
        assert!(
            output.contains("more than 50,000 values"),
            "{path}: {output}"
        );
    }
}
