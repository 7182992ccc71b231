//! What each entry yields for the event, and why one yields nothing.

mod matched;
mod value;
mod versioned;

use super::entry::{Attribute, EntryKind, Record};
use super::error::{Input, MetadataError};
use super::event::{Event, Reference, Truth};
use super::expressions::Expressions;
use super::flavor::{Flavor, Latest};
use super::image::only_marks;
use super::template::{Names, render};
use super::{Affix, EntryOutcome, Warning};
use crate::eval::unknown::{Mark, Unknowns, could_equal, first_mark, marks, pattern};

/// What an entry comes to.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) outcome: EntryOutcome,
    /// Whether `latest` is added if this entry is the first to yield; `None` where not known.
    pub(crate) latest: Option<bool>,
}

/// Evaluates entries one by one.
pub(crate) struct Evaluator<'a> {
    pub(crate) event: &'a Event<'a>,
    pub(crate) flavor: &'a Flavor,
    pub(crate) unknowns: &'a Unknowns,
    pub(crate) warnings: Vec<Warning>,
}

/// The value of an entry before anything stands around it.
struct Found {
    text: String,
    certain: bool,
    /// Whether `latest` is added under `latest=auto`.
    latest: Option<bool>,
}

/// Why the entry goes no further.
enum Stop {
    Nothing(EntryOutcome),
    Fails(MetadataError),
}

impl From<MetadataError> for Stop {
    fn from(error: MetadataError) -> Self {
        Self::Fails(error)
    }
}

impl Stop {
    /// What fails fails the run for sure only if the entry surely takes part.
    fn if_sure(self, sure: bool) -> Self {
        match self {
            Self::Fails(error) if !sure => Self::Nothing(EntryOutcome::Fails {
                message: error.message,
            }),
            stop => stop,
        }
    }
}

type Step<T> = Result<T, Stop>;

