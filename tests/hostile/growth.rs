//! What grows without bound from few bytes: aliases, merges, extensions, calls, matrices, functions.

use super::{Folder, WORKFLOW, push, script, with_job, workflow};

/// Aliases of lists of aliases: 9 to the 11th nodes, were they all looked at.
pub(super) fn laughs() -> String {
    let mut text = "a0: &a0 {image: 'nginx:1.25.3'}\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    text
}

#[test]
fn aliases_of_aliases() {
    let bomb = laughs();
    for (path, text) in [
        (
            "compose.yml",
            "services: {a: {image: 'nginx:latest', x: *a11, environment: *a11}}\n",
        ),
        (
            "k.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: *a11, x: {image: 'nginx:latest'}}\n",
        ),
        (
            "c/values.yaml",
            "image: *a11\nx: {image: {repository: nginx, tag: latest}, y: *a11}\n",
        ),
        (
            ".gitlab-ci.yml",
            "b: {script: [docker build -t a/b:1 --push .], before_script: *a11, image: *a11, variables: *a11}\n",
        ),
        (
            ".drone.yml",
            "kind: pipeline\ntype: docker\nname: x\nsteps: *a11\n",
        ),
        ("kustomization.yaml", "images: *a11\nresources: *a11\n"),
        (
            "action.yml",
            "name: x\nruns: {using: composite, steps: *a11}\n",
        ),
        (".goreleaser.yaml", "version: 2\ndockers: *a11\n"),
    ] {
        let folder = Folder::new("laughs");
        folder.write(path, format!("{bomb}{text}"));
        folder.write("c/Chart.yaml", "name: c\nversion: 1.0.0\n");
        let found = folder.check();
        let read = !text.contains("latest") || !found.is_empty();
        assert!(read, "{path} is not read");
    }
    let folder = Folder::new("laughs-matrix");
    let job = "    strategy: {matrix: {x: *a11}}\n    env: {X: *a11}\n";
    let text = with_job(job, &push("a/b:${{ matrix.x }}"));
    folder.write(WORKFLOW, format!("{bomb}{text}"));
    assert!(!folder.check().is_empty());
    let folder = Folder::new("laughs-policy");
    folder.write("taglint.yaml", format!("version: 1\n{bomb}schemes: *a11\n"));
    folder.write("compose.yml", "services: {}\n");
    assert_eq!(folder.check()[0]["rule"], "invalid-policy");
}

/// Mappings that each merge the one before by 16 ways: 16 to the 15th, were all gone.
#[test]
fn merges_of_merges() {
    let mut text = "b0: &b0 {k0: 1}\n".to_owned();
    for level in 1..40 {
        let ways = vec![format!("*b{}", level - 1); 16].join(", ");
        text.push_str(&format!(
            "b{level}: &b{level} {{<<: [{ways}], k{level}: 1}}\n"
        ));
    }
    let folder = Folder::new("merges");
    folder.write(
        "compose.yml",
        format!("{text}services: {{a: {{<<: *b39, image: 'nginx:latest'}}}}\n"),
    );
    folder.write("k.yaml", format!("{text}apiVersion: v1\nkind: Pod\nmetadata: {{name: x}}\nspec: {{<<: *b39, containers: [{{<<: *b39, image: 'nginx:latest'}}]}}\n"));
    folder.write(
        ".gitlab-ci.yml",
        format!("{text}b: {{<<: *b39, script: [docker push a/b:latest], variables: *b39}}\n"),
    );
    assert!(folder.check().len() >= 3);
}

/// Each of thousands of mappings merges thousands of keys.
#[test]
fn merges_of_many_keys() {
    let many = 1_500 * super::SCALE.min(4);
    let keys: Vec<String> = (0..many).map(|n| format!("k{n}: v")).collect();
    let mut text = format!("x: &x {{{}}}\nservices:\n", keys.join(", "));
    for n in 0..many {
        text.push_str(&format!("  s{n}: {{<<: *x, image: 'nginx:latest'}}\n"));
    }
    let folder = Folder::new("many-keys");
    folder.write("compose.yml", text);
    assert_eq!(folder.check().len(), many);
}

