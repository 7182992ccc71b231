//! `parallel: matrix`: the jobs that one stands for.

use crate::formats::ci::tree::Tree;

/// GitLab starts no more jobs than this for one matrix.
const MAX_INSTANCES: usize = 200;

/// Names and values of each instance; one without values where there is no matrix.
#[must_use]
pub fn instances(job: &Tree) -> Vec<Vec<(String, String)>> {
    let matrix = job
        .get("parallel")
        .and_then(|parallel| parallel.get("matrix"));
    let Some(matrix) = matrix else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for entry in matrix.items() {
        let mut rows: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for (name, values) in entry.pairs() {
            let mut next = Vec::new();
            for row in &rows {
                for value in values.texts().take(MAX_INSTANCES) {
                    let mut row = row.clone();
                    row.push((name.text.clone(), value.to_owned()));
                    if next.len() < MAX_INSTANCES {
                        next.push(row);
                    }
                }
            }
            rows = next;
        }
        all.extend(rows);
        all.truncate(MAX_INSTANCES);
    }
    all
}
