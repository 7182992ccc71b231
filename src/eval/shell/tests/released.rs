//! Scripts of a release, as real workflows have them.

use crate::eval::shell::*;
use crate::eval::unknown;

/// A release of v1.2.3: `SECRET` is not known, `IMAGE` is `acme/app`, everything else is unset.
struct Release {
    secret: Mark,
}

impl Environment for Release {
    fn variable(&self, name: &str) -> Variable {
        match name {
            "IMAGE" => Variable::Known("acme/app".to_owned()),
            "GITHUB_REF" => Variable::Known("refs/tags/v1.2.3".to_owned()),
            "GITHUB_REF_NAME" => Variable::Known("v1.2.3".to_owned()),
            "SECRET" => Variable::Unknown(self.secret),
            _ => Variable::Unset,
        }
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        let repository = Repository {
            commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            branch: Some(String::new()),
            tags: Some(vec!["v1.2.3".to_owned()]),
            last_tag: None,
        };
        repository.answer(arguments)
    }

    fn file(&self, path: &str) -> Option<String> {
        (path == "VERSION").then(|| "1.2.3\n".to_owned())
    }
}

fn ran(text: &str) -> Rc<Run> {
    let unknowns = Unknowns::default();
    let environment = Release {
        secret: unknowns.note("secrets.X", "a secret"),
    };
    run(&Script {
        text,
        environment: &environment,
        unknowns: &unknowns,
        locate: &|_| None,
    })
}

/// The commands a script runs, `?` after those that may not run.
fn commands(text: &str) -> Vec<String> {
    let shown = |command: &Command| {
        let words: Vec<String> = command
            .words
            .iter()
            .map(|word| unknown::pattern(&word.text))
            .collect();
        let doubt = if command.certain { "" } else { " ?" };
        format!("{}{doubt}", words.join(" "))
    };
    ran(text).commands.iter().map(shown).collect()
}

#[test]
fn words_are_expanded() {
    for (script, expected) in [
        (
            "docker push $IMAGE:${GITHUB_REF_NAME#v}",
            "docker push acme/app:1.2.3",
        ),
        (
            "docker push ${IMAGE}:${GITHUB_REF##*/}",
            "docker push acme/app:v1.2.3",
        ),
        (
            "docker push ${IMAGE^^}:${NONE:-latest}",
            "docker push ACME/APP:latest",
        ),
        (
            "V=${GITHUB_REF_NAME#v}; docker push a:${V%.*} a:${V%%.*}",
            "docker push a:1.2 a:1",
        ),
        (
            "docker push ${IMAGE//a/b} ${IMAGE/a/b}",
            "docker push bcme/bpp bcme/app",
        ),
        (
            "docker push a:$(git describe --tags --always)",
            "docker push a:v1.2.3",
        ),
        (
            "docker push a:`git rev-parse --short HEAD`",
            "docker push a:0123456",
        ),
        (
            "docker push a:$(echo $GITHUB_REF_NAME | sed 's/^v//' | cut -d. -f1-2)",
            "docker push a:1.2",
        ),
        (
            "docker push a:$(echo A-B | tr A-Z a-z)",
            "docker push a:a-b",
        ),
        ("docker push a:$(cat VERSION)", "docker push a:1.2.3"),
        (
            "docker push a:$(echo $GITHUB_REF | awk -F/ '{print $3}')",
            "docker push a:v1.2.3",
        ),
        ("docker push a:$SECRET", "docker push a:{?}"),
        (
            "docker push a:$(curl -s https://example.org)",
            "docker push a:{?}",
        ),
        ("docker push $NONE a", "docker push a"),
        ("docker push \"$NONE\" a", "docker push  a"),
        ("docker push a:{1,2}", "docker push a:1 a:2"),
        (
            "T=(-t a:1); T+=(-t a:2); docker build \"${T[@]}\" .",
            "docker build -t a:1 -t a:2 .",
        ),
        ("docker push a:$((1 + 2))", "docker push a:3"),
        ("docker push ${GITHUB_REF_NAME:1}", "docker push 1.2.3"),
        ("f() { docker push a:$1; }; f 7", "docker push a:7"),
        ("docker push a:1 \\\n  --quiet", "docker push a:1 --quiet"),
    ] {
        // Commands in substitutions come first.
        assert_eq!(
            commands(script).last().map(String::as_str),
            Some(expected),
            "{script}"
        );
    }
}

