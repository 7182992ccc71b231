use super::command::Command;
use super::*;
use crate::eval::go_template::{Access, Value};
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::source::{FileId, Place, Span};
use crate::yaml::Yaml;

struct Case<'a> {
    tag: &'a str,
    line: &'a str,
    env: &'a [(&'a str, &'a str)],
}

const RELEASE: Case<'static> = Case {
    tag: "v1.2.3",
    line: "release",
    env: &[],
};

fn planned(yaml: &str, case: &Case<'_>) -> Vec<String> {
    let file = FileId(0);
    let parsed = Yaml::parse(yaml);
    let config = Config::read(file, parsed.first().unwrap());
    let unknowns = Unknowns::default();
    let variable = |name: &str, _: Access| {
        let found = case.env.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| Value::text(*value))
    };
    let module = |_: &str| Some("example.com/acme/app".to_owned());
    let command = Command::read(case.line.split(' '));
    let situation = Situation {
        tag: match case.tag {
            "" => Tag::None,
            tag => Tag::At(tag.to_owned()),
        },
        commit: Some("abcdef1000000000000000000000000000000000".to_owned()),
        branch: Some("HEAD".to_owned()),
        repository: Some("acme/app".to_owned()),
        time: None,
        snapshot: command.snapshot == Truth::True,
        nightly: command.nightly == Truth::True,
        variable: &variable,
        module: &module,
        unknowns: &unknowns,
    };
    let at = Place {
        file,
        span: Span::default(),
    };
    let definition = definition::evaluate(&config, &command, &situation, at);
    let mut lines = Vec::new();
    for image in definition.images {
        for name in image.names {
            let sign = match image.push {
                Truth::True if name.doubts.is_empty() => "",
                Truth::False => "local ",
                _ => "maybe ",
            };
            lines.push(format!("{sign}{}", unknown::pattern(&name.text)));
        }
    }
    lines.extend(definition.faults.into_iter().map(|(message, _)| message));
    lines
}

#[test]
fn dockers_and_manifests() {
    let yaml = r#"
dockers:
  - image_templates: ["a/app:{{ .Tag }}-amd64", "{{ if .Prerelease }}a/app:next{{ end }}"]
  - image_templates: ["a/app:{{ .Version }}-arm64"]
    goarch: arm64
    skip_push: auto
docker_manifests:
  - name_template: "a/{{ .ProjectName }}:v{{ .Major }}.{{ .Minor }}"
    image_templates: ["a/app:{{ .Tag }}-amd64"]
  - name_template: "a/app:latest"
    skip_push: "{{ if .Prerelease }}true{{ end }}"
    image_templates: ["a/app:{{ .Tag }}-amd64"]
"#;
    assert_eq!(
        planned(yaml, &RELEASE),
        [
            "a/app:v1.2.3-amd64",
            "a/app:1.2.3-arm64",
            "a/app:v1.2",
            "a/app:latest"
        ]
    );
    let before = Case {
        tag: "v1.2.3-rc.1",
        ..RELEASE
    };
    assert_eq!(
        planned(yaml, &before),
        [
            "a/app:v1.2.3-rc.1-amd64",
            "a/app:next",
            "local a/app:1.2.3-rc.1-arm64",
            "a/app:v1.2"
        ]
    );
    assert!(planned(yaml, &Case { tag: "", ..RELEASE }).is_empty());
    assert!(
        planned(
            yaml,
            &Case {
                line: "check",
                ..RELEASE
            }
        )
        .is_empty()
    );
    assert!(
        planned(
            yaml,
            &Case {
                line: "release --skip=docker",
                ..RELEASE
            }
        )
        .is_empty()
    );
    assert_eq!(
        planned(
            yaml,
            &Case {
                tag: "",
                line: "release --snapshot",
                env: &[]
            }
        ),
        [
            "local a/app:{?}-amd64",
            "local a/app:next",
            "local a/app:{?}-SNAPSHOT-abcdef1-arm64"
        ]
    );
}

