//! The value of an entry before anything stands around it.

use super::{Evaluator, Found, Step, Stop};
use crate::eval::metadata::EntryOutcome;
use crate::eval::metadata::entry::{EntryKind, Record, RefEvent};
use crate::eval::metadata::error::{Input, MetadataError};
use crate::eval::metadata::event::{Reference, Truth};
use crate::eval::metadata::expressions::Expressions;
use crate::eval::unknown::Mark;

impl Evaluator<'_> {
    pub(super) fn value(&mut self, index: usize, record: &Record) -> Step<Found> {
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
}