#[test]
fn jobs_that_extend_and_include_each_other() {
    let folder = Folder::new("extends");
    let mut text = String::new();
    for n in 0..200 {
        text.push_str(&format!("j{n}: {{extends: [j{0}, j{0}, j{0}]}}\n", n + 1));
    }
    text.push_str("j200: {script: [docker push a/b:1]}\na: {extends: b, script: [docker push a/c:1]}\nb: {extends: [a, a]}\n");
    text.push_str("include: [{local: o.yml}, {local: /.gitlab-ci.yml}]\n");
    folder.write(".gitlab-ci.yml", text);
    folder.write(
        "o.yml",
        "include: [{local: /.gitlab-ci.yml}, o.yml, o.yml]\no: {script: [docker push a/d:1]}\n",
    );
    let plan = folder.plan();
    for image in ["a/b", "a/c", "a/d"] {
        assert!(plan.contains(image), "{plan}");
    }
}

#[test]
fn variables_that_double_each_other() {
    let doubled = |set: fn(usize) -> String| (1..60).map(set).collect::<String>();
    let folder = Folder::new("variables");
    let text = doubled(|n| format!("  V{n}: $V{0}$V{0}$V{0}$V{0}\n", n - 1));
    let backwards: String = text.lines().rev().map(|line| format!("{line}\n")).collect();
    folder.write(".gitlab-ci.yml", format!("variables:\n  V0: xxxxxxxx\n{text}a: {{script: ['docker push a/b:$V59', 'docker push a/c:$V1']}}\n"));
    folder.write("b/.gitlab-ci.yml", format!("variables:\n{backwards}  V0: xxxxxxxx\na: {{script: ['docker push a/d:$V59', 'docker push a/e:$V1']}}\n"));
    let text = doubled(|n| format!("V{n} = $(V{0})$(V{0})$(V{0})\n", n - 1));
    folder.write(
        "Makefile",
        format!("V0 = xxxxxxxx\n{text}push:\n\tdocker push a/f:$(V59)\n"),
    );
    folder.write(
        WORKFLOW,
        workflow(&format!(
            "{}{}",
            script("make push"),
            script(&format!(
                "x=xxxx\n{}docker push a/g:$x",
                "x=$x$x$x$x\n".repeat(60)
            ))
        )),
    );
    let text = doubled(|n| format!("V{n}=${{V{0}}}${{V{0}}}${{V{0}}}\n", n - 1));
    folder.write(".env", format!("V0=xxxxxxxx\n{text}"));
    folder.write("compose.yml", "services: {a: {image: 'nginx:${V59}'}}\n");
    let text = doubled(|n| format!("ARG V{n}=${{V{0}}}${{V{0}}}${{V{0}}}\n", n - 1));
    folder.write(
        "Dockerfile",
        format!("ARG V0=xxxxxxxx\n{text}FROM nginx:${{V59}}\n"),
    );
    let plan = folder.plan();
    assert!(plan.contains("xxxxxxxx"), "{plan}");
    folder.check();
}