#[test]
fn images_of_several_platforms_have_every_name_with_every_tag() {
    let yaml = r#"
env: ["OWNER=acme", "FULL={{ .Env.OWNER }}/app"]
variables: { edition: full }
dockers_v2:
  - images: ["ghcr.io/{{ .Env.FULL }}", "acme/app"]
    tags: ["v{{ .Version }}", "{{ if not .IsNightly }}latest-{{ .Var.edition }}{{ end }}", "{{ if .IsNightly }}n{{ end }}"]
  - images: ["acme/next"]
    disable: '{{ if not (index .Env "NEXT") }}true{{ end }}'
  - images: ["acme/empty"]
    tags: ["{{ if .Prerelease }}x{{ end }}"]
"#;
    assert_eq!(
        planned(yaml, &RELEASE),
        [
            "ghcr.io/acme/app:v1.2.3",
            "ghcr.io/acme/app:latest-full",
            "acme/app:v1.2.3",
            "acme/app:latest-full",
            "GoReleaser fails: no tags provided"
        ]
    );
    let next = Case {
        env: &[("NEXT", "1")],
        ..RELEASE
    };
    assert!(planned(yaml, &next).contains(&"acme/next:v1.2.3".to_owned()));
}

#[test]
fn ko_names_its_first_repository_by_the_package() {
    let yaml = r#"
builds: [{ id: server, main: ./cmd/server }]
kos:
  - build: server
    base_import_paths: true
    repositories: [ghcr.io/acme, docker.io/acme/copy]
    tags: ["{{ .Version }}", " "]
  - id: server
    repository: acme/bare
    bare: true
"#;
    assert_eq!(
        planned(yaml, &RELEASE),
        [
            "ghcr.io/acme/server:1.2.3",
            "docker.io/acme/copy:1.2.3",
            "acme/bare:latest"
        ]
    );
    let environment = Case {
        env: &[("KO_DOCKER_REPO", "r.io")],
        ..RELEASE
    };
    assert_eq!(
        planned(yaml, &environment),
        ["r.io/server:1.2.3", "r.io:latest"]
    );
}

#[test]
fn faults_stop_what_they_would() {
    let yaml = |template: &str| {
        format!("dockers:\n- image_templates: ['a/a:1']\n- image_templates: ['a/b:{template}']\n")
    };
    for (template, wanted) in [
        ("{{ .Env.NOPE }}", "map has no entry for key \"NOPE\""),
        ("{{ .Arch }}", "map has no entry for key \"Arch\""),
        ("{{ lower .Tag }}", "function \"lower\" not defined"),
        ("{{ .Tag ", "unclosed action"),
    ] {
        let lines = planned(&yaml(template), &RELEASE);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].ends_with(wanted), "{lines:?}");
    }
    let lines = planned(
        &yaml("x"),
        &Case {
            tag: "nightly",
            ..RELEASE
        },
    );
    assert_eq!(
        lines,
        ["GoReleaser fails: the tag `nightly` is no semantic version"]
    );
}

#[test]
fn functions_do_as_documented() {
    for (template, wanted) in [
        ("{{ trimprefix .Tag \"v\" }}", "1.2.3"),
        ("{{ replace .Version \".\" \"-\" | toupper }}", "1-2-3"),
        ("{{ incminor .Tag }}", "v1.3.0"),
        (
            "{{ envOrDefault \"NO\" \"d\" }}{{ isEnvSet \"NO\" }}",
            "dfalse",
        ),
        ("{{ index (split .Version \".\") 0 }}", "1"),
        (
            "{{ $m := map \"a\" \"b\" }}{{ indexOrDefault $m \"x\" \"y\" }}{{ $m.a }}",
            "yb",
        ),
        (
            "{{ title \"ab cd\" }}{{ base \"x/y\" }}{{ dir \"x/y\" }}",
            "Ab Cdyx",
        ),
        ("{{ if in (list \"a\" \"b\") \"b\" }}in{{ end }}", "in"),
        ("{{ if contains .Tag \"rc\" }}rc{{ else }}no{{ end }}", "no"),
        (
            "{{ reReplaceAll \"(\\\\d)\\\\.(\\\\d)\" .Version \"$2\" }}",
            "2.3",
        ),
        (
            "{{ .RawVersion }}{{ .ShortCommit }}{{ .Runtime.Goos }}",
            "1.2.3abcdef1linux",
        ),
    ] {
        let yaml = format!("dockers:\n- image_templates:\n  - |-\n    a:{template}\n");
        assert_eq!(
            planned(&yaml, &RELEASE),
            [format!("a:{wanted}")],
            "{template}"
        );
    }
}
