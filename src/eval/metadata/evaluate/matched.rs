//! `type=match`, and the attribute `match` of versions.

use super::{Evaluator, Found, Step, Stop};
use crate::eval::metadata::EntryOutcome;
use crate::eval::metadata::entry::{Attribute, Record};
use crate::eval::metadata::error::{Input, MetadataError};
use crate::eval::metadata::pattern::{Matches, Pattern, PatternError};
use crate::eval::unknown::{Mark, first_mark};

impl Evaluator<'_> {
    /// The first group of `match=` in a text; the text itself where nothing matches.
    pub(super) fn narrowed(
        &mut self,
        index: usize,
        text: String,
        attribute: &Attribute,
    ) -> Step<String> {
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

    pub(super) fn matched(&mut self, index: usize, record: &Record, group: &str) -> Step<Found> {
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
