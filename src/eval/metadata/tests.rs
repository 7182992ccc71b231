//! What is not known, in inputs and events.

#![allow(clippy::string_slice)]

use serde_json::{Value as Json, json};

use super::*;
use crate::eval::unknown::{Mark, pattern};

struct Case {
    tags: &'static str,
    flavor: &'static str,
    reference: &'static str,
    payload: Json,
    complete: bool,
}

const RELEASE: Case = Case {
    tags: "",
    flavor: "",
    reference: "refs/tags/v1.2.3",
    payload: Json::Null,
    complete: true,
};

/// Tag names, each `?` before one that is not certain; `?` in the inputs is an unknown part.
fn run(case: &Case) -> Result<(String, Vec<String>), MetadataError> {
    let unknowns = Unknowns::default();
    let mark: Mark = unknowns.note("x", "y");
    let blur = |text: &str| text.replace('?', &mark.as_char().to_string());
    let (tags, flavor, reference) = (blur(case.tags), blur(case.flavor), blur(case.reference));
    let inputs = Inputs {
        images: "acme/app",
        tags: &tags,
        flavor: &flavor,
        ..Inputs::default()
    };
    let context = Context {
        event_name: "push",
        reference: &reference,
        sha: "abcdef1000000000000000000000000000000000",
        payload: Payload {
            json: &case.payload,
            complete: case.complete,
        },
        default_branch: "main",
        now: None,
        commit_time: None,
        environment: &|_| None,
        unknowns: &unknowns,
    };
    let metadata = evaluate(&inputs, &context)?;
    let show = |tag: &Tag| {
        format!(
            "{}{}",
            if tag.certain { "" } else { "?" },
            pattern(&tag.name)
        )
    };
    Ok((
        pattern(&metadata.version),
        metadata.tags.iter().map(show).collect(),
    ))
}

fn tags(tags: &'static str) -> Vec<String> {
    run(&Case { tags, ..RELEASE }).unwrap().1
}

#[test]
fn unknown_values_are_patterns() {
    assert_eq!(tags("type=raw,value=a-?"), ["a-{?}"]);
    assert_eq!(tags("type=raw,value=a ?/b"), ["a-{?}b"]);
    assert_eq!(tags("type=raw,value=?"), ["?{?}"]);
    assert_eq!(tags("type=raw,value=a,suffix=?"), ["a{?}"]);
    assert_eq!(tags("type=raw,?"), ["?{?}"]);
    assert_eq!(tags("type=raw,value=a,enable=false,?"), ["?{?}", "?latest"]);
    assert_eq!(tags("type=raw,value={{date 'YYYY'}}"), ["{?}"]);
    assert_eq!(tags("?"), ["?{?}", "?latest"]);
    assert_eq!(
        tags("type=?,value=a\ntype=raw,value=b"),
        ["?{?}", "b", "?latest"]
    );
}

#[test]
fn unknown_conditions_give_uncertain_tags() {
    assert_eq!(tags("type=raw,value=a,enable=?"), ["?a"]);
    assert_eq!(tags("type=raw,value=a,enable=?\ntype=raw,value=a"), ["a"]);
    let wrong = Case {
        tags: "type=raw,value=a,enable=x?",
        ..RELEASE
    };
    assert!(run(&wrong).is_err());
    // What may be disabled may not fail the run either.
    assert_eq!(tags("type=raw,value={{a,enable=?\ntype=raw,value=b"), ["b"]);
}

#[test]
fn latest_is_certain_where_all_that_may_decide_agree() {
    let semver = "type=semver,pattern={{version}},enable=?\n";
    assert_eq!(tags("type=semver,pattern={{version}}"), ["1.2.3", "latest"]);
    let both = "type=semver,pattern={{version}},enable=?\ntype=ref,event=tag";
    assert_eq!(tags(both), ["?1.2.3", "v1.2.3", "latest"]);
    let disagree = "type=semver,pattern={{version}},enable=?\ntype=raw,value=a";
    assert!(disagree.starts_with(semver));
    assert_eq!(tags(disagree), ["?1.2.3", "a", "?latest"]);
    let (version, _) = run(&Case {
        tags: disagree,
        ..RELEASE
    })
    .unwrap();
    assert_eq!(version, "{?}");
    assert_eq!(
        tags("type=raw,value=a,enable=?\ntype=raw,value=b,priority=?"),
        ["?a", "b"]
    );
}

