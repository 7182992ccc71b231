//! Expressions of GitHub Actions: lexed, parsed, evaluated under contexts with unknown parts.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::eval::expr::{Contexts, evaluate, evaluate_condition, evaluate_template};
use taglint::eval::unknown::Unknowns;
use taglint::eval::value::{Object, Value};

struct World(Unknowns);

impl Contexts for World {
    fn context(&self, name: &str) -> Option<Value> {
        if !matches!(name.to_ascii_lowercase().as_str(), "github" | "env" | "matrix") {
            return None;
        }
        let mut object = Object::default();
        object.insert("ref", Value::text("refs/tags/v1.2.3"));
        object.insert("n", Value::Number(1.5));
        object.insert("secret", Value::Unknown(self.0.note("secrets.X", "a secret")));
        Some(Value::Object(object.into()))
    }

    fn unknowns(&self) -> &Unknowns {
        &self.0
    }
}

fuzz_target!(|text: &str| {
    let world = World(Unknowns::default());
    let first = evaluate(text, &world);
    // A tree that was kept gives what a fresh one gave.
    let again = evaluate(text, &world);
    match (&first, &again) {
        (Ok(a), Ok(b)) => assert_eq!(a.to_text(), b.to_text()),
        (Err(a), Err(b)) => assert_eq!(a.message, b.message),
        _ => panic!("{first:?} and {again:?}"),
    }
    if let Err(error) = &first {
        assert!(error.offset <= text.len());
    }
    let _ = evaluate_condition(text, &world);
    if let Ok(rendered) = evaluate_template(text, &world) {
        let whole = rendered.value.to_text().len();
        for piece in &rendered.pieces {
            assert!(piece.input.end <= text.len() && piece.output.end <= whole);
        }
    }
});
