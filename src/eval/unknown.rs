//! What is not known, and text that holds parts that are not known.
//!
//! Evaluated text is an ordinary string in which each unknown part is one private-use character,
//! a [`Mark`]. So text with unknown parts can be joined, split, trimmed and lower-cased like any
//! other, and only what looks *into* the text (a comparison, a pattern) has to ask [`is_known`]
//! first. The mark leads back to what is unknown, why, and where, in [`Unknowns`].

use std::cell::{Cell, RefCell};

use indexmap::IndexSet;

use crate::source::Place;

/// First and last of the characters that stand for unknown parts (Supplementary Private Use Area-A).
const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0xF_FFFD;

/// One unknown part inside text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mark(char);

impl Mark {
    /// The mark that this character is, if it is one.
    #[must_use]
    pub fn from_char(c: char) -> Option<Self> {
        (FIRST..=LAST).contains(&u32::from(c)).then_some(Self(c))
    }

    /// The character that stands for it inside text.
    #[must_use]
    pub fn as_char(self) -> char {
        self.0
    }

    fn index(self) -> usize {
        (u32::from(self.0) - FIRST) as usize
    }
}

/// Something that the evaluation does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unknown {
    /// What it is, as the file names it: `secrets.USER`, `$(curl …)`.
    pub what: String,
    /// Why it is not known, in a few words: "a secret", "the output of a command that is not evaluated".
    pub reason: String,
    /// Where it stands, where that is known.
    pub at: Option<Place>,
}

/// The unknowns met in one evaluation.
#[derive(Debug, Default)]
pub struct Unknowns {
    list: RefCell<IndexSet<Unknown>>,
    at: Cell<Option<Place>>,
}

impl Unknowns {
    /// Sets the place that [`Unknowns::note`] gives to what it notes; returns the one before.
    pub fn set_place(&self, at: Option<Place>) -> Option<Place> {
        self.at.replace(at)
    }

    /// Notes an unknown at the current place. The same thing at the same place is one unknown.
    pub fn note(&self, what: impl Into<String>, reason: impl Into<String>) -> Mark {
        self.note_at(what, reason, self.at.get())
    }

    /// Notes an unknown at a place of its own.
    pub fn note_at(
        &self,
        what: impl Into<String>,
        reason: impl Into<String>,
        at: Option<Place>,
    ) -> Mark {
        let unknown = Unknown {
            what: what.into(),
            reason: reason.into(),
            at,
        };
        let (index, _) = self.list.borrow_mut().insert_full(unknown);
        // Past 65,534 unknowns in one evaluation the last one stands for all that follow.
        let code = FIRST + u32::try_from(index).unwrap_or(u32::MAX).min(LAST - FIRST);
        Mark(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// What a mark stands for.
    #[must_use]
    pub fn get(&self, mark: Mark) -> Option<Unknown> {
        self.list.borrow().get_index(mark.index()).cloned()
    }

    /// What each mark in a text stands for, in order, each once.
    #[must_use]
    pub fn in_text(&self, text: &str) -> Vec<Unknown> {
        let mut found = Vec::new();
        for unknown in marks(text).filter_map(|mark| self.get(mark)) {
            if !found.contains(&unknown) {
                found.push(unknown);
            }
        }
        found
    }
}

/// The marks in a text, in order.
pub fn marks(text: &str) -> impl Iterator<Item = Mark> + '_ {
    text.chars().filter_map(Mark::from_char)
}

/// The first mark in a text, if it has one.
#[must_use]
pub fn first_mark(text: &str) -> Option<Mark> {
    // Marks are the only characters whose UTF-8 form begins with 0xF3 0xB0..=0xBF, and rare.
    memchr::memchr(0xF3, text.as_bytes())?;
    marks(text).next()
}

/// Whether all of a text is known.
#[must_use]
pub fn is_known(text: &str) -> bool {
    first_mark(text).is_none()
}

/// The text as people see it: each unknown part, or run of them, is `{?}`.
#[must_use]
pub fn pattern(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if Mark::from_char(c).is_none() {
            shown.push(c);
        } else if !shown.ends_with("{?}") {
            shown.push_str("{?}");
        }
    }
    shown
}

/// Text from outside, with every character that could pass for a mark replaced.
#[must_use]
pub fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    if is_known(text) {
        return text.into();
    }
    text.chars()
        .map(|c| Mark::from_char(c).map_or(c, |_| char::REPLACEMENT_CHARACTER))
        .collect::<String>()
        .into()
}

/// Whether a text with unknown parts could be exactly `wanted`, each unknown part standing for any
/// run of characters.
#[must_use]
pub fn could_equal(text: &str, wanted: &str, same: impl Fn(char, char) -> bool) -> bool {
    let text: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = wanted.chars().collect();
    let (mut t, mut w) = (0, 0);
    let mut retry = None;
    loop {
        match (text.get(t), wanted.get(w)) {
            (Some(c), _) if Mark::from_char(*c).is_some() => {
                retry = Some((t + 1, w));
                t += 1;
            }
            (Some(a), Some(b)) if same(*a, *b) => {
                t += 1;
                w += 1;
            }
            (None, None) => return true,
            _ => match retry {
                Some((after, from)) if from < wanted.len() => {
                    retry = Some((after, from + 1));
                    t = after;
                    w = from + 1;
                }
                _ => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_text_and_lead_back() {
        let unknowns = Unknowns::default();
        let mark = unknowns.note("secrets.USER", "a secret");
        let text = format!("{}/app:{}", mark.as_char(), mark.as_char());
        assert!(!is_known(&text));
        assert_eq!(pattern(&text), "{?}/app:{?}");
        assert_eq!(unknowns.in_text(&text).len(), 1);
        assert_eq!(unknowns.in_text(&text)[0].what, "secrets.USER");
        assert_eq!(clean(&text), "\u{fffd}/app:\u{fffd}");
    }

    #[test]
    fn text_with_a_hole_could_be_some_words_and_not_others() {
        let hole = Unknowns::default().note("x", "y").as_char();
        let exact = |a: char, b: char| a == b;
        assert!(could_equal(&format!("v{hole}"), "v1.2", exact));
        assert!(could_equal(&format!("{hole}-slim"), "1-slim-slim", exact));
        assert!(!could_equal(&format!("{hole}-slim"), "1-full", exact));
        assert!(!could_equal(&format!("v{hole}"), "w1", exact));
        assert!(could_equal(&format!("v{hole}"), "v", exact));
    }
}
