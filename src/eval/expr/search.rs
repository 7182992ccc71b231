//! Text found in text, without case, decided by what is known of both.

use super::compare::could_be;
use super::fold::{fold_text, same};
use crate::eval::unknown::{self, Mark};
use crate::eval::value::Truth;

/// Whether a text begins with another.
pub(super) fn starts_with(text: &str, start: &str) -> Truth {
    leads(text.chars(), start.chars())
}

/// Whether a text ends with another.
pub(super) fn ends_with(text: &str, end: &str) -> Truth {
    leads(text.chars().rev(), end.chars().rev())
}

fn leads(mut text: impl Iterator<Item = char>, mut start: impl Iterator<Item = char>) -> Truth {
    loop {
        let Some(wanted) = start.next() else {
            return Truth::True;
        };
        if let Some(mark) = Mark::from_char(wanted) {
            let ended = text.next().is_none();
            return match ended && start.any(|c| Mark::from_char(c).is_none()) {
                true => Truth::False,
                false => Truth::Unknown(mark),
            };
        }
        let Some(c) = text.next() else {
            return Truth::False;
        };
        if let Some(mark) = Mark::from_char(c) {
            return Truth::Unknown(mark);
        }
        if !same(c, wanted) {
            return Truth::False;
        }
    }
}

/// Whether a text holds another.
pub(super) fn contains(text: &str, part: &str) -> Truth {
    let Some(mark) = unknown::first_mark(part) else {
        // A known part may lie wholly within what is known of the text.
        if fold_text(text).contains(&fold_text(part)) {
            return Truth::True;
        }
        return unknown::first_mark(text).map_or(Truth::False, Truth::Unknown);
    };
    if !unknown::is_known(text) {
        return Truth::Unknown(mark);
    }
    let anywhere = format!("{}{part}{}", mark.as_char(), mark.as_char());
    could_be(&anywhere, text, mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn known_parts_decide_where_they_suffice() {
        let mark = Unknowns::default().note("x", "y");
        let unknown = Truth::Unknown(mark);
        let hole = |text: &str| text.replace('?', &mark.as_char().to_string());
        for (text, part, truth) in [
            ("refs/tags/?", "REFS/TAGS/", Truth::True),
            ("refs/tags/?", "refs/heads/", Truth::False),
            ("refs/?", "refs/heads/", unknown),
            ("v1", "v?", unknown),
            ("v1", "w?", Truth::False),
            ("v", "v?2", Truth::False),
            ("v?", "", Truth::True),
        ] {
            assert_eq!(
                starts_with(&hole(text), &hole(part)),
                truth,
                "{text} {part}"
            );
        }
        assert_eq!(ends_with(&hole("?-slim"), "-SLIM"), Truth::True);
        assert_eq!(ends_with(&hole("?-slim"), "-full"), Truth::False);
        for (text, part, truth) in [
            ("a-slim-?", "SLIM", Truth::True),
            ("a-?", "slim", unknown),
            ("a-slim", "s?m", unknown),
            ("a-slim", "x?m", Truth::False),
        ] {
            assert_eq!(contains(&hole(text), &hole(part)), truth, "{text} {part}");
        }
    }
}