/// Workflows and actions that call themselves, or each ten others.
#[test]
fn calls_of_calls() {
    let folder = Folder::new("calls");
    for level in 0..10 {
        let calls = (0..10).map(|n| format!("  a{n}: {{strategy: {{matrix: {{x: [1, 2, 3]}}}}, uses: ./.github/workflows/r{}.yml}}\n", level + 1));
        let text = format!(
            "on: {{push: {{}}, workflow_call: {{}}}}\njobs:\n{}",
            calls.collect::<String>()
        );
        folder.write(format!(".github/workflows/r{level}.yml"), text);
    }
    folder.write(".github/workflows/r10.yml", "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: docker build -t a/b:1 --push .}]}}\n");
    folder.write(".github/workflows/self.yml", "on: {push: {}, workflow_call: {}}\njobs: {a: {uses: ./.github/workflows/self.yml}, b: {uses: ./.github/workflows/self.yml}}\n");
    let plan = folder.plan();
    assert!(
        plan.contains("more than 500 calls of workflows and actions"),
        "{plan}"
    );
    let folder = Folder::new("actions");
    for level in 0..12 {
        let uses = vec![format!("{{uses: ./a{}}}", level + 1); 10].join(", ");
        folder.write(
            format!("a{level}/action.yml"),
            format!("name: x\nruns: {{using: composite, steps: [{uses}, {{uses: ./a{level}}}]}}\n"),
        );
    }
    folder.write(
        "a12/action.yml",
        "name: x\nruns: {using: composite, steps: [{run: docker push a/b:1, shell: bash}]}\n",
    );
    folder.write(WORKFLOW, workflow("      - uses: ./a0\n"));
    let plan = folder.plan();
    assert!(
        plan.contains("more than 500 calls of workflows and actions"),
        "{plan}"
    );
}

#[test]
fn chains_and_crowds_of_jobs() {
    let folder = Folder::new("needs");
    let mut text = "on: push\njobs:\n".to_owned();
    let many = 400 * super::SCALE.min(5);
    for n in 0..many {
        text.push_str(&format!("  j{n}: {{runs-on: x, needs: [j{}], steps: [{{run: 'docker build -t a/b:{n} --push .'}}]}}\n", n + 1));
    }
    text.push_str(&format!("  j{many}: {{runs-on: x, steps: [{{run: 'true'}}]}}\n  x: {{needs: y, runs-on: x, steps: []}}\n  y: {{needs: x, runs-on: x, steps: []}}\n"));
    folder.write(WORKFLOW, text);
    let found = folder
        .run(&["plan", "--event", "push", "--format", "json"])
        .json();
    let published = found["plans"][0]["publications"].as_array().map(Vec::len);
    assert_eq!(published, Some(many), "{found}");
}

/// A matrix of 64,000 combinations, by each system that has one.
#[test]
fn matrices() {
    let axis: Vec<String> = (0..40).map(|n| format!("'{n}'")).collect();
    let axis = format!("[{}]", axis.join(", "));
    let folder = Folder::new("matrix");
    let job = format!("    strategy: {{matrix: {{a: {axis}, b: {axis}, c: {axis}}}}}\n");
    folder.write(WORKFLOW, with_job(&job, &push("a/b:${{ matrix.a }}")));
    folder.write(".gitlab-ci.yml", format!("b: {{parallel: {{matrix: [{{A: {axis}, B: {axis}, C: {axis}}}]}}, script: ['docker push a/b:$A']}}\n"));
    let found = folder.check();
    let messages: Vec<&str> = found
        .iter()
        .filter_map(|one| one["message"].as_str())
        .collect();
    let told = |wanted: &str| messages.iter().any(|message| message.contains(wanted));
    assert!(
        told("the matrix gives 64000 jobs, more than the 256 jobs that GitHub runs"),
        "{messages:?}"
    );
    assert!(
        told("the matrix gives 64000 jobs, more than the 200 that GitLab allows"),
        "{messages:?}"
    );
    let folder = Folder::new("matrix-others");
    let quoted = axis.replace('\'', "\"");
    folder.write("docker-bake.hcl", format!("target \"default\" {{\n  name = \"t-${{a}}-${{b}}-${{c}}\"\n  matrix = {{\n    a = {quoted}\n    b = {quoted}\n    c = {quoted}\n  }}\n  tags = [\"a/b:${{a}}\"]\n}}\n"));
    folder.write(
        WORKFLOW,
        workflow("      - uses: docker/bake-action@v6\n        with: {push: true}\n"),
    );
    folder.write(".woodpecker.yml", format!("matrix: {{A: {axis}, B: {axis}, C: {axis}}}\nsteps: [{{name: p, image: plugins/docker, settings: {{repo: a/c, tags: ['${{A}}']}}}}]\n"));
    let plan = folder.plan();
    assert!(
        plan.contains("a matrix gives at least 64000 targets"),
        "{plan}"
    );
    assert!(
        plan.contains("the matrix gives more than 256 workflows"),
        "{plan}"
    );
}

