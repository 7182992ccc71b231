//! Three-valued truth.

use crate::eval::unknown::Mark;

/// Whether something holds; unknown comes with what is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It may hold.
    Unknown(Mark),
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl Truth {
    /// Both hold: one that does not decides, whatever the other is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown(mark), _) | (_, Self::Unknown(mark)) => Self::Unknown(mark),
            (Self::True, Self::True) => Self::True,
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::Unknown(mark), _) | (_, Self::Unknown(mark)) => Self::Unknown(mark),
            (Self::False, Self::False) => Self::False,
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown(mark) => Self::Unknown(mark),
        }
    }
}
