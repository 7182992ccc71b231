//! Definitions that hold unknown parts, and hostile ones.

use super::*;
use crate::eval::unknown::pattern;

/// Evaluates files by name; `SHA` is not known, `EMPTY` is empty.
fn run(
    files: &[(&str, &str)],
    targets: &[&str],
    set: &[&str],
) -> Result<Rc<Definition>, BakeError> {
    let unknowns = Unknowns::default();
    let mark = unknowns.note("SHA", "a test").as_char();
    let files: Vec<BakeFile<'_>> = files
        .iter()
        .map(|(name, text)| BakeFile { name, text })
        .collect();
    let owned = |texts: &[&str]| {
        texts
            .iter()
            .map(|t| t.replace('§', &mark.to_string()))
            .collect()
    };
    let (targets, set): (Vec<String>, Vec<String>) = (owned(targets), owned(set));
    evaluate(&Request {
        files: &files,
        targets: &targets,
        set: &set,
        environment: &|name| match name {
            "SHA" => Some(mark.to_string()),
            "EMPTY" => Some(String::new()),
            _ => None,
        },
        unknowns: &unknowns,
    })
}

fn hcl(text: &str) -> Result<Rc<Definition>, BakeError> {
    run(&[("docker-bake.hcl", text)], &[], &[])
}

fn tags(definition: &Definition) -> Vec<(String, Vec<String>)> {
    definition
        .targets
        .iter()
        .map(|target| {
            let tags = target.tags.iter().map(|tag| pattern(&tag.text)).collect();
            (pattern(&target.name), tags)
        })
        .collect()
}

fn one(name: &str, tags: &[&str]) -> (String, Vec<String>) {
    (
        name.to_owned(),
        tags.iter().map(ToString::to_string).collect(),
    )
}

#[test]
fn a_tag_leads_to_where_it_is_written() {
    let text = "variable \"V\" { default = \"1\" }\ntarget \"default\" {\n  tags = concat([\"a:${V}\"], [for x in [\"b\"] : \"${x}:2\"], split(\",\", \"c:3,d:4\"))\n}";
    let definition = hcl(text).unwrap();
    let shown: Vec<(&str, &str)> = definition.targets[0]
        .tags
        .iter()
        .map(|tag| (tag.text.as_str(), text.get(tag.range.clone()).unwrap()))
        .collect();
    assert_eq!(shown[0], ("a:1", "\"a:${V}\""));
    assert_eq!(shown[1], ("b:2", "\"${x}:2\""));
    assert_eq!(shown[2].0, "c:3");
    assert!(shown[2].1.starts_with("concat("));
    let json = "{\"target\": {\"default\": {\"tags\": [\"a:1\"]}}}";
    let definition = run(&[("docker-bake.json", json)], &[], &[]).unwrap();
    let tag = &definition.targets[0].tags[0];
    assert_eq!(
        (json.get(tag.range.clone()).unwrap(), tag.file),
        ("\"a:1\"", Some(0))
    );
    let yaml = "services:\n  web:\n    image: w:1\n    build: .\n";
    let definition = run(&[("compose.yaml", yaml)], &[], &[]).unwrap();
    assert_eq!(
        yaml.get(definition.targets[0].tags[0].range.clone()),
        Some("w:1")
    );
    assert_eq!(yaml.get(definition.targets[0].range.clone()), Some("web"));
}

#[test]
fn unknown_names_matrices_and_conditions_stay() {
    let definition = hcl(
        "variable \"SHA\" {}\nvariable \"L\" { default = split(\",\", SHA) }\n\
         target \"default\" {\n name = \"app-${sanitize(v)}\"\n matrix = { v = L }\n tags = [\"app:${v}\"]\n}",
    );
    assert_eq!(tags(&definition.unwrap()), [one("app-{?}", &["app:{?}"])]);
    let definition = hcl(
        "variable \"SHA\" {}\ntarget \"default\" {\n name = \"app-${v}\"\n matrix = jsondecode(SHA)\n tags = [\"app:${v}\"]\n}",
    );
    assert_eq!(tags(&definition.unwrap()), [one("{?}", &["{?}"])]);
    let definition =
        hcl("variable \"SHA\" {}\ntarget \"default\" {\n tags = SHA == \"x\" ? [\"a:1\"] : []\n}");
    assert_eq!(tags(&definition.unwrap()), [one("default", &["{?}"])]);
    let definition = hcl(
        "variable \"SHA\" {}\ngroup \"default\" { targets = [\"a\", SHA] }\n\
         target \"a\" {\n inherits = [\"base-${SHA}\"]\n tags = [\"a:1\"]\n}",
    )
    .unwrap();
    assert_eq!(tags(&definition), [one("a", &["a:1"])]);
    assert_eq!(definition.unknown_targets.len(), 2);
}