#[test]
fn known_conditions_decide_and_unknown_ones_leave_a_doubt() {
    let cases: &[(&str, &[&str])] = &[
        (
            "if [ -n \"$IMAGE\" ]; then docker push a; else docker push b; fi",
            &["docker push a"],
        ),
        (
            "[[ $GITHUB_REF =~ ^refs/tags/v[0-9] ]] && docker push a",
            &["docker push a"],
        ),
        (
            "[[ $GITHUB_REF_NAME == *-* ]] || docker push a:latest",
            &["docker push a:latest"],
        ),
        (
            "case $GITHUB_REF in refs/heads/*) docker push b;; refs/tags/*) docker push t;; esac",
            &["docker push t"],
        ),
        (
            "for t in 1 2; do docker push a:$t; done",
            &["docker push a:1", "docker push a:2"],
        ),
        (
            "if [ \"$SECRET\" = x ]; then docker push a; fi",
            &["docker push a ?"],
        ),
        (
            "if ! docker info; then exit 1; fi; docker push a",
            &["docker info", "docker push a"],
        ),
        ("exit 0; docker push a", &[]),
        (
            "if [ -z \"$IMAGE\" ]; then exit 1; fi; docker push a",
            &["docker push a"],
        ),
        ("docker push a:${SECRET:-latest}", &["docker push a:{?}"]),
    ];
    for (script, expected) in cases {
        assert_eq!(commands(script), *expected, "{script}");
    }
}

#[test]
fn what_is_handed_on_is_read() {
    let handed = |text: &str| -> Vec<String> {
        let run = ran(text);
        let all = run.outputs.iter().chain(&run.environment);
        all.map(|a| {
            format!(
                "{}={}{}",
                a.name,
                unknown::pattern(&a.value),
                if a.certain { "" } else { " ?" }
            )
        })
        .collect()
    };
    for (script, expected) in [
        ("echo \"v=1\" >> $GITHUB_OUTPUT", "v=1"),
        (
            "echo \"v=${GITHUB_REF_NAME#v}\" >> \"$GITHUB_ENV\"",
            "v=1.2.3",
        ),
        ("printf 'v=%s\\n' 2 >> $GITHUB_OUTPUT", "v=2"),
        ("echo v=3 | tee -a $GITHUB_OUTPUT", "v=3"),
        (
            "{ echo 'v<<EOF'; echo a; echo b; echo EOF; } >> $GITHUB_OUTPUT",
            "v=a\nb",
        ),
        ("cat <<EOF >> $GITHUB_OUTPUT\nv=$IMAGE\nEOF", "v=acme/app"),
        ("echo '::set-output name=v::4'", "v=4"),
        ("echo v=$SECRET >> $GITHUB_OUTPUT", "v={?}"),
    ] {
        assert_eq!(handed(script), [expected], "{script}");
    }
    assert_eq!(
        handed("if [ \"$SECRET\" = x ]; then echo v=1 >> $GITHUB_OUTPUT; fi"),
        ["v=1 ?"]
    );
}

#[test]
fn hostile_scripts_end() {
    let deep = "(".repeat(10_000);
    let nested = "$(".repeat(5_000);
    for script in [
        deep.as_str(),
        nested.as_str(),
        "f() { f; }; f",
        "while true; do docker push a; done",
        "for a in {1..999999}; do for b in {1..999999}; do docker push $a$b; done; done",
        "A=x; while true; do A=$A$A; done",
        "[[ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! =~ ^(a+)+$ ]] && docker push a",
        "${",
        "docker push \"",
        "<<EOF",
        "case x in",
        "\u{0}\u{1b}",
    ] {
        let _ = ran(script);
    }
}
