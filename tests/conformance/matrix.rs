//! `strategy.matrix`, against the runner's own builder.

use serde_json::{Value as Json, json};
use taglint::eval::matrix::{Matrix, Presence, expand};
use taglint::eval::value::Value;

use crate::vectors::{self, Tally};

fn doubles(json: &Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(items) => items.iter().map(doubles).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), doubles(value)))
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn the_runners_builder() {
    let Some(file) = vectors::json("gha-matrix.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in file["vectors"].as_array().unwrap() {
        let got = expand(&Value::from(&case["matrix"]));
        let agrees = match (&got, &case["expected"]["jobs"]) {
            (Err(_), Json::Null) => true,
            (Ok(Matrix::Jobs(jobs)), Json::Array(wanted)) => {
                let jobs: Vec<Json> = jobs
                    .iter()
                    .map(|job| {
                        assert_eq!(job.presence, Presence::Certain);
                        json!({
                            "name": job.job_name("job"),
                            "id": job.id,
                            "matrix": doubles(&Value::object(job.values.clone()).to_json()),
                        })
                    })
                    .collect();
                // As text, so that the order of names counts.
                let jobs = Json::from(jobs).to_string();
                let wanted = doubles(&json!(wanted)).to_string();
                jobs == wanted
            }
            _ => false,
        };
        tally.case(agrees, || {
            format!("{}\n    got {got:?}\n    of {case}", case["name"])
        });
    }
    tally.finish("gha-matrix");
}