#[test]
fn kustomizations_that_lead_to_each_other() {
    let folder = Folder::new("kustomize");
    for level in 0..45 {
        let up = format!("../k{}", level + 1);
        folder.write(
            format!("k{level}/kustomization.yaml"),
            format!("resources: [{up}, {up}/, {up}/.{up}, .{up}]\n"),
        );
    }
    folder.write("k45/kustomization.yaml", "resources: [d.yaml]\n");
    folder.write(
        "k45/d.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{image: nginx}]}\n",
    );
    folder.write("a/kustomization.yaml", "resources: [../b, .]\n");
    folder.write("b/kustomization.yaml", "resources: [../a, ../a]\n");
    let found = folder.check();
    let cycles = found
        .iter()
        .filter(|one| one["rule"] == "invalid-kustomization");
    assert_eq!(cycles.count(), 3, "{found:?}");
    assert!(found.iter().any(|one| one["rule"] == "untagged-image"));
}

#[test]
fn compose_files_that_lead_to_each_other() {
    let folder = Folder::new("compose");
    for level in 0..30 {
        folder.write(
            format!("o{level}.yml"),
            format!(
                "include: [o{0}.yml, o{0}.yml]\nservices: {{s{level}: {{image: nginx}}}}\n",
                level + 1
            ),
        );
    }
    folder.write("compose.yml", "include: [o0.yml, compose.yml]\nservices:\n  a: {image: nginx, extends: b}\n  b: {extends: {service: a}}\n  c: {extends: {file: o.yml, service: c}}\n");
    folder.write(
        "o.yml",
        "services: {c: {image: nginx, extends: {file: compose.yml, service: c}}}\n",
    );
    assert!(folder.check().len() > 30);
}

