//! imjasonh/setup-ko and ko-build/setup-ko: they tell ko where to push, unless something else did.

use crate::eval::value::{Object, Value};
use crate::formats::github::context::Frame;
use crate::formats::github::world::Effect;

/// Runs the step.
pub fn run(frame: &Frame<'_>, written: &mut Object) -> Effect {
    let given = frame.env.get("KO_DOCKER_REPO");
    if given.is_none_or(|value| value.to_text().is_empty()) {
        let repository = match &frame.github {
            Value::Object(github) => github.get("repository").map(Value::to_text),
            _ => None,
        };
        if let Some(repository) = repository {
            let name = format!("ghcr.io/{}", repository.to_lowercase());
            written.insert("KO_DOCKER_REPO", Value::text(name));
        }
    }
    Effect::Done(Object::default())
}
