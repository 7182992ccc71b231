//! What is decided while something is unknown must hold whatever it turns out to be: checked on
//! expressions put together at random (always the same ones), against worlds in which all is known.

use serde_json::{Value as Json, json};

use super::{Contexts, evaluate, evaluate_condition};
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::{Object, Value};

const OPERANDS: &[&str] = &[
    "u",
    "u.a",
    "u[0]",
    "t",
    "'v1x'",
    "''",
    "1",
    "null",
    "true",
    "false",
    "c.a",
    "c[t]",
    "c.*",
    "u.*.a",
    "contains(u, 'x')",
    "contains(t, 'x')",
    "contains(c.a, u)",
    "startsWith(t, 'v')",
    "startsWith('v1x', t)",
    "endsWith(t, u)",
    "format('{0}{1}', u, t)",
    "join(c.a, u)",
    "toJSON(u)",
    "case(t == 'v1x', 'a', '')",
    "case(startsWith(t, 'v1'), u, c.a)",
];

const OPERATORS: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "&&", "||"];

struct World {
    unknowns: Unknowns,
    contexts: Object,
}

impl World {
    fn new(unknowns: Unknowns, u: Value, t: Value) -> Self {
        let c = json!({"a": ["x", 1, "v1x"], "v": 1}).into();
        let contexts = [("u", u), ("t", t), ("c", c)].into_iter().collect();
        Self { unknowns, contexts }
    }
}

impl Contexts for World {
    fn context(&self, name: &str) -> Option<Value> {
        self.contexts.get(name).cloned()
    }

    fn unknowns(&self) -> &Unknowns {
        &self.unknowns
    }
}

/// A fixed sequence of numbers without visible order.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn expression(&mut self, depth: usize) -> String {
        let mut expression = String::new();
        for part in 0..=self.below(3) {
            if part > 0 {
                expression += &format!(" {} ", self.pick(OPERATORS));
            }
            if self.below(4) == 0 {
                expression.push('!');
            }
            expression += &match depth < 2 && self.below(3) == 0 {
                true => format!("({})", self.expression(depth + 1)),
                false => self.pick(OPERANDS).to_owned(),
            };
        }
        expression
    }
}

#[test]
fn no_world_contradicts_what_is_decided() {
    let unknowns = Unknowns::default();
    let u = Value::Unknown(unknowns.note("u", "not known"));
    let hole = unknowns.note("t", "not known").as_char();
    let open = World::new(unknowns, u, Value::text(format!("v{hole}x")));
    let values: [Json; 9] = [
        json!(null),
        json!(true),
        json!(0),
        json!(1.5),
        json!(""),
        json!("x"),
        json!([]),
        json!(["x", 1]),
        json!({"a": "x", "x": [1]}),
    ];
    let known: Vec<World> = values
        .iter()
        .flat_map(|u| ["vx", "v1x", "vxx"].map(|t| (u, t)))
        .map(|(u, t)| World::new(Unknowns::default(), u.into(), Value::text(t)))
        .collect();
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut decided = 0;
    for _ in 0..1500 {
        let expression = dice.expression(0);
        let Ok(text) = evaluate(&expression, &open).map(|value| value.to_text()) else {
            continue;
        };
        let truth = evaluate_condition(&expression, &open).unwrap().known();
        decided += usize::from(truth.is_some());
        for world in &known {
            let Ok(value) = evaluate(&expression, world) else {
                continue;
            };
            if truth.is_some() {
                assert_eq!(value.truth().known(), truth, "{expression}");
            }
            assert!(
                unknown::could_equal(&text, &value.to_text(), |a, b| a == b),
                "{expression}: {} is not {}",
                value.to_text(),
                unknown::pattern(&text)
            );
        }
    }
    assert!(decided > 300, "only {decided} were decided");
}
