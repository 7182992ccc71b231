//! What is known of a condition, and how conditions combine.

use crate::eval::unknown::Mark;

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody knows, because of what the mark stands for.
    Unknown(Mark),
}

impl Truth {
    /// Both hold; a certain `False` decides whatever the other is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown(mark), _) | (_, Self::Unknown(mark)) => Self::Unknown(mark),
            (Self::True, Self::True) => Self::True,
        }
    }

    /// At least one holds; a certain `True` decides whatever the other is.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }

    /// The truth itself where it is known.
    #[must_use]
    pub fn known(self) -> Option<bool> {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Unknown(_) => None,
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn a_certain_operand_decides_whatever_the_other_is() {
        let unknown = Truth::Unknown(Unknowns::default().note("x", "y"));
        assert_eq!(unknown.and(Truth::False), Truth::False);
        assert_eq!(unknown.or(Truth::True), Truth::True);
        assert_eq!(unknown.and(Truth::True), unknown);
        assert_eq!(!unknown, unknown);
    }
}
