//! Small actions that make outputs of text: a condition, a change of case, a pattern.

use super::{input, value};
use crate::eval::metadata::pattern::Pattern;
use crate::eval::unknown;
use crate::eval::value::{Object, Value};
use crate::formats::github::context::Frame;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::{Effect, Run};

/// Runs a step of one of these actions; nothing where it is none.
pub fn run(run: &Run<'_>, step: &Step, frame: &Frame<'_>, action: &str) -> Option<Effect> {
    let given = |name: &str| {
        let rendered = input(run, step, frame, name);
        rendered.map_or_else(String::new, |rendered| rendered.text.trim().to_owned())
    };
    let outputs = match action {
        "haya14busa/action-cond" => {
            condition(&given("cond"), &given("if_true"), &given("if_false"), frame)
        }
        "aszc/change-string-case-action" => case(&given("string")),
        "actions-ecosystem/action-regex-match" => {
            groups(&given("text"), &given("regex"), &given("flags"), frame)
        }
        _ => return None,
    };
    Some(Effect::Done(outputs))
}

fn condition(condition: &str, yes: &str, no: &str, frame: &Frame<'_>) -> Object {
    let mut outputs = Object::default();
    let chosen = if condition == "true" {
        value(yes)
    } else if unknown::could_equal(condition, "true", |a, b| a == b) && yes != no {
        let reason = "the condition of the step is not known";
        Value::Unknown(frame.unknowns.note("value", reason))
    } else {
        value(no)
    };
    outputs.insert("value", chosen);
    outputs
}

fn case(text: &str) -> Object {
    let mut outputs = Object::default();
    let lower = text.to_lowercase();
    let mut rest = lower.chars();
    let first: String = rest
        .next()
        .map(|c| c.to_uppercase().to_string())
        .unwrap_or_default();
    outputs.insert("capitalized", value(&format!("{first}{}", rest.as_str())));
    outputs.insert("uppercase", value(&text.to_uppercase()));
    outputs.insert("lowercase", value(&lower));
    outputs
}

/// The match and its groups. A group is named by the place of the first one with the same text, so
/// one that repeats an earlier one is not set.
fn groups(text: &str, pattern: &str, flags: &str, frame: &Frame<'_>) -> Object {
    let mut outputs = Object::default();
    let known = [text, pattern, flags]
        .iter()
        .all(|part| unknown::is_known(part));
    let found = known
        .then(|| Pattern::new(pattern, &flags.replace('g', "")))
        .and_then(Result::ok)
        .and_then(|pattern| pattern.matches(text).ok());
    let Some(found) = found else {
        let reason = "what is matched, or its pattern, is not known";
        outputs.open = Some(frame.unknowns.note("a match", reason));
        return outputs;
    };
    let found = found.unwrap_or_default();
    for own in &found {
        let index = found
            .iter()
            .position(|other| other == own)
            .unwrap_or_default();
        let text = own.as_deref().unwrap_or_default();
        match index {
            10.. => break,
            0 => outputs.insert("match", value(text)),
            _ => outputs.insert(format!("group{index}"), value(text)),
        }
    }
    outputs
}

#[cfg(test)]
mod tests {
    use super::case;

    #[test]
    fn case_is_changed() {
        let outputs = case("Owner/App");
        let text = |name: &str| outputs.property(name).to_text().to_string();
        assert_eq!(text("lowercase"), "owner/app");
        assert_eq!(text("uppercase"), "OWNER/APP");
        assert_eq!(text("capitalized"), "Owner/app");
    }
}