/// What functions of a bake definition can make of a few bytes.
#[test]
fn bake_definitions() {
    let repeated = |text: fn(usize) -> String| (1..40).map(text).collect::<String>();
    let doubled = repeated(|n| {
        format!(
            "variable \"v{n}\" {{\n default = \"${{v{0}}}${{v{0}}}${{v{0}}}\"\n}}\n",
            n - 1
        )
    });
    let lists = repeated(|n| {
        format!(
            "variable \"v{n}\" {{\n default = concat(v{0}, v{0}, v{0})\n}}\n",
            n - 1
        )
    });
    let calls = repeated(|n| {
        format!(
            "function \"f{n}\" {{\n params = [x]\n result = \"${{f{0}(x)}}${{f{0}(x)}}\"\n}}\n",
            n - 1
        )
    });
    let heirs = repeated(|n| {
        format!(
            "target \"t{n}\" {{\n inherits = [\"t{0}\", \"t{0}\"]\n}}\n",
            n - 1
        )
    });
    let groups = repeated(|n| {
        format!(
            "group \"g{n}\" {{\n targets = [\"g{0}\", \"g{0}\"]\n}}\n",
            n - 1
        )
    });
    for (before, tags) in [
        ("", "[for i in range(0, 100000000): \"a/b:${i}\"]"),
        ("", "[for x in range(0, 1e300, 1e-300): \"a/b:${x}\"]"),
        (
            "",
            "flatten([for i in range(1000): [for j in range(1000): [for k in range(1000): \"a/b:${i}\"]]])",
        ),
        (
            "",
            "[for x in setproduct(range(1000), range(1000), range(1000)): \"a/b:${x[0]}\"]",
        ),
        ("", "[indent(999999999999, \"a\\nb\")]"),
        ("", "[format(\"a/b:%0999999999d\", 1)]"),
        ("", "formatlist(\"a/b:%09999999d\", range(1000))"),
        (
            "",
            "[regex_replace(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"(a|a)*(a*)*$\", \"$1\"), regex(\"((((x{100}){100}){100}){100}){100}\", \"a\")]",
        ),
        ("", "[\"a/b:${pow(10, 99999999)}\"]"),
        (
            "function \"f\" {\n params = [x]\n result = f(x)\n}\n",
            "[f(1)]",
        ),
        (
            &format!("variable \"v0\" {{\n default = \"xxxx\"\n}}\n{doubled}"),
            "[\"a/b:${v39}\"]",
        ),
        (
            &format!("variable \"v0\" {{\n default = [1, 1]\n}}\n{lists}"),
            "[for x in v39: \"a/b:${x}\"]",
        ),
        (
            &format!("function \"f0\" {{\n params = [x]\n result = x\n}}\n{calls}"),
            "[f39(\"a\")]",
        ),
        (
            &format!("target \"t0\" {{\n inherits = []\n}}\n{heirs}"),
            "[\"a/b:heir\"]\n inherits = [\"t39\"]",
        ),
        (
            &format!("target \"g0\" {{\n tags = [\"a/b:heir\"]\n}}\n{groups}"),
            "[\"a/b:1\"]\n contexts = { a = \"target:default\" }",
        ),
    ] {
        let folder = Folder::new("bake");
        folder.write(
            "docker-bake.hcl",
            format!("{before}target \"default\" {{\n tags = {tags}\n}}\n"),
        );
        folder.write(
            WORKFLOW,
            workflow("      - uses: docker/bake-action@v6\n        with: {push: true}\n"),
        );
        let plan = folder.plan();
        let heir = tags.contains("heir");
        assert_eq!(plan.contains("heir"), heir, "{tags}: {plan}");
        assert_eq!(
            plan.contains("a bake definition: "),
            !heir,
            "{tags}: {plan}"
        );
    }
}

/// A script, and a step that can only be seen where the run goes on after it.
fn after(text: &str) -> String {
    format!("{}{}", script(text), push("a/b:after"))
}

