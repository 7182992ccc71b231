//! Conditions, loops, functions: what runs, and what may.

use super::{Step, check};

#[test]
fn known_conditions_choose() {
    check(&[
        (
            "if [ \"$GITHUB_REF_NAME\" = v1.2.3 ]; then a; else b; fi",
            "a",
        ),
        (
            "if [[ $GITHUB_REF == refs/heads/* ]]; then a; elif [[ $GITHUB_REF =~ ^refs/tags/v([0-9]+)\\.([0-9]+) ]]; then x ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}; else c; fi",
            "x 1.2",
        ),
        (
            "[ -n \"$GITHUB_REF\" ] && a; [ -z \"$GITHUB_REF\" ] && b; [ -z \"$U\" ] || c",
            "a",
        ),
        ("[[ $GITHUB_REF_NAME != *-* && ! $U ]] && a", "a"),
        ("[ \"$U\" == x -o 1 -eq 1 ] && a; test 2 -gt 1 && b", "a; b"),
        (
            "case $GITHUB_REF in refs/heads/*) a;; refs/tags/v*|refs/tags/w*) b;; *) c;; esac",
            "b",
        ),
        ("case x in y) a;; *) b;; esac", "b"),
        (
            "if [[ \"1.2.3-rc1\" =~ (alpha|beta|rc) ]]; then a; else b; fi",
            "a",
        ),
        (
            "if true; then a; fi; if ! true; then b; fi; if false; then c; else d; fi",
            "a; d",
        ),
        ("if (( 1 < 2 )); then a; fi", "a"),
        ("if [ -f VERSION ]; then a; fi", "a"),
        ("if ${U}; then a; fi", "a"),
    ]);
}

#[test]
fn unknown_conditions_keep_both_ways() {
    check(&[
        (
            "if [ \"$SECRET\" = x ]; then a; else b; fi; c",
            "? a; ? b; c",
        ),
        ("[ \"$SECRET\" = x ] && a; b", "? a; b"),
        ("if [ \"v$SECRET\" = w ]; then a; else b; fi", "b"),
        ("if [ $SECRET = x ]; then T=1; else T=2; fi; x $T", "x {?}"),
        ("if [ $SECRET = x ]; then T=1; else T=1; fi; x $T", "x 1"),
        ("T=1; [ $SECRET = x ] && T=2; x r:$T", "x r:{?}"),
        (
            "case $SECRET in a) T=1;; b) T=1;; *) T=1; y;; esac; x $T",
            "? y; x 1",
        ),
        ("if docker pull a; then b; fi; c", "docker pull a; ? b; c"),
        ("build && push || rescue; c", "build; push; ? rescue; c"),
        ("grep -q x y && a; b", "? a; b"),
        (
            "docker manifest inspect a || docker push a",
            "docker manifest inspect a; ? docker push a",
        ),
    ]);
}

#[test]
fn guards_hold_and_early_ends_do_not() {
    check(&[
        ("[ -z \"$SECRET\" ] && exit 1; a", "a"),
        (
            "if [ -z \"$SECRET\" ]; then echo no >&2; exit 1; fi; a",
            "a",
        ),
        ("if [ -n \"$SECRET\" ]; then a; else exit 1; fi; b", "a; b"),
        ("build || exit 1; a", "build; a"),
        ("if [ $SECRET = x ]; then exit 0; fi; a", "? a"),
        ("[ $SECRET = x ] && exit; a", "? a"),
        ("a; exit 0; b", "a"),
        ("a; exit 1; b", "a"),
        ("(a; exit 0; b); c", "a; c"),
        ("f() { [ $SECRET = x ] && return 0; a; }; f; b", "? a; b"),
        ("f() { a; return; b; }; f; c", "a; c"),
    ]);
}

#[test]
fn loops() {
    check(&[
        (
            "for t in a b; do docker push r:$t; done",
            "docker push r:a; docker push r:b",
        ),
        ("T='a b'; for t in $T; do x $t; done", "x a; x b"),
        ("T=a,b; for t in ${T//,/ }; do x $t; done", "x a; x b"),
        ("for t in a $SECRET; do x $t; done; y", "x a; ? x {?}; y"),
        ("for ((i=0; i<3; i++)); do x $i; done", "x 0; x 1; x 2"),
        ("for i in 1 2 3; do push && break; sleep 5; done", "push"),
        (
            "for i in 1 2 3; do [ $i = 2 ] && continue; x $i; done",
            "x 1; x 3",
        ),
        (
            "i=0; while [ $i -lt 2 ]; do x $i; i=$((i+1)); done",
            "x 0; x 1",
        ),
        (
            "while read -r t; do x $t; done <<< \"$(printf 'a\\nb')\"",
            "x a; x b",
        ),
        (
            "printf 'a\\nb\\n' | while IFS= read -r t; do x \"$t\"; done",
            "x a; x b",
        ),
        (
            "docker images | while read -r t; do x \"$t\"; done; y",
            "docker images; ? x {?}; y",
        ),
        (
            "n=0; until ready; do n=$((n+1)); x $n; done; y $n",
            "ready; ? x {?}; y {?}",
        ),
        (
            "while true; do x; [ $SECRET = y ] && break; done; z",
            "x; z",
        ),
        ("for f in */Dockerfile; do x $f; done", "x {?}/Dockerfile"),
        (
            "echo a b | xargs -n1 docker push",
            "docker push a; docker push b",
        ),
        ("echo a b | xargs docker push", "docker push a b"),
        (
            "printf 'a\\nb' | xargs -I{} docker tag x {}",
            "docker tag x a; docker tag x b",
        ),
        ("x $(echo ' a ' | xargs)", "x a"),
    ]);
}

