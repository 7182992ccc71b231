//! Expressions over contexts of which not everything is known.

use std::rc::Rc;

use super::*;
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::{Object, Truth};

struct World {
    unknowns: Unknowns,
    contexts: Object,
}

impl Contexts for World {
    fn context(&self, name: &str) -> Option<Value> {
        self.contexts.get(name).cloned()
    }

    fn unknowns(&self) -> &Unknowns {
        &self.unknowns
    }
}

/// `secrets` and `steps` know no name, `env.TAG` is text with a hole, `u` is not known at all.
fn world() -> World {
    let unknowns = Unknowns::default();
    let secret = unknowns.note("secrets", "a secret");
    let steps = unknowns.note("steps", "the output of a step");
    let hole = unknowns.note("u", "not known");
    let tag = Value::text(format!("v{}-slim", hole.as_char()));
    let env: Object = [("TAG", tag)].into_iter().collect();
    let list: Value = serde_json::json!(["a", "b"]).into();
    let mut partial = Object::open(steps);
    partial.insert("known", Value::text("yes"));
    let contexts = [
        ("secrets", Value::object(Object::open(secret))),
        ("steps", Value::object(partial)),
        ("u", Value::Unknown(hole)),
        ("env", Value::object(env)),
        ("list", list),
    ];
    World {
        unknowns,
        contexts: contexts.into_iter().collect(),
    }
}

/// The value as text, quoted where it is text; unknown parts as `{?}`.
fn value(source: &str) -> String {
    let value = match evaluate(source, &world()) {
        Ok(value) => value,
        Err(error) => return format!("{:?}: {error}", error.phase),
    };
    let text = unknown::pattern(&value.to_text());
    match value {
        Value::String(_) => format!("'{text}'"),
        _ => text,
    }
}

fn holds(condition: &str) -> Option<bool> {
    evaluate_condition(condition, &world()).unwrap().known()
}

#[test]
fn unknown_operands_decide_nothing_that_others_do_not() {
    for (source, shown) in [
        ("u && 'x'", "{?}"),
        ("(u && false) || 'x'", "'x'"),
        ("(u || 'x') && 'y'", "'y'"),
        ("!(u && false)", "true"),
        ("!(u || 1)", "false"),
        ("u == u", "{?}"),
        ("false && u", "false"),
        ("'a' || u", "'a'"),
        ("'' || env.TAG", "'v{?}-slim'"),
        ("u && fromJSON('')", "{?}"),
        ("u == NaN", "{?}"),
        ("case(u, 'a', 'b') && 'c'", "'c'"),
        ("case(u, 'a', '')", "{?}"),
        ("case(false, u, 'b')", "'b'"),
    ] {
        assert_eq!(value(source), shown, "{source}");
    }
}

#[test]
fn what_is_known_of_text_is_used() {
    for (source, shown) in [
        ("env.TAG == 'latest'", "false"),
        ("env.TAG == 'v1-slim'", "{?}"),
        ("env.TAG == 1", "false"),
        ("startsWith(env.TAG, 'V')", "true"),
        ("endsWith(env.TAG, '-full')", "false"),
        ("contains(env.TAG, 'slim')", "true"),
        ("contains(list, env.TAG)", "false"),
        ("contains(list, u)", "{?}"),
        ("contains(fromJSON('[]'), u)", "false"),
        ("format('{0}:{1}', 'app', env.TAG)", "'app:v{?}-slim'"),
        ("join(fromJSON('[1, 2]'), u)", "'1{?}2'"),
        ("toJSON(env)", "'{\n  \"TAG\": \"v{?}-slim\"\n}'"),
        ("fromJSON(env.TAG)", "{?}"),
        ("list[u]", "{?}"),
        ("list.*", "Array"),
        ("contains(secrets.*, 'x')", "{?}"),
        ("!steps.*", "false"),
        ("env[env.TAG]", ""),
    ] {
        assert_eq!(value(source), shown, "{source}");
    }
}