#[test]
fn what_the_environment_gives_is_read_as_the_variables_kind() {
    let text = "variable \"SHA\" { default = 1 }\nvariable \"EMPTY\" { default = \"x\" }\n\
                target \"default\" { tags = [\"a:${SHA + 1}\", \"b:${EMPTY}\"] }";
    assert_eq!(
        tags(&hcl(text).unwrap()),
        [one("default", &["a:{?}", "b:"])]
    );
    let text = "variable \"SHA\" { type = list(string) }\n\
                target \"default\" { tags = [for x in SHA : \"a:${x}\"] }";
    assert_eq!(tags(&hcl(text).unwrap()), [one("default", &["{?}"])]);
    let text = "variable \"SHA\" {\n validation {\n condition = SHA != \"\"\n error_message = \"no\"\n }\n}\n\
                target \"default\" { tags = [\"a:${SHA}\"] }";
    assert_eq!(tags(&hcl(text).unwrap()), [one("default", &["a:{?}"])]);
}

#[test]
fn settings_override() {
    let text = "group \"default\" { targets = [\"a\", \"b\"] }\n\
                target \"a\" { tags = [\"a:1\"] }\ntarget \"b\" { tags = [\"b:1\"] }";
    let files = [("docker-bake.hcl", text)];
    let set = |set: &[&str]| tags(&run(&files, &[], set).unwrap());
    assert_eq!(
        set(&["*.tags=x:§", "*.tags=y:1"]),
        [one("a", &["x:{?}", "y:1"]), one("b", &["x:{?}", "y:1"])]
    );
    assert_eq!(
        set(&["a.tags+=x:1"]),
        [one("a", &["a:1", "x:1"]), one("b", &["b:1"])]
    );
    let pushed = run(&files, &["a"], &["*.push=true"]).unwrap();
    assert_eq!(pushed.targets[0].outputs[0]["push"], "true");
    for wrong in [
        "tags=x",
        "c.tags=x",
        "a.nothing=x",
        "a.args=x",
        "a.pull=maybe",
        "a.tags",
    ] {
        assert!(run(&files, &[], &[wrong]).is_err(), "{wrong}");
    }
}

#[test]
fn compose_files_merge_and_extend() {
    let base = "services:\n  base:\n    image: b:1\n    build:\n      context: ./b\n      args: [A=1]\n  \
                web:\n    extends: base\n    image: w:${SHA}\n";
    let over = "services:\n  web:\n    build:\n      args: {A: 2, B: 3}\n      tags: [t:1]\n";
    let definition = run(&[("compose.yaml", base), ("o.yml", over)], &[], &[]).unwrap();
    assert_eq!(
        tags(&definition),
        [one("base", &["b:1"]), one("web", &["t:1"])]
    );
    assert_eq!(definition.targets[1].context, "b");
    assert_eq!(definition.targets[1].args["A"], "2");
    let elsewhere = "services:\n  web:\n    extends: {file: x.yaml, service: y}\n    image: w:1\n";
    let definition = run(&[("compose.yaml", elsewhere)], &[], &[]).unwrap();
    assert_eq!(tags(&definition), [one("web", &["{?}"])]);
    let included = "include: [x.yaml]\nservices:\n  web: {build: ., image: w}\n";
    let definition = run(&[("compose.yaml", included)], &[], &[]).unwrap();
    assert_eq!(definition.unknown_targets.len(), 1);
    let sizes = "services:\n  web:\n    build:\n      shm_size: 128m\n      ulimits: {nofile: {soft: 1, hard: 2}, nproc: 9}\n";
    let definition = run(&[("compose.yaml", sizes)], &[], &[]).unwrap();
    assert_eq!(definition.targets[0].more["shm-size"], "128MiB");
    assert_eq!(definition.targets[0].more["ulimits"][1], "nproc=9:9");
}

#[test]
fn a_file_without_an_ending_is_what_it_holds() {
    let compose = "services:\n  web: {build: ., image: w}\n";
    let definition = run(&[("definition", compose)], &[], &[]).unwrap();
    assert_eq!(tags(&definition), [one("web", &["w"])]);
    let hcl = "target \"default\" { tags = [\"a\"] }";
    let definition = run(&[("definition", hcl)], &[], &[]).unwrap();
    assert_eq!(tags(&definition), [one("default", &["a"])]);
}

