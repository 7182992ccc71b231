//! Sets of characters: `\d`, `[a-z]`, and what the flag `i` does to them.

use super::super::javascript::is_space;

/// A set of characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Class {
    pub(super) negated: bool,
    pub(super) items: Vec<Item>,
}

/// A part of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    Range(char, char),
    Digit { negated: bool },
    Word { negated: bool },
    Space { negated: bool },
}

impl Class {
    /// The class of an escape such as `\d`.
    pub(super) fn of_escape(c: char) -> Option<Self> {
        Item::of_escape(c).map(|item| Self {
            negated: false,
            items: vec![item],
        })
    }

    /// Whether it holds a character.
    pub(super) fn holds(&self, c: char, ignore_case: bool) -> bool {
        let held = self.items.iter().any(|item| item.holds(c));
        let held = held || (ignore_case && self.holds_variant(c));
        held != self.negated
    }

    fn holds_variant(&self, c: char) -> bool {
        let folded = fold(c);
        c.to_lowercase()
            .chain(c.to_uppercase())
            .filter(|other| *other != c && fold(*other) == folded)
            .any(|other| self.items.iter().any(|item| item.holds(other)))
    }
}

impl Item {
    pub(super) fn of_escape(c: char) -> Option<Self> {
        let negated = c.is_ascii_uppercase();
        match c.to_ascii_lowercase() {
            'd' => Some(Self::Digit { negated }),
            'w' => Some(Self::Word { negated }),
            's' => Some(Self::Space { negated }),
            _ => None,
        }
    }

    fn holds(&self, c: char) -> bool {
        match self {
            Self::Range(first, last) => (*first..=*last).contains(&c),
            Self::Digit { negated } => c.is_ascii_digit() != *negated,
            Self::Word { negated } => is_word(c) != *negated,
            Self::Space { negated } => is_space(c) != *negated,
        }
    }
}

pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

pub(super) fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// The character that all its case variants share under the flag `i`.
pub(super) fn fold(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        // No character beyond ASCII folds into it.
        (Some(single), None) if c.is_ascii() || !single.is_ascii() => single,
        _ => c,
    }
}