#[test]
fn an_unknown_property_is_noted_by_its_whole_path() {
    let world = world();
    let Ok(Value::Unknown(mark)) = evaluate("steps.meta.outputs.tags", &world) else {
        panic!("a step's output is not known");
    };
    let noted = world.unknowns.get(mark).unwrap();
    assert_eq!(noted.what, "steps.meta.outputs.tags");
    assert_eq!(noted.reason, "the output of a step");
    assert!(
        !world
            .unknowns
            .in_text(&mark.as_char().to_string())
            .is_empty()
    );
    assert_eq!(value("steps.known"), "'yes'");
    assert_eq!(value("env.nothing"), "");
}

#[test]
fn text_around_an_expression_makes_a_condition_true() {
    for (condition, truth) in [
        ("u", None),
        ("u && false", Some(false)),
        ("${{ u || true }}", Some(true)),
        ("${{ false }}", Some(false)),
        ("${{ false }} ", Some(true)),
        ("${{ false }} && true", Some(true)),
        ("${{ false }}\n", Some(true)),
        ("${{ '' }}${{ '' }}", Some(false)),
        ("${{ '' }}${{ u }}", None),
        ("", Some(true)),
        ("  ", Some(true)),
        ("failure()", Some(false)),
        ("!cancelled() && u", None),
        ("always() || u", Some(true)),
    ] {
        assert_eq!(holds(condition), truth, "{condition:?}");
    }
    let error = evaluate_condition("${{ 1 == }}", &world()).unwrap_err();
    assert_eq!((error.phase, error.offset), (Phase::Parsing, 6));
}

#[test]
fn a_template_tells_where_its_text_came_from() {
    let world = world();
    let text = "app:${{ env.TAG }}-${{ 'a}}b' }}";
    let rendered = evaluate_template(text, &world).unwrap();
    let output = rendered.value.to_text();
    assert_eq!(unknown::pattern(&output), "app:v{?}-slim-a}}b");
    let parts: Vec<_> = rendered
        .pieces
        .iter()
        .map(|piece| {
            (
                text.get(piece.input.clone()).unwrap(),
                unknown::pattern(output.get(piece.output.clone()).unwrap()),
            )
        })
        .collect();
    assert_eq!(
        parts,
        [
            ("app:", "app:".to_owned()),
            ("${{ env.TAG }}", "v{?}-slim".to_owned()),
            ("-", "-".to_owned()),
            ("${{ 'a}}b' }}", "a}}b".to_owned()),
        ]
    );
    let typed = evaluate_template("${{ 3.10 }}", &world).unwrap().value;
    assert!(matches!(typed, Value::Number(_)));
    let plain = evaluate_template("a}}b{{c", &world).unwrap();
    assert_eq!(plain.value.to_text().as_ref(), "a}}b{{c");
    for wrong in ["${{ }}", "${{ a", "x ${{ 'a }}", "${{ nothing }}"] {
        assert!(evaluate_template(wrong, &world).is_err(), "{wrong}");
    }
}

#[test]
fn a_collection_is_equal_to_itself_alone() {
    let world = world();
    let same = evaluate("list == list", &world).unwrap();
    assert_eq!(same.truth(), Truth::True);
    let item = world.context("LIST").unwrap();
    assert!(matches!(item, Value::Array(items) if Rc::strong_count(&items) > 1));
}

#[test]
fn hostile_input_ends_in_an_error() {
    let world = world();
    let phase = |source: &str| evaluate(source, &world).map_err(|error| error.phase);
    let brackets = format!("{}1{}", "(".repeat(9000), ")".repeat(9000));
    assert!(phase(&brackets).is_ok());
    assert_eq!(phase(&"(".repeat(20_999)).unwrap_err(), Phase::Parsing);
    assert_eq!(phase(&"!".repeat(20_999)).unwrap_err(), Phase::Parsing);
    assert_eq!(phase(&"1".repeat(21_001)).unwrap_err(), Phase::Parsing);
    let mut doubling = "'0123456789'".to_owned();
    for _ in 0..30 {
        doubling = format!("format('{{0}}{{0}}{{0}}{{0}}', {doubling})");
    }
    assert_eq!(phase(&doubling).unwrap_err(), Phase::Evaluation);
    for source in [
        "", ".", "'", "a.", "a[", "f(", "💥", "1 2", "a.*.", "[*]", "a[*", "u.[0]", "+", "list[-1]",
    ] {
        let _ = evaluate(source, &world);
    }
}
