//! Several fixes on one text: the first of those that clash wins, and the others wait for the next
//! round.

use super::conflict::{clashes, edited};
use super::settle::Document;
use crate::finding::{Edit, Fix};

/// A text after fixes.
#[derive(Debug, Default)]
pub struct Applied {
    /// The text.
    pub text: String,
    /// Which of the fixes are in it, by their number.
    pub done: Vec<usize>,
}

/// Applies as many of the fixes of one file as go together. Two fixes with the same edits count as
/// both done.
#[must_use]
pub fn apply(path: &str, text: &str, fixes: &[&Fix]) -> Applied {
    let mut order: Vec<usize> = (0..fixes.len()).collect();
    order.sort_by_key(|index| {
        let fix = fixes.get(*index);
        fix.and_then(|fix| fix.edits.iter().map(|edit| edit.at.span.start).min())
    });
    let document = super::is_yaml(path).then(|| Document::of(text));
    let holds = |edits: &[Edit]| match &document {
        Some(document) => document.holds_around(edits),
        None => true,
    };
    let mut taken = Taken::default();
    for index in &order {
        taken.take(*index, fixes);
    }
    if !holds(&taken.edits) {
        // Each of them is sound by itself, so two of them are not so together.
        let chosen = std::mem::take(&mut taken).done;
        for index in chosen {
            let before = (taken.edits.len(), taken.done.len());
            taken.take(index, fixes);
            if !holds(&taken.edits) {
                taken.edits.truncate(before.0);
                taken.done.truncate(before.1);
            }
        }
    }
    match edited(text, &taken.edits) {
        Some(text) => Applied {
            text,
            done: taken.done,
        },
        None => Applied {
            text: text.to_owned(),
            done: Vec::new(),
        },
    }
}

#[derive(Default)]
struct Taken {
    edits: Vec<Edit>,
    done: Vec<usize>,
}

impl Taken {
    fn take(&mut self, index: usize, fixes: &[&Fix]) {
        let Some(fix) = fixes.get(index) else { return };
        if fix.edits.iter().all(|edit| self.edits.contains(edit)) {
            self.done.push(index);
        } else if !clashes(&fix.edits, &self.edits) {
            self.edits.extend(fix.edits.iter().cloned());
            self.done.push(index);
        }
    }
}