#[test]
fn an_unknown_version_is_one_unknown_part() {
    let of = |reference, tags| {
        run(&Case {
            reference,
            tags,
            ..RELEASE
        })
        .unwrap()
        .1
    };
    let semver = "type=semver,pattern={{major}}.{{minor}}";
    assert_eq!(of("refs/tags/v?", semver), ["?{?}", "?latest"]);
    assert_eq!(
        of("refs/tags/v?", "type=semver,pattern={{raw}}"),
        ["?v{?}", "?latest"]
    );
    assert_eq!(of("refs/tags/release-?", semver), [""; 0]);
    assert_eq!(of("refs/tags/?", "type=ref,event=tag"), ["{?}", "latest"]);
    assert_eq!(
        of("?", "type=ref,event=tag\ntype=sha"),
        ["?{?}", "sha-abcdef1", "?latest"]
    );
    assert_eq!(of("refs/heads/a#?#b", "type=ref,event=branch"), ["a-{?}-b"]);
    assert_eq!(of("refs/pull/15/m?", "type=ref,event=pr"), ["pr-15{?}"]);
    assert_eq!(of("refs/heads/m?", "type=edge"), ["?edge"]);
    assert_eq!(of("refs/heads/x?", "type=edge"), [""; 0]);
    assert_eq!(
        of(
            "refs/heads/?",
            "type=raw,value=d,enable={{is_default_branch}}"
        ),
        ["?d"]
    );
}

#[test]
fn a_sample_event_does_not_know_what_it_lacks() {
    let tags = "type=raw,value=x-{{base_ref}}";
    let of = |complete| {
        let payload = json!({});
        run(&Case {
            tags,
            complete,
            payload,
            ..RELEASE
        })
        .unwrap()
        .1
    };
    assert_eq!(of(true), ["x-"]);
    assert_eq!(of(false), ["x-{?}"]);
}

#[test]
fn an_unknown_flavor_may_be_anything() {
    let of = |flavor| {
        let tags = "type=ref,event=tag";
        run(&Case {
            tags,
            flavor,
            ..RELEASE
        })
        .unwrap()
        .1
    };
    assert_eq!(of("latest=?"), ["v1.2.3", "?latest"]);
    assert_eq!(of("suffix=?,onlatest=true"), ["v1.2.3{?}", "latest{?}"]);
    assert_eq!(of("suffix=-slim,onlatest=?"), ["v1.2.3-slim", "latest{?}"]);
    assert_eq!(of("?"), ["{?}v1.2.3{?}", "?{?}latest{?}"]);
}

#[test]
fn errors_point_at_what_is_wrong() {
    for (tags, flavor, shown) in [
        ("type=sha\ntype=raw,value=a,enable=maybe", "", "maybe"),
        ("type=semver,pattern={{version", "", "{{version"),
        ("type=match,pattern=(", "", "("),
        ("type=sha\ntype=semver", "", "type=semver"),
        ("", "latest=auto,latest=yes", "latest=yes"),
    ] {
        let error = run(&Case {
            tags,
            flavor,
            ..RELEASE
        })
        .unwrap_err();
        let input = if error.input == Input::Flavor {
            flavor
        } else {
            tags
        };
        assert_eq!(input.get(error.range), Some(shown));
    }
}

#[test]
fn an_uncertain_line_is_one_unknown_part_of_the_output() {
    let unknowns = Unknowns::default();
    let mark = unknowns.note("x", "y").as_char();
    let tags = format!("type=raw,value=a,enable={mark}\ntype=raw,value=b");
    let inputs = Inputs {
        images: "Acme/App",
        tags: &tags,
        ..Inputs::default()
    };
    let context = Context {
        event_name: "push",
        reference: "refs/heads/main",
        sha: "",
        payload: Payload {
            json: &Json::Null,
            complete: false,
        },
        default_branch: "main",
        now: None,
        commit_time: None,
        environment: &|_| None,
        unknowns: &unknowns,
    };
    let metadata = evaluate(&inputs, &context).unwrap();
    assert_eq!(pattern(&metadata.tags_output(&unknowns)), "{?}\nacme/app:b");
    let bake = metadata.bake_file_tags(&unknowns);
    assert_eq!(bake["target"][BAKE_TARGET]["tags"][1], "acme/app:b");
    assert_eq!(metadata.json_output(&unknowns)["tag-names"][1], "b");
}

#[test]
fn long_and_hostile_inputs_end() {
    let many: String = (0..5_000)
        .map(|n| format!("type=raw,value={n}\n"))
        .collect();
    let wide = format!("type=raw,value=a{}", ",k=v".repeat(20_000));
    let open = format!("type=raw,value={}", "{{!".repeat(20_000));
    let deep = format!("type=raw,value={}", "{{#if a}}".repeat(5_000));
    let costly = format!("type=match,pattern=^(a|a)*$,value={}b", "a".repeat(500));
    let groups = format!("type=match,pattern=({})*b,value=a", "(a?)".repeat(5_000));
    for tags in [many, wide, open, deep, costly, groups] {
        let unknowns = Unknowns::default();
        let context = Context {
            event_name: "push",
            reference: "refs/heads/main",
            sha: "",
            payload: Payload {
                json: &Json::Null,
                complete: true,
            },
            default_branch: "main",
            now: None,
            commit_time: None,
            environment: &|_| None,
            unknowns: &unknowns,
        };
        let inputs = Inputs {
            tags: &tags,
            ..Inputs::default()
        };
        let _ = evaluate(&inputs, &context);
    }
}
