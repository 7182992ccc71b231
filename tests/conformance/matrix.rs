//! `strategy.matrix` against the runner's own builder.

use serde_json::Value;
use taglint::eval::matrix::{self, Matrix};
use taglint::eval::value;

use crate::vectors::{self, Tally};

#[test]
fn matrices_expand_as_the_runner_does() {
    let Some(data) = vectors::json("gha-matrix.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let wanted = &case["expected"];
        let got = matrix::expand(&value::Value::from(case["matrix"].clone()));
        let agrees = match (&got, wanted.get("jobs").and_then(Value::as_array)) {
            (Ok(Matrix::Jobs(jobs)), Some(wanted)) => {
                let rows = |value: &Value| value.to_string();
                let got: Vec<String> = jobs
                    .iter()
                    .map(|job| rows(&value::Value::Object(job.values.clone().into()).to_json()))
                    .collect();
                let wanted: Vec<String> = wanted.iter().map(|job| rows(&job["matrix"])).collect();
                got == wanted
            }
            (Err(_), None) => true,
            _ => false,
        };
        tally.case(agrees, || {
            format!(
                "{} {} wanted {wanted} got {got:?}",
                case["name"], case["matrix"]
            )
        });
    }
    tally.finish("gha-matrix");
}
