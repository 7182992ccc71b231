//! `parallel: matrix`: the jobs that one stands for.

use crate::formats::ci::tree::Tree;

/// GitLab refuses a matrix of more jobs.
const MAX_INSTANCES: usize = 200;

/// Names and values of each instance; one without values where there is no matrix.
///
/// # Errors
/// How many jobs the matrix gives, where GitLab refuses it for that.
pub fn instances(job: &Tree) -> Result<Vec<Vec<(String, String)>>, String> {
    let matrix = job
        .get("parallel")
        .and_then(|parallel| parallel.get("matrix"));
    let Some(matrix) = matrix else {
        return Ok(vec![Vec::new()]);
    };
    let rows = |entry: &Tree| {
        let axes = entry.pairs().iter();
        axes.fold(1_usize, |rows, (_, values)| {
            rows.saturating_mul(values.texts().count())
        })
    };
    let count = matrix.items().iter().map(rows);
    let count = count.fold(0_usize, usize::saturating_add);
    if count > MAX_INSTANCES {
        return Err(format!(
            "the matrix gives {count} jobs, more than the {MAX_INSTANCES} that GitLab allows"
        ));
    }
    let mut all = Vec::new();
    for entry in matrix.items() {
        let mut rows: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for (name, values) in entry.pairs() {
            let mut next = Vec::new();
            for row in &rows {
                for value in values.texts() {
                    let mut row = row.clone();
                    row.push((name.text.clone(), value.to_owned()));
                    next.push(row);
                }
            }
            rows = next;
        }
        all.extend(rows);
    }
    Ok(all)
}
