//! Compose's interpolation against compose-go's own template package.

use std::collections::HashMap;

use taglint::formats::compose::interpolate::{InterpolateError, interpolate};

use crate::vectors::{self, Tally};

#[test]
fn templates_are_interpolated() {
    let Some(data) = vectors::json("compose-interpolation.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let template = case["template"].as_str().unwrap();
        let set: HashMap<&str, &str> = case["env"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let lookup = |name: &str| set.get(name).map(|value| (*value).to_owned());
        let got = interpolate(template, &lookup);
        let wanted = &case["expected"];
        let agrees = match &got {
            Ok(done) => wanted["value"].as_str() == Some(done.text.as_str()),
            Err(InterpolateError::Required { .. } | InterpolateError::Invalid(_)) => {
                wanted.get("error").is_some()
            }
        };
        tally.case(agrees, || {
            format!("{template:?} with {set:?}: wanted {wanted}, got {got:?}")
        });
    }
    tally.finish("compose-interpolation");
}
