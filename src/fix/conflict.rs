//! Which edits get in each other's way.

use crate::finding::Edit;
use crate::source::Span;

/// Whether two edits cannot both be applied: they overlap, or one inserts where the other edits.
fn clash(a: Span, b: Span) -> bool {
    let overlap = a.start < b.end && b.start < a.end;
    let touches = a.end == b.start || b.end == a.start;
    overlap || a.start == b.start || ((a.is_empty() || b.is_empty()) && touches)
}

/// Whether any of these edits clashes with any of those.
pub(super) fn clashes(new: &[Edit], taken: &[Edit]) -> bool {
    new.iter()
        .any(|edit| taken.iter().any(|other| clash(edit.at.span, other.at.span)))
}

/// A text with edits applied; `None` where they overlap or do not fit the text.
pub(super) fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.at.span.start, edit.at.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        out.push_str(text.get(at..edit.at.span.start)?);
        out.push_str(&edit.text);
        at = edit.at.span.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
