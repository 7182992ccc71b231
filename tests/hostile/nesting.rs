//! What is nested so deep that whatever follows it by calling itself would run out of its stack.

use super::{Folder, WORKFLOW, push, script, workflow};

fn deep(open: &str, middle: &str, close: &str) -> String {
    let many = 20_000;
    format!("{}{middle}{}", open.repeat(many), close.repeat(many))
}

#[test]
fn documents() {
    let list = deep("[", "", "]");
    let map = deep("{a: ", "1", "}");
    let blocks: String = (0..2_000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    for text in [
        format!("x: {list}\n"),
        format!("x: {map}\n"),
        format!("x:\n  {}a\n", "- ".repeat(20_000)),
        format!("x:\n  {}a\n", "? ".repeat(20_000)),
        format!("x: {}\n", deep("[a: ", "1", "]")),
        blocks,
    ] {
        let folder = Folder::new("documents");
        folder.write(
            "compose.yml",
            format!("services: {{a: {{image: 'nginx:latest'}}}}\n---\n# image\n{text}"),
        );
        folder.write("taglint.yaml", format!("version: 1\nx: {list}\n"));
        folder.write(
            "k.json",
            format!("{{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"x\": {list}}}"),
        );
        let found = folder.check();
        let told = |rule: &str| found.iter().any(|one| one["rule"] == rule);
        assert!(told("invalid-yaml") && told("invalid-policy"), "{found:?}");
    }
}

#[test]
fn expressions() {
    for (open, close) in [
        ("(", ")"),
        ("!", ""),
        ("format(", ")"),
        ("a[", "]"),
        ("a.", ""),
        ("a&&", ""),
        ("fromJSON(", ")"),
        ("${{ ", " }}"),
    ] {
        let folder = Folder::new("expressions");
        let text = deep(open, "1", close);
        folder.write(
            WORKFLOW,
            workflow(&format!(
                "{}{}",
                push(&format!("a/b:${{{{ {text} }}}}")),
                push("a/b:after")
            )),
        );
        assert!(folder.plan().contains("after"), "{open}");
        let few = format!("{}1{}", open.repeat(2_000), close.repeat(2_000));
        folder.run(&["eval", &few]);
    }
    let folder = Folder::new("expressions-json");
    let text = deep("[", "", "]");
    folder.write(
        WORKFLOW,
        workflow(&format!(
            "{}{}",
            push(&format!("a/b:${{{{ toJSON(fromJSON(''{text}'')) }}}}")),
            push("a/b:after")
        )),
    );
    assert!(folder.plan().contains("after"));
}

#[test]
fn bake_definitions() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{a=", "}"),
        ("!", ""),
        ("-", ""),
        ("true ? ", ": 1"),
        ("upper(", ")"),
        ("\"${", "}\""),
        ("[for x in ", ": x]"),
        ("a[", "]"),
        ("\"%{if true}", "%{endif}\""),
    ] {
        let folder = Folder::new("bake-nesting");
        folder.write(
            "docker-bake.hcl",
            format!(
                "target \"default\" {{\n tags = [{}]\n}}\n",
                deep(open, "\"a\"", close)
            ),
        );
        folder.write(
            WORKFLOW,
            workflow("      - uses: docker/bake-action@v6\n        with: {push: true}\n"),
        );
        let plan = folder.plan();
        assert!(plan.contains("a bake definition: "), "{open}: {plan}");
    }
}

#[test]
fn scripts() {
    for (open, close) in [
        ("$(echo ", ")"),
        ("`", ""),
        ("${a:-", "}"),
        ("if x; then ", " fi"),
        ("( ", " )"),
        ("{ ", " }"),
        ("x && ", ""),
        ("case x in x) ", " esac"),
        ("f() { ", "}"),
        ("$((1+", "))"),
        ("((", "))"),
        ("\"$(echo ", ")\""),
        ("while x; do ", "done"),
        ("! ", ""),
        ("{a,", "}"),
        ("[[ ! ( ", " ) ]]"),
        ("<<A ", ""),
        ("jq -n '", ""),
    ] {
        let folder = Folder::new("script-nesting");
        let (open, close) = (open.repeat(2_000), close.repeat(2_000));
        let text = format!("docker push a/b:{open}1{close}\n{open}docker push a/b:2{close}");
        folder.write(
            WORKFLOW,
            workflow(&format!("{}{}", script(&text), push("a/b:after"))),
        );
        assert!(folder.plan().contains("after"), "{}", &text[..40]);
    }
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("if true then ", " else 1 end"),
        ("\"\\(", ")\""),
        ("reduce . as $x (0; ", ")"),
        ("def f: ", "; f"),
        (".[", "]"),
        ("{a: ", "}"),
        ("try ", ""),
        ("-", ""),
    ] {
        let folder = Folder::new("jq-nesting");
        let filter = deep(open, "1", close);
        let text = format!(
            "x=$(echo '{{}}' | jq -r '{filter}')\ny=$(echo '{}' | jq -r .)\ndocker push a/b:$x$y",
            deep("[", "", "]")
        );
        folder.write(
            WORKFLOW,
            workflow(&format!("{}{}", script(&text), push("a/b:after"))),
        );
        assert!(folder.plan().contains("after"), "{open}");
    }
}