#[test]
fn scripts_that_never_end() {
    for text in [
        "while true; do x=$x$x; x=a$x; done",
        "f() { f; f; }\nf",
        "for i in {1..999999999}; do :; done\necho {1..99999999} {a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}",
        "for i in $(seq 1 99999999999); do :; done",
        "x='eval \"$x$x\"'\neval \"$x\"",
        "x=$(printf '%0999999999d' 1)$(printf 'x%.0s' {1..99999999})$(printf '%*d' 999999999 1)",
        "x=$((9**9**9**9))$((1<<99999))$((1/0))$((-9223372036854775808/-1))$((-9223372036854775808%-1))",
        "x=$(echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | sed -E 's/(a*)*(a*)*(a*)*b/x/')",
        "[[ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa =~ ^(a+)+(a+)+b$ ]] && x=1\ngrep -P '(?=(a+)+b)(a+)\\1+b' <<< aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "shopt -s extglob\n[[ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa == +(+(+(a)|*(a)))b ]] && x=1",
        "x=$(echo a | sed ':a;s/a/aa/;ta')",
        "x=$(jq -n 'def f: f,f; f')$(jq -nr '[range(1e12)]|length')$(jq -nr '\"a\"*1e9')$(jq -nr 'reduce range(100) as $i (\"a\"; .+.)')",
        "x=$(jq -nr '[recurse([.,.])]')$(jq -nr 'until(false; .)')$(jq -nr '.[1e9]=1')$(jq -nr '\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"|test(\"^(a+)+(a+)+b\")')",
    ] {
        let folder = Folder::new("scripts");
        folder.write(
            WORKFLOW,
            workflow(&after(&format!("{text}\ndocker push a/c:$x"))),
        );
        assert!(folder.plan().contains("after"), "{text}");
    }
    let folder = Folder::new("recursive-make");
    folder.write(
        "Makefile",
        "push: loop\n\t$(MAKE) push\n\t$(MAKE) push\nloop: push\n",
    );
    folder.write(WORKFLOW, workflow(&after("make push")));
    assert!(folder.plan().contains("after"));
    let folder = Folder::new("make");
    folder.write("Makefile", "A = $(B)\nB = $(A)$(A)\nf = $(call f,$(1)$(1))$(call f,$(1))\nX = 1 2 3 4 5 6 7 8 9\npush: loop\n\tdocker push a/b:$(call f,x)$(A)$(foreach a,$(X),$(foreach b,$(X),$(foreach c,$(X),$(foreach d,$(X),$(foreach e,$(X),$(foreach f,$(X),1))))))\nloop: push\n");
    folder.write(WORKFLOW, workflow(&after("make push")));
    assert!(folder.plan().contains("after"));
}

#[test]
fn patterns() {
    for pattern in [
        "(a+)+$",
        "(a|a)*b",
        "(.*)*(.*)*(.*)*x",
        "((((((.{100}){100}){100}){100}){100}){100})",
        "(?=(.+)+)\\\\1+b",
        "[a-z]{0,999999999}",
        "a{1,1000}{1,1000}{1,1000}",
        "(?<=a+b*)*c",
    ] {
        let folder = Folder::new("match");
        let tags = format!(
            "            type=match,\"pattern={pattern}\",value=v{}1.2.3\n            type=raw,value=after\n",
            "a".repeat(60)
        );
        let steps = format!(
            "      - uses: docker/metadata-action@v5\n        id: m\n        with:\n          images: a/b\n          tags: |\n{tags}{}",
            push("${{ steps.m.outputs.tags }}")
        );
        folder.write(WORKFLOW, workflow(&steps));
        folder.check();
    }
    for pattern in [
        format!("**{}", "/**".repeat(2000)),
        "*a".repeat(300),
        "[a-z]".repeat(2000),
        format!("v{}", "+".repeat(3000)),
        "(a+)+".repeat(1000),
        "?".repeat(3000),
    ] {
        let folder = Folder::new("filter");
        folder.write(WORKFLOW, format!("on: {{push: {{tags: ['{pattern}b', '!{pattern}', 'v*']}}}}\njobs: {{b: {{runs-on: x, steps: [{{run: 'docker build -t a/b:after --push .'}}]}}}}\n"));
        assert!(folder.plan().contains("after"), "{pattern}");
        folder.write(
            "taglint.yaml",
            format!(
                "version: 1\nallow: [{{image: '{}b', reason: x, paths: ['**/x{}']}}]\n",
                "*a".repeat(100),
                "/**".repeat(100)
            ),
        );
        folder.write(
            "compose.yml",
            format!("services: {{a: {{image: '{}'}}}}\n", "a".repeat(2000)),
        );
        folder.check();
    }
    let folder = Folder::new("gitlab-patterns");
    folder.write(".gitlab-ci.yml", "a: {script: [docker push a/b:1], rules: [{if: '$CI_COMMIT_TAG =~ /^(v+.*)+(.*)*(.*)*z$/'}]}\nb: {script: [docker push a/b:after], only: ['/^(a+)+(a+)+(.*)*b$/', '/((((a{100}){100}){100}){100})/', /.*/]}\n");
    assert!(folder.plan().contains("after"));
}

#[test]
fn faults_with_comments() {
    let folder = Folder::new("faults");
    let faulty = "---\nimage: a: b # x\n".repeat(100_000);
    let text = format!("# taglint: ignore[floating-tag]\n{faulty}");
    folder.write("prod/faulty.yaml", text);
    assert!(folder.check().len() >= 100_000);
}
