//! `type=semver` and `type=pep440`.

use super::{Evaluator, Found, Step, Stop};
use crate::eval::metadata::EntryOutcome;
use crate::eval::metadata::entry::{EntryKind, Record};
use crate::eval::metadata::event::Reference;
use crate::eval::metadata::image::only_marks;
use crate::eval::metadata::template::is_raw_statement;
use crate::eval::metadata::version::{pep440, semver};
use crate::eval::unknown::{first_mark, pattern as shown};

impl Evaluator<'_> {
    /// What version and match entries look at: their value, or the tag.
    pub(super) fn subject(&self, record: &Record) -> Step<(String, bool)> {
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

    pub(super) fn version(&mut self, index: usize, record: &Record) -> Step<Found> {
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
        self.warn(index, format!("`{}` is no {kind}", shown(&text)));
        Err(Stop::Nothing(EntryOutcome::InvalidVersion { text }))
    }
}