#[test]
fn templates_and_variables() {
    let folder = Folder::new("templates");
    let braces = deep("${a:-", "1", "}");
    folder.write(
        "compose.yml",
        format!("services: {{a: {{image: 'nginx:{braces}'}}, b: {{image: 'nginx:latest'}}}}\n"),
    );
    folder.write(
        "Dockerfile",
        format!("ARG A={braces}\nFROM nginx:${{A}}\nFROM redis:latest\n"),
    );
    folder.write(".drone.yml", format!("kind: pipeline\ntype: docker\nname: x\nsteps: [{{name: p, image: plugins/docker, settings: {{repo: a/b, tags: ['{braces}']}}}}]\n"));
    folder.write(
        "Makefile",
        format!(
            "push:\n\tdocker push a/b:{}\n{}{}",
            deep("$(subst a,b,", "1", ")"),
            "ifeq (a,a)\n".repeat(5_000),
            "endif\n".repeat(5_000)
        ),
    );
    folder.write(
        ".gitlab-ci.yml",
        format!(
            "a: {{script: [docker push a/b:1], rules: [{{if: '{}'}}]}}\nb: {{script: {}docker push a/b:2{}}}\n",
            deep("(", "$A", ")"),
            "[".repeat(150),
            "]".repeat(150)
        ),
    );
    let templates = [deep("{{ if .IsSnapshot }}", "x", "{{ end }}"), format!("{{{{ {} }}}}", deep("(", ".Tag", ")")), "{{ define \"x\" }}{{ template \"x\" . }}{{ template \"x\" . }}{{ end }}{{ template \"x\" . }}".to_owned(), "{{ printf \"%999999999d\" 1 }}".to_owned(), format!("{{{{ .Tag{} }}}}", " | tolower".repeat(20_000))];
    let images: Vec<String> = templates.iter().map(|one| format!("'a/b:{one}'")).collect();
    folder.write(
        ".goreleaser.yaml",
        format!(
            "version: 2\ndockers: [{{image_templates: [{}]}}]\n",
            images.join(", ")
        ),
    );
    let handlebars = format!(
        "            type=raw,value={}\n            type=raw,value={{{{{}}}}}\n",
        deep("{{#if is_default_branch}}", "a", "{{/if}}"),
        deep("(", "a", ")")
    );
    folder.write(WORKFLOW, workflow(&format!("      - run: make push\n      - uses: goreleaser/goreleaser-action@v6\n        with: {{args: release}}\n      - uses: docker/metadata-action@v5\n        with:\n          images: a/b\n          tags: |\n{handlebars}")));
    let values = (0..150)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect::<String>();
    folder.write("c/Chart.yaml", "name: c\nversion: 1.0.0\n");
    folder.write(
        "c/values.yaml",
        format!(
            "{values}{}image: {{repository: nginx, tag: latest}}\n",
            " ".repeat(150)
        ),
    );
    let found = folder.check();
    let floating = found.iter().filter(|one| one["rule"] == "floating-tag");
    assert!(floating.count() >= 2, "{found:?}");
}

/// Numbers that fit nowhere.
#[test]
fn numbers() {
    let folder = Folder::new("numbers");
    let nines = "9".repeat(100_000);
    folder.write(WORKFLOW, workflow(&format!("{}{}", push(&format!("a/b:${{{{ 1e309 }}}}-${{{{ 0xffffffffffffffffffffffffffff }}}}-${{{{ -1e-400 }}}}-${{{{ {} }}}}", "9".repeat(5_000))), push("a/b:after"))));
    folder.write("k.yaml", format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{image: 'nginx:latest', resources: {{limits: {{memory: {nines}Ei}}, requests: {{memory: -1e999}}}}}}]}}\n"));
    folder.write("compose.yml", format!("services: {{a: {{image: 'nginx:latest', mem_limit: {nines}g, deploy: {{resources: {{limits: {{memory: 1e400}}}}}}}}}}\n"));
    folder.write("docker-bake.hcl", format!("target \"default\" {{\n tags = [\"a/b:${{1e999999999999999999999}}\", \"a/b:${{{nines}}}\"]\n}}\n"));
    folder.write(
        ".gitlab-ci.yml",
        format!("a: {{parallel: {nines}, script: [docker push a/b:1]}}\n"),
    );
    assert!(folder.plan().contains("after"));
    let found = folder.check();
    assert!(
        found
            .iter()
            .filter(|one| one["rule"] == "floating-tag")
            .count()
            >= 2
    );
}
