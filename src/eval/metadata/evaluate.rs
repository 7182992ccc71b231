//! What each entry yields for the event, and why one yields nothing.

use super::entry::{Attribute, EntryKind, Record, RefEvent};
use super::error::{Input, MetadataError};
use super::event::{Event, Reference, Truth};
use super::expressions::Expressions;
use super::flavor::{Flavor, Latest};
use super::image::only_marks;
use super::pattern::{Matches, Pattern, PatternError};
use super::template::{Names, is_raw_statement, render};
use super::version::{pep440, semver};
use super::{Affix, EntryOutcome, Warning};
use crate::eval::unknown::{Mark, Unknowns, could_equal, first_mark, marks};

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
                !only_marks(value) && !(value.is_empty() && unknown)
            }
            _ => true,
        }
    }

    fn may_be_empty(&self, text: &str) -> bool {
        only_marks(text) && marks(text).all(|mark| self.event.may_be_empty(mark))
    }

    fn value(&mut self, index: usize, record: &Record) -> Step<Found> {
        let plain = |text: String, latest: bool| Found {
            text,
            certain: true,
            latest: Some(latest),
        };
        let unsure = |mark: Mark, text: String, latest: bool| Found {
            certain: false,
            ..plain(
                if text.is_empty() {
                    mark.as_char().to_string()
                } else {
                    text
                },
                latest,
            )
        };
        let event = self.event;
        let wrong = || Err(Stop::Nothing(EntryOutcome::WrongEvent));
        match &record.kind {
            EntryKind::Unknown(mark) => Ok(Found {
                text: mark.as_char().to_string(),
                certain: false,
                latest: None,
            }),
            EntryKind::Schedule => {
                let certain = match event.named("schedule") {
                    Truth::No => return wrong(),
                    truth => truth == Truth::Yes,
                };
                let names = Expressions {
                    event,
                    times_only: true,
                };
                let pattern = record.pattern.clone().unwrap_or_default();
                Ok(Found {
                    certain,
                    ..plain(self.render(&pattern, &names)?, false)
                })
            }
            EntryKind::Semver | EntryKind::Pep440 => self.version(index, record),
            EntryKind::Match { group } => self.matched(index, record, group),
            EntryKind::Edge { branch } => match (&event.reference, event.is_on(branch)) {
                (Reference::Branch(_), Truth::No) => Err(Stop::Nothing(EntryOutcome::WrongBranch)),
                (_, Truth::No) => wrong(),
                (_, Truth::Yes) => Ok(plain("edge".to_owned(), false)),
                (_, Truth::Unknown(mark)) => Ok(unsure(mark, "edge".to_owned(), false)),
            },
            EntryKind::Ref(wanted) => match (wanted, &event.reference) {
                (RefEvent::Branch, Reference::Branch(name))
                | (RefEvent::PullRequest, Reference::Pull(name)) => Ok(plain(name.clone(), false)),
                (RefEvent::Tag, Reference::Tag(name)) => Ok(plain(name.clone(), true)),
                (_, Reference::Unknown(mark)) => {
                    Ok(unsure(*mark, String::new(), *wanted == RefEvent::Tag))
                }
                _ => wrong(),
            },
            EntryKind::Raw => {
                let value = record.value.clone().unwrap_or_default();
                Ok(plain(self.expand(&value)?, false))
            }
            EntryKind::Sha { long } => {
                if event.sha.is_empty() {
                    return wrong();
                }
                let short = || {
                    event.short_sha().map_err(|message| {
                        MetadataError::new(Input::Tags, record.range.clone(), message)
                    })
                };
                let text = match long {
                    Some(true) => event.sha.clone(),
                    Some(false) => short()?,
                    None => {
                        let what = "format of `type=sha`";
                        self.unknowns.note(what, "not known").as_char().to_string()
                    }
                };
                Ok(plain(text, false))
            }
        }
    }

    /// What version and match entries look at: their value, or the tag.
    fn subject(&self, record: &Record) -> Step<(String, bool)> {
        let value = record.value.as_ref().filter(|value| !value.text.is_empty());
        if let Some(value) = value {
            return Ok((self.expand(value)?, !only_marks(&value.text)));
        }
        match &self.event.reference {
            Reference::Tag(name) => Ok((name.clone(), true)),
            Reference::Unknown(mark) => Ok((mark.as_char().to_string(), false)),
            _ => Err(Stop::Nothing(EntryOutcome::WrongEvent)),
        }
    }

    fn version(&mut self, index: usize, record: &Record) -> Step<Found> {
        let (mut text, _) = self.subject(record)?;
        if let Some(attribute) = record.matches.as_ref().filter(|m| !m.text.is_empty()) {
            text = self.narrowed(index, text, attribute)?;
        }
        let text = text.replace('/', "-");
        let pattern = record.pattern.clone().unwrap_or_default();
        let strict = record.kind == EntryKind::Semver;
        if let Some(mark) = first_mark(&text) {
            let known = text.split(mark.as_char()).next().unwrap_or_default();
            let may_be = if strict {
                semver::may_begin(known)
            } else {
                pep440::may_begin(known)
            };
            if !may_be {
                return self.no_version(index, strict, text);
            }
            let raw = is_raw_statement(&pattern.text);
            return Ok(Found {
                text: if raw {
                    text
                } else {
                    mark.as_char().to_string()
                },
                certain: false,
                latest: None,
            });
        }
        let found = |text: String, latest: bool| Found {
            text,
            certain: true,
            latest: Some(latest),
        };
        // An unknown pattern may be `{{raw}}`, and then a pre-release is the text as it is.
        let unknown_pattern = first_mark(&pattern.text);
        if strict {
            let Some(version) = semver::parse(&text) else {
                return self.no_version(index, strict, text);
            };
            let special = version.is_prerelease();
            if special && let Some(mark) = unknown_pattern {
                return Ok(found(mark.as_char().to_string(), false));
            }
            if special && !is_raw_statement(&pattern.text) {
                return Ok(found(version.plain(), false));
            }
            return Ok(found(self.render(&pattern, &version)?, !special));
        }
        let Some(version) = pep440::parse(&text) else {
            return self.no_version(index, strict, text);
        };
        if version.is_special()
            && let Some(mark) = unknown_pattern
        {
            return Ok(found(mark.as_char().to_string(), false));
        }
        Ok(
            match (version.is_special(), is_raw_statement(&pattern.text)) {
                (true, true) => found(text, false),
                (true, false) => found(version.clean(), false),
                (false, _) => found(self.render(&pattern, &version)?, true),
            },
        )
    }

    fn no_version<T>(&mut self, index: usize, strict: bool, text: String) -> Step<T> {
        let kind = if strict {
            "semantic version"
        } else {
            "version by PEP 440"
        };
        self.warn(index, format!("`{text}` is no {kind}"));
        Err(Stop::Nothing(EntryOutcome::InvalidVersion { text }))
    }

    fn warn(&mut self, entry: usize, message: String) {
        self.warnings.push(Warning { entry, message });
    }

    /// The first group of `match=` in a text; the text itself where nothing matches.
    fn narrowed(&mut self, index: usize, text: String, attribute: &Attribute) -> Step<String> {
        let source = &attribute.text;
        match self.find(source, "", source, &text, attribute)? {
            Err(mark) => Ok(mark.as_char().to_string()),
            Ok(None) => {
                self.warn(index, format!("`{source}` does not match `{text}`"));
                Ok(text)
            }
            Ok(Some(groups)) => {
                let group = groups.into_iter().nth(1).flatten();
                group.ok_or_else(|| {
                    let message = format!("`match={source}` has no group 1 in `{text}`");
                    MetadataError::new(Input::Tags, attribute.range.clone(), message).into()
                })
            }
        }
    }

    /// Matches a text; the mark of what is not known where that decides.
    fn find(
        &self,
        source: &str,
        flags: &str,
        whole: &str,
        text: &str,
        attribute: &Attribute,
    ) -> Result<Result<Option<Matches>, Mark>, MetadataError> {
        if let Some(mark) = first_mark(whole) {
            return Ok(Err(mark));
        }
        let matched = Pattern::new(source, flags).and_then(|pattern| match first_mark(text) {
            Some(mark) => Ok(Err(mark)),
            None => pattern.matches(text).map(Ok),
        });
        match matched {
            Ok(matched) => Ok(matched),
            Err(PatternError::Beyond(reason)) => {
                Ok(Err(self.unknowns.note(format!("`{whole}`"), reason)))
            }
            Err(PatternError::Invalid(reason)) => {
                let message = format!("`{whole}` is no regular expression: {reason}");
                Err(MetadataError::new(
                    Input::Tags,
                    attribute.range.clone(),
                    message,
                ))
            }
        }
    }

    fn matched(&mut self, index: usize, record: &Record, group: &str) -> Step<Found> {
        let (text, _) = self.subject(record)?;
        let attribute = record.pattern.clone().unwrap_or_default();
        let (source, flags) = between_slashes(&attribute.text).unwrap_or((&attribute.text, ""));
        let unsure = |mark: Mark| Found {
            text: mark.as_char().to_string(),
            certain: false,
            latest: Some(true),
        };
        let groups = match self.find(source, flags, &attribute.text, &text, &attribute)? {
            Err(mark) => return Ok(unsure(mark)),
            Ok(Some(groups)) => groups,
            Ok(None) => {
                self.warn(
                    index,
                    format!("`{}` does not match `{text}`", attribute.text),
                );
                return Err(Stop::Nothing(EntryOutcome::NoMatch { text }));
            }
        };
        if let Some(mark) = first_mark(group) {
            return Ok(unsure(mark));
        }
        // A group is the name of a property: `00` and `1e0` are numbers, but no groups.
        let canonical = group == "0" || !group.starts_with(['0', '+']);
        let number = group.parse::<usize>().ok().filter(|_| canonical);
        let Some(text) = number.and_then(|number| groups.into_iter().nth(number)?) else {
            self.warn(
                index,
                format!("`{}` has no group `{group}`", attribute.text),
            );
            return Err(Stop::Nothing(EntryOutcome::NoGroup));
        };
        Ok(Found {
            text,
            certain: true,
            latest: Some(true),
        })
    }
}

/// `/source/flags`, on one line.
fn between_slashes(pattern: &str) -> Option<(&str, &str)> {
    let (source, flags) = pattern.strip_prefix('/')?.rsplit_once('/')?;
    let line = !pattern.contains(['\n', '\r', '\u{2028}', '\u{2029}']);
    (line && !source.is_empty()).then_some((source, flags))
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
