//! One broken rule, at its place.

use crate::policy::Environment;
use crate::source::{Place, Span};

pub use crate::policy::Level;

/// A further place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub at: Place,
    /// What it has to do with it.
    pub label: String,
}

/// Whether an edit can be applied without a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// It does what the file's author meant.
    Safe,
    /// It may change what is meant.
    Unsafe,
}

/// A replacement of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes replaced.
    pub at: Place,
    /// What stands there afterwards. A rule writes it as the value has it; once the rules have run
    /// it is spelled for its place, in quotes where it needs them.
    pub text: String,
}

/// Edits that mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be applied without a look.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// The most bytes of a text for people.
const LONGEST: usize = 4000;

/// Cuts a text for people to a length that can be read.
pub fn shorten(text: &mut String) {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
}

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How grave it is.
    pub level: Level,
    /// What is wrong; names the thing.
    pub message: String,
    /// Where.
    pub at: Place,
    /// Why here, in a few words beside the place.
    pub label: Option<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// The way from an event to the place: what admits the event, the job, the step.
    pub chain: Vec<Related>,
    /// Further facts, such as why a file counts as production.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// The image reference concerned.
    pub image: Option<String>,
    /// What the file deploys to, for findings about image uses.
    pub environment: Option<Environment>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding of a rule with the message at a place.
    #[must_use]
    pub fn new(rule: &'static str, level: Level, at: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            message: message.into(),
            at,
            label: None,
            related: Vec::new(),
            chain: Vec::new(),
            notes: Vec::new(),
            help: None,
            image: None,
            environment: None,
            fix: None,
        }
    }

    /// What stands beside the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Cuts what it says to a length that can be read: files quoted in it may hold anything.
    pub fn shorten(&mut self) {
        let texts = std::iter::once(&mut self.message)
            .chain(&mut self.label)
            .chain(self.related.iter_mut().map(|related| &mut related.label))
            .chain(self.chain.iter_mut().map(|part| &mut part.label))
            .chain(&mut self.notes)
            .chain(&mut self.help);
        texts.for_each(shorten);
    }

    /// A further place; one that is already there is not added again.
    #[must_use]
    pub fn related(mut self, at: Place, label: impl Into<String>) -> Self {
        let related = Related {
            at,
            label: label.into(),
        };
        if !self.related.contains(&related) {
            self.related.push(related);
        }
        self
    }

    /// The next place on the way from an event to this one.
    #[must_use]
    pub fn chained(mut self, at: Place, label: impl Into<String>) -> Self {
        let label = label.into();
        self.chain.push(Related { at, label });
        self
    }

    /// A further fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// What to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The image concerned.
    #[must_use]
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }

    /// What the file deploys to.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// One level lower, with the reason why it is not certain.
    #[must_use]
    pub fn uncertain(mut self, reason: impl Into<String>) -> Self {
        self.level = self.level.lowered();
        self.note(reason)
    }

    /// Edits that mend it.
    #[must_use]
    pub fn fix(mut self, applicability: Applicability, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix {
            applicability,
            edits,
        });
        self
    }

    /// Its bytes.
    #[must_use]
    pub fn span(&self) -> Span {
        self.at.span
    }
}
