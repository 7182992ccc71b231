//! Truth that may be unknown, and the exit status of a command.

/// Whether something holds, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    #[default]
    False,
    /// It depends on what is not known.
    Unknown,
}

impl Truth {
    /// The truth of a known condition.
    #[must_use]
    pub fn known(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// The other way round.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// With 0.
    Success,
    /// With something else.
    Failure,
    /// Not evaluated; a run that publishes anything is one in which it succeeds, so what follows
    /// with `&&` runs. As the condition of an `if`, or before `||`, it is not known.
    Assumed,
    /// Not known.
    Unknown,
}

impl Status {
    /// The status of two ways that both may have been taken.
    pub(super) fn join(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Success | Self::Assumed, Self::Success | Self::Assumed) => Self::Assumed,
            _ => Self::Unknown,
        }
    }

    /// As a condition.
    pub(super) fn truth(self) -> Truth {
        match self {
            Self::Success => Truth::True,
            Self::Failure => Truth::False,
            Self::Assumed | Self::Unknown => Truth::Unknown,
        }
    }
}

impl From<Truth> for Status {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::Success,
            Truth::False => Self::Failure,
            Truth::Unknown => Self::Unknown,
        }
    }
}