impl Evaluator<'_> {
    /// What an entry yields.
    ///
    /// # Errors
    /// What makes the run fail.
    pub(crate) fn entry(
        &mut self,
        index: usize,
        record: &Record,
    ) -> Result<Verdict, MetadataError> {
        let nothing = |outcome| Verdict {
            outcome,
            latest: None,
        };
        if let Some(mark) = record.blurred {
            // Any attribute may be another one than is written, `enable` and `type` included.
            return Ok(Verdict {
                outcome: EntryOutcome::Yields {
                    tag: mark.as_char().to_string(),
                    certain: false,
                },
                latest: self.latest(None),
            });
        }
        let enabled = match &record.enable {
            None => Truth::Yes,
            Some(enable) => self.enabled(enable)?,
        };
        if enabled == Truth::No {
            return Ok(nothing(EntryOutcome::Disabled));
        }
        let sure = enabled == Truth::Yes;
        match self
            .yields(index, record)
            .map_err(|stop| stop.if_sure(sure))
        {
            Ok((text, found)) => {
                let certain = found.certain && sure;
                Ok(Verdict {
                    outcome: EntryOutcome::Yields {
                        tag: sanitize(&text, |mark| self.event.may_be_empty(mark)),
                        certain: certain && !self.may_be_empty(&text),
                    },
                    latest: self.latest(found.latest),
                })
            }
            Err(Stop::Nothing(outcome)) => Ok(nothing(outcome)),
            Err(Stop::Fails(error)) => Err(error),
        }
    }

    fn latest(&self, auto: Option<bool>) -> Option<bool> {
        match self.flavor.latest {
            Latest::Auto => auto,
            Latest::Always => Some(true),
            Latest::Never => Some(false),
            Latest::Unknown(_) => None,
        }
    }

    fn enabled(&self, enable: &Attribute) -> Result<Truth, MetadataError> {
        let text = self.expand(enable)?;
        let could = |word: &str| could_equal(&text, word, |a, b| a == b);
        match (text.as_str(), first_mark(&text)) {
            ("true", _) => Ok(Truth::Yes),
            ("false", _) => Ok(Truth::No),
            (_, Some(mark)) if could("true") => Ok(Truth::Unknown(mark)),
            (_, Some(_)) if could("false") => Ok(Truth::No),
            _ => {
                let text = pattern(&text);
                let message = format!("`enable` comes to `{text}`, which is not `true` or `false`");
                Err(MetadataError::new(
                    Input::Tags,
                    enable.range.clone(),
                    message,
                ))
            }
        }
    }

    /// Renders an attribute over the expressions.
    fn expand(&self, attribute: &Attribute) -> Result<String, MetadataError> {
        let names = Expressions {
            event: self.event,
            times_only: false,
        };
        self.render(attribute, &names)
    }

    fn render(&self, attribute: &Attribute, names: &dyn Names) -> Result<String, MetadataError> {
        render(&attribute.text, names, self.unknowns)
            .map_err(|message| MetadataError::new(Input::Tags, attribute.range.clone(), message))
    }

    /// The whole text of an entry's tag, not yet sanitised.
    fn yields(&mut self, index: usize, record: &Record) -> Step<(String, Found)> {
        let sure = self.applies(record);
        let found = self
            .value(index, record)
            .map_err(|stop| stop.if_sure(sure))?;
        if let EntryKind::Unknown(_) = record.kind {
            return Ok((found.text.clone(), found));
        }
        let affix = |own: &Option<Attribute>, flavor: &Affix| {
            let text = self.affix(own.as_ref(), flavor);
            text.map_err(|error| Stop::Fails(error).if_sure(found.certain))
        };
        let prefix = affix(&record.prefix, &self.flavor.prefix)?;
        let suffix = affix(&record.suffix, &self.flavor.suffix)?;
        let text = format!("{prefix}{}{suffix}", found.text);
        if text.is_empty() {
            return Err(Stop::Nothing(EntryOutcome::Empty));
        }
        Ok((text, found))
    }

    fn affix(&self, own: Option<&Attribute>, flavor: &Affix) -> Result<String, MetadataError> {
        let Some(own) = own else {
            let attribute = Attribute {
                text: flavor.text.clone(),
                range: flavor.range.clone().unwrap_or_default(),
            };
            return self.expand(&attribute).map_err(|error| MetadataError {
                input: Input::Flavor,
                ..error
            });
        };
        self.expand(own)
    }

    /// Whether it is known that the entry takes part, or that it does not.
    fn applies(&self, record: &Record) -> bool {
        match &record.kind {
            EntryKind::Unknown(_) => false,
            EntryKind::Schedule => !matches!(self.event.named("schedule"), Truth::Unknown(_)),
            EntryKind::Semver | EntryKind::Pep440 | EntryKind::Match { .. } => {
                let value = record.value.as_ref().map_or("", |value| &value.text);
                let unknown = matches!(self.event.reference, Reference::Unknown(_));
                !(only_marks(value) || value.is_empty() && unknown)
            }
            _ => true,
        }
    }

    fn may_be_empty(&self, text: &str) -> bool {
        only_marks(text) && marks(text).all(|mark| self.event.may_be_empty(mark))
    }

    fn warn(&mut self, entry: usize, message: String) {
        self.warnings.push(Warning { entry, message });
    }
}

/// Each run of characters that no tag has becomes one `-`; unknown parts stay. Around one that may
/// be empty two runs may be one, so the second is left to the unknown part.
pub(crate) fn sanitize(text: &str, may_be_empty: impl Fn(Mark) -> bool) -> String {
    let mut tag = String::with_capacity(text.len());
    let mut replaced = false;
    for c in text.chars() {
        if let Some(mark) = Mark::from_char(c) {
            tag.push(c);
            replaced &= may_be_empty(mark);
        } else if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
            tag.push(c);
            replaced = false;
        } else if !replaced {
            tag.push('-');
            replaced = true;
        }
    }
    tag
}