#[test]
fn hostile_definitions_are_refused_in_time() {
    let chain: String = (0..3000)
        .map(|n| format!("v{n} = \"${{v{}}}x\"\n", n + 1))
        .collect();
    let doubling: String = (0..60)
        .map(|n| format!("d{n} = \"${{d{}}}${{d{}}}\"\n", n + 1, n + 1))
        .collect();
    let calls: String = (0..60)
        .map(|n| {
            format!(
                "function \"f{n}\" {{\n params = [x]\n result = [f{}(x), f{}(x)]\n}}\n",
                n + 1,
                n + 1
            )
        })
        .collect();
    let groups: String = (0..5000)
        .map(|n| format!("group \"g{n}\" {{ targets = [\"g{}\"] }}\n", n + 1))
        .collect();
    let bases: String = (0..2000)
        .map(|n| format!("target \"t{n}\" {{ inherits = [\"t{}\"] }}\n", n + 1))
        .collect();
    let links: String = (0..40)
        .map(|n| {
            format!(
                "target \"l{n}\" {{ contexts = {{ a = \"target:l{}\", b = \"target:l{}\" }} }}\n",
                n + 1,
                n + 2
            )
        })
        .collect();
    // Each value holds the one before it, so that none is nested deeply by itself.
    let nested: String = (1..3000)
        .map(|n| {
            format!(
                "n{n:04} = {}n{:04}{}\n",
                "[".repeat(40),
                n - 1,
                "]".repeat(40)
            )
        })
        .collect();
    for text in [
        format!("n0000 = 1\n{nested}target \"default\" {{}}"),
        chain,
        format!("{doubling}d60 = \"x\"\ntarget \"default\" {{ tags = [d0] }}"),
        format!(
            "{calls}function \"f60\" {{\n params = [x]\n result = x\n}}\ntarget \"default\" {{ tags = flatten(f0(\"x\")) }}"
        ),
        format!("{groups}group \"default\" {{ targets = [\"g0\"] }}"),
        format!("{bases}target \"default\" {{ inherits = [\"t0\"] }}"),
        format!("{links}target \"l40\" {{}}\ntarget \"l41\" {{}}\ngroup \"default\" {{ targets = [\"l0\"] }}"),
        "function \"f\" {\n params = [x]\n result = f(x)\n}\ntarget \"default\" {}".to_owned(),
        "a = range(1000)\nb = [for x in a : [for y in a : [for z in a : x]]]\ntarget \"default\" {}"
            .to_owned(),
        "a = range(100)\ntarget \"default\" {\n matrix = { a = a, b = a, c = a }\n name = \"x\"\n}"
            .to_owned(),
        "a = setproduct(range(1000), range(1000), range(1000))\ntarget \"default\" {}".to_owned(),
        format!("a = {}1{}\ntarget \"default\" {{}}", "[".repeat(9000), "]".repeat(9000)),
        format!("a = {}true\ntarget \"default\" {{}}", "!".repeat(9000)),
        format!("a = 1{}\ntarget \"default\" {{}}", "+ 1".repeat(9000)),
        format!("a = regex(\"{}\", \"x\")\ntarget \"default\" {{}}", "(a{99}){99}".repeat(9)),
        "a = format(\"%999999999d\", 1)\ntarget \"default\" {}".to_owned(),
        "a = indent(1000000, \"\\n\\n\\n\\n\")\ntarget \"default\" {}".to_owned(),
        "target \"default\" { tags = target.default.tags }".to_owned(),
        "a = target.default\ntarget \"default\" { tags = [a.name] }".to_owned(),
    ] {
        let refused = hcl(&text);
        assert!(refused.is_err(), "{:.60}", text);
    }
    let json = format!("{}{}", "{\"a\":".repeat(9000), "[".repeat(9000));
    assert!(run(&[("a.json", &json)], &[], &[]).is_err());
    let bomb: String = (1..30)
        .map(|n| format!("x{n}: &x{n} [*x{}, *x{}]\n", n - 1, n - 1))
        .collect();
    let bomb = format!("x0: &x0 a\n{bomb}services:\n  web: {{build: .}}\n");
    assert!(run(&[("compose.yaml", &bomb)], &[], &[]).is_err());
    let cycle = "services:\n  a: {extends: b}\n  b: {extends: a}\n";
    assert!(run(&[("compose.yaml", cycle)], &[], &[]).is_err());
}

#[test]
fn marks_that_a_definition_writes_itself_are_none() {
    let definition = hcl("target \"default\" { tags = [\"a:\\U000F0000\"] }").unwrap();
    assert_eq!(definition.targets[0].tags[0].text, "a:\u{fffd}");
}