#[test]
fn functions_wrappers_and_directories() {
    check(&[
        (
            "f() { local t=$1; x r:$t; }; t=z; f a; f b; x $t",
            "x r:a; x r:b; x z",
        ),
        (
            "function p { docker push \"$@\"; }; p a b",
            "docker push a b",
        ),
        (
            "sudo -E docker push a; env A=b docker push c; time docker push d",
            "sudo -E docker push a; env A=b docker push c; time docker push d",
        ),
        (
            "bash -c 'docker push $0 a'; eval \"docker push b\"",
            "docker push bash a; docker push b",
        ),
        ("f() { f; }; f; x", "x"),
    ]);
    let run = Step::new().run("cd a/b; x; cd ..; y; (cd c; z); A=1 B=$U w; export T=2; v <<< hi");
    let shown: Vec<_> = run
        .commands
        .iter()
        .map(|c| (c.words[0].text.as_str(), c.directory.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("x", "a/b"),
            ("y", "a"),
            ("z", "a/c"),
            ("w", "a"),
            ("v", "a")
        ]
    );
    let w = &run.commands[3];
    assert_eq!(
        w.assignments,
        [
            ("A".to_owned(), "1".to_owned()),
            ("B".to_owned(), String::new())
        ]
    );
    let v = &run.commands[4];
    assert_eq!(v.exported.get("T").map(String::as_str), Some("2"));
    assert_eq!(v.input.as_deref(), Some("hi\n"));
}

#[test]
fn words_lead_back_to_the_script() {
    let text = "if true; then\n  docker push \"r:${GITHUB_SHA::7}\" $(docker build -q .)\nfi";
    let run = Step::new().run(text);
    let spans: Vec<&str> = run
        .commands
        .iter()
        .flat_map(|c| c.words.iter().map(|w| text.get(w.span.clone()).unwrap()))
        .collect();
    assert_eq!(
        spans,
        [
            "docker",
            "build",
            "-q",
            ".",
            "docker",
            "push",
            "\"r:${GITHUB_SHA::7}\"",
            "$(docker build -q .)"
        ]
    );
}

#[test]
fn hostile_scripts_end() {
    let deep = format!("{}x{}", "$(".repeat(5_000), ")".repeat(5_000));
    let nested = format!(
        "{}x; {}",
        "if true; then ".repeat(2_000),
        "fi; ".repeat(2_000)
    );
    let forks = "if [ $SECRET = x ]; then A=1; ".repeat(30) + &"fi; ".repeat(30);
    let guards = "if [ $SECRET = x ]; then a; ".repeat(30) + &"else exit 1; fi; ".repeat(30);
    let chain = "a && ".repeat(5_000) + "b";
    let growth = "A=aaaaaaaaaaaaaaaa; for i in {1..64}; do A=$A$A; done; x $A".to_owned();
    let loops =
        "for a in {1..200}; do for b in {1..200}; do for c in {1..200}; do x; done; done; done"
            .to_owned();
    let recursion = "f() { f; f; }; f".to_owned();
    let unknown_loops = "while read a; do ".repeat(20) + "x; " + &"done; ".repeat(20);
    let arithmetic = format!("x $(({}1{}))", "(".repeat(3_000), ")".repeat(3_000));
    let braces = "x ".to_owned() + &"{a,b}".repeat(60);
    let parameters = format!("x {}a{}", "${A:-".repeat(3_000), "}".repeat(3_000));
    for text in [
        deep,
        nested,
        forks,
        guards,
        chain,
        growth,
        loops,
        recursion,
        unknown_loops,
        arithmetic,
        braces,
        parameters,
    ] {
        let start = std::time::Instant::now();
        Step::new().run(&text);
        assert!(
            start.elapsed().as_secs() < 20,
            "{}",
            text.chars().take(60).collect::<String>()
        );
    }
}

#[test]
fn what_cannot_be_read_does_not_hide_the_rest() {
    let run = Step::new().run("a\nif [ x ; then ((\nb\n");
    assert!(!run.faults.is_empty());
    assert_eq!(
        run.commands.first().map(|c| c.words[0].text.as_str()),
        Some("a")
    );
}
