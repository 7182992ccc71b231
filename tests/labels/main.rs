//! Real workflows whose tags were labelled by hand: what taglint plans and reports against them.
//!
//! The files lie outside the repository, in `../shared/corpus`; where that folder is absent (on a
//! user's machine), the tests say so and pass. Every disagreement has to stand in
//! `disagreements.rs` with the reason, and who is right.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

mod compare;
mod disagreements;
mod label;
mod problems;

use compare::Comparison;

/// The share of comparisons that have to agree, of those that can be decided from files.
const WANTED: f64 = 0.95;

#[test]
fn plans_agree_with_the_labels() {
    let Some(labels) = label::all() else { return };
    let mut comparisons: Vec<Comparison> = Vec::new();
    for label in &labels {
        comparisons.extend(compare::tags(label));
        comparisons.extend(compare::latest(label));
        comparisons.extend(problems::compare(label));
    }
    let mut open = Vec::new();
    let (mut agreeing, mut decidable) = (0, 0);
    for comparison in &comparisons {
        let known = disagreements::find(&comparison.name);
        if known.is_some_and(|known| !known.decidable) {
            continue;
        }
        decidable += 1;
        agreeing += usize::from(comparison.agrees);
        match (comparison.agrees, known) {
            (false, None) => open.push(format!("{}\n    {}", comparison.name, comparison.detail)),
            (false, Some(known)) => eprintln!("{}: {}", comparison.name, known.why),
            (true, _) => {}
        }
    }
    let stale: Vec<&str> = disagreements::ALL
        .iter()
        .filter(|known| {
            !comparisons
                .iter()
                .any(|c| c.name == known.name && !c.agrees)
        })
        .map(|known| known.name)
        .collect();
    eprintln!(
        "{agreeing} of {decidable} comparisons agree; {} of {} cannot be decided from files",
        comparisons.len() - decidable,
        comparisons.len()
    );
    assert!(open.is_empty(), "not explained:\n{}", open.join("\n"));
    assert!(stale.is_empty(), "explained, and agree: {stale:?}");
    assert!(agreeing as f64 >= WANTED * decidable as f64);
}

#[test]
fn workflows_without_problems_have_no_scheme_finding_above_info() {
    let Some(labels) = label::all() else { return };
    let mut clean = 0;
    for label in labels.iter().filter(|label| label.problems.is_empty()) {
        let findings = label.findings();
        let grave: Vec<_> = findings
            .iter()
            .filter(|finding| finding["level"] != "info")
            .collect();
        assert!(grave.is_empty(), "{}: {grave:?}", label.id);
        clean += 1;
    }
    assert!(clean > 0);
}
