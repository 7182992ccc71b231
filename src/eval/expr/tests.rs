use super::*;
use crate::eval::unknown;
use crate::eval::value::Truth;

/// `known` holds text, `secrets` is open, `hole` is text with an unknown part.
fn given() -> Given {
    let unknowns = Unknowns::default();
    let mark = unknowns.note("secrets", "a secret");
    let mut secrets = Object::default();
    secrets.open = Some(mark);
    let mut contexts = Object::default();
    contexts.insert("secrets", Value::Object(std::rc::Rc::new(secrets)));
    contexts.insert(
        "known",
        Value::from(serde_json::json!({"a": "x", "yes": true})),
    );
    contexts.insert("hole", Value::text(&format!("v{}", mark.as_char())));
    Given { contexts, unknowns }
}

fn shown(source: &str) -> String {
    let given = given();
    match evaluate(source, &given) {
        Ok(value) => unknown::pattern(&value.to_text()),
        Err(error) => format!("{:?}: {error}", error.phase),
    }
}

fn holds(source: &str) -> &'static str {
    match evaluate_condition(source, &given()) {
        Ok(Truth::True) => "true",
        Ok(Truth::False) => "false",
        Ok(Truth::Unknown(_)) => "unknown",
        Err(_) => "error",
    }
}

#[test]
fn unknown_parts_spread_and_known_operands_decide() {
    for (source, expected) in [
        ("secrets.A", "{?}"),
        ("secrets.A && known.a", "{?}"),
        ("known.a || secrets.A", "x"),
        ("format('{0}-{1}', secrets.A, known.a)", "{?}-x"),
        ("hole == 'w1'", "false"),
        ("hole == 'v1'", "{?}"),
        ("hole == hole", "true"),
        ("startsWith(hole, 'v')", "true"),
        ("startsWith(hole, 'w')", "false"),
        ("startsWith(hole, 'v1')", "{?}"),
        ("contains(hole, 'v')", "true"),
        ("contains(hole, 'z')", "{?}"),
        ("known.b", ""),
        ("fromJSON(secrets.A).b[0]", "{?}"),
    ] {
        assert_eq!(shown(source), expected, "{source}");
    }
}

#[test]
fn a_missing_part_is_named_by_what_asks_for_it() {
    let given = given();
    let value = evaluate("secrets['USER']", &given).unwrap();
    let found = given.unknowns.in_text(&value.to_text());
    assert_eq!(found[0].what, "secrets.USER");
    assert_eq!(found[0].reason, "a secret");
}

#[test]
fn conditions_are_three_valued() {
    for (source, expected) in [
        ("secrets.A && false", "false"),
        ("secrets.A || true", "true"),
        ("!secrets.A", "unknown"),
        ("${{ known.yes }}", "true"),
        ("${{ !known.yes }} ", "true"),
        ("${{ known.yes }} && false", "true"),
        ("", "true"),
        ("failure()", "false"),
        ("nowhere.a", "error"),
    ] {
        assert_eq!(holds(source), expected, "{source}");
    }
}

#[test]
fn templates_keep_types_and_places() {
    let given = given();
    let whole = evaluate_template("${{ known.yes }}", &given).unwrap();
    assert!(matches!(whole.value, Value::Bool(true)));
    let text = evaluate_template("a ${{ known.a }}${{ '}}' }} b", &given).unwrap();
    assert_eq!(&*text.value.to_text(), "a x}} b");
    let pieces: Vec<_> = text
        .pieces
        .iter()
        .map(|p| (p.output.clone(), p.expression))
        .collect();
    assert_eq!(
        pieces,
        [(0..2, false), (2..3, true), (3..5, true), (5..7, false)]
    );
}

#[test]
fn hostile_expressions_are_refused() {
    for source in [
        "(".repeat(20_000),
        "!".repeat(20_000),
        "known.a".to_owned() + &"[0]".repeat(6_000),
    ] {
        assert!(evaluate(&source, &given()).is_err());
    }
    let chain = vec!["1 == 1"; 2_000].join(" == ");
    assert!(evaluate(&chain, &given()).is_err());
}
