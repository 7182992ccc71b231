//! The `tags` input: its entries, with their types and attributes.

use std::ops::Range;

use super::attributes::Attributes;
use super::error::{Input, MetadataError};
use super::input::{Located, lines};
use super::javascript::number;
use crate::eval::unknown::{Mark, first_mark};

/// A value in an entry and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attribute {
    /// The text, trimmed; it may hold unknown parts and templates.
    pub text: String,
    /// Its bytes in the raw `tags` input; empty for what the entry does not say itself.
    pub range: Range<usize>,
}

/// Which reference `type=ref` is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefEvent {
    /// `event=branch`.
    Branch,
    /// `event=tag`.
    Tag,
    /// `event=pr`.
    PullRequest,
}

/// The type of an entry, with what only that type has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// `type=schedule`.
    Schedule,
    /// `type=semver`.
    Semver,
    /// `type=pep440`.
    Pep440,
    /// `type=match`.
    Match {
        /// `group=…`, `0` by default.
        group: String,
    },
    /// `type=edge`.
    Edge {
        /// `branch=…`; empty for the default branch.
        branch: String,
    },
    /// `type=ref`.
    Ref(RefEvent),
    /// `type=raw`, or no type.
    Raw,
    /// `type=sha`.
    Sha {
        /// Whether `format=long`; `None` where that is not known.
        long: Option<bool>,
    },
    /// The type, or something that the type must have, is not known.
    Unknown(Mark),
}

/// One entry as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub(crate) range: Range<usize>,
    pub(crate) kind: EntryKind,
    pub(crate) enable: Option<Attribute>,
    pub(crate) value: Option<Attribute>,
    pub(crate) pattern: Option<Attribute>,
    pub(crate) matches: Option<Attribute>,
    pub(crate) prefix: Option<Attribute>,
    pub(crate) suffix: Option<Attribute>,
    /// Which are taken first; not a number where `priority` is none.
    pub(crate) priority: f64,
    /// Set where `priority` is not known.
    pub(crate) unknown_priority: bool,
    /// An unknown field stands in it, which may have set anything.
    pub(crate) blurred: Option<Mark>,
}

const DEFAULTS: [&str; 4] = [
    "type=schedule",
    "type=ref,event=branch",
    "type=ref,event=tag",
    "type=ref,event=pr",
];

/// The entries in the order they are written.
pub(crate) fn read(raw: &str) -> Result<Vec<Record>, MetadataError> {
    let written = lines(Input::Tags, raw)?;
    if !written.is_empty() {
        return written.iter().map(record).collect();
    }
    let mut records = Vec::new();
    for line in DEFAULTS {
        for line in lines(Input::Tags, line)? {
            records.push(Record {
                range: 0..0,
                ..record(&line)?
            });
        }
    }
    Ok(records)
}

fn record(line: &Located) -> Result<Record, MetadataError> {
    let all = Attributes::gather(line)?;
    let range = line.range();
    let kind = match (&all.kind, all.blurred) {
        (None, Some(mark)) => EntryKind::Unknown(mark),
        (None, None) => kind("raw", &all, &range)?,
        (Some(name), _) => match first_mark(&name.text) {
            Some(mark) => EntryKind::Unknown(mark),
            None => kind(&name.text, &all, &range)?,
        },
    };
    let at_end = |text: &str| Attribute {
        text: text.to_owned(),
        range: range.end..range.end,
    };
    let own_prefix = match kind {
        EntryKind::Ref(RefEvent::PullRequest) => Some(at_end("pr-")),
        EntryKind::Sha { .. } => Some(at_end("sha-")),
        _ => None,
    };
    let own_pattern = (kind == EntryKind::Schedule).then(|| at_end("nightly"));
    let priority = all.text("priority");
    Ok(Record {
        enable: all.get("enable").cloned(),
        value: all.get("value").cloned(),
        pattern: all.get("pattern").cloned().or(own_pattern),
        matches: all.get("match").cloned(),
        prefix: all.get("prefix").cloned().or(own_prefix),
        suffix: all.get("suffix").cloned(),
        priority: priority.map_or_else(
            || default_priority(&kind),
            |text| number(text).unwrap_or(f64::NAN),
        ),
        unknown_priority: all.blurred.is_some()
            || priority.map_or(matches!(kind, EntryKind::Unknown(_)), |text| {
                first_mark(text).is_some()
            }),
        blurred: all.blurred,
        range,
        kind,
    })
}

/// The type of this name, with what it must have checked.
fn kind(name: &str, all: &Attributes, range: &Range<usize>) -> Result<EntryKind, MetadataError> {
    let need = |key: &str| match (all.text(key), all.blurred) {
        (Some(text), _) => Ok(first_mark(text).map_or(Ok(text), Err)),
        (None, Some(mark)) => Ok(Err(mark)),
        (None, None) => {
            let message = format!("`type={name}` needs `{key}=…`");
            Err(MetadataError::new(Input::Tags, range.clone(), message))
        }
    };
    let refuse = |key: &str, message: String| {
        let range = all.get(key).map_or(range, |value| &value.range).clone();
        Err(MetadataError::new(Input::Tags, range, message))
    };
    // An unknown pattern or value is still a pattern or a value; one that is absent is not.
    let needs_some = |key: &str, kind: EntryKind| {
        Ok(match (need(key)?, all.text(key)) {
            (Err(mark), None) => EntryKind::Unknown(mark),
            _ => kind,
        })
    };
    match name {
        "schedule" => Ok(EntryKind::Schedule),
        "semver" => needs_some("pattern", EntryKind::Semver),
        "pep440" => needs_some("pattern", EntryKind::Pep440),
        "match" => {
            let group = all.text("group").unwrap_or("0").to_owned();
            let matches = EntryKind::Match {
                group: group.clone(),
            };
            let kind = needs_some("pattern", matches)?;
            if first_mark(&group).is_none() && number(&group).is_none() {
                return refuse("group", format!("match group `{group}` is no number"));
            }
            Ok(kind)
        }
        "edge" => Ok(EntryKind::Edge {
            branch: all.text("branch").unwrap_or_default().to_owned(),
        }),
        "ref" => match need("event")? {
            Ok("branch") => Ok(EntryKind::Ref(RefEvent::Branch)),
            Ok("tag") => Ok(EntryKind::Ref(RefEvent::Tag)),
            Ok("pr") => Ok(EntryKind::Ref(RefEvent::PullRequest)),
            Ok(other) => refuse(
                "event",
                format!("`event={other}` of `type=ref` is not `branch`, `tag` or `pr`"),
            ),
            Err(mark) => Ok(EntryKind::Unknown(mark)),
        },
        "sha" => match all.text("format") {
            None | Some("short") => Ok(EntryKind::Sha { long: Some(false) }),
            Some("long") => Ok(EntryKind::Sha { long: Some(true) }),
            Some(unknown) if first_mark(unknown).is_some() => Ok(EntryKind::Sha { long: None }),
            Some(other) => refuse(
                "format",
                format!("`format={other}` of `type=sha` is not `short` or `long`"),
            ),
        },
        _ => needs_some("value", EntryKind::Raw),
    }
}

fn default_priority(kind: &EntryKind) -> f64 {
    match kind {
        EntryKind::Schedule => 1000.0,
        EntryKind::Semver | EntryKind::Pep440 => 900.0,
        EntryKind::Match { .. } => 800.0,
        EntryKind::Edge { .. } => 700.0,
        EntryKind::Ref(_) => 600.0,
        EntryKind::Raw | EntryKind::Unknown(_) => 200.0,
        EntryKind::Sha { .. } => 100.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    fn one(raw: &str) -> Record {
        read(raw).unwrap().swap_remove(0)
    }

    #[test]
    fn no_entries_mean_the_default_list() {
        let kinds: Vec<EntryKind> = read("# c").unwrap().into_iter().map(|r| r.kind).collect();
        assert_eq!(kinds.len(), 4);
        assert_eq!(kinds[3], EntryKind::Ref(RefEvent::PullRequest));
    }

    #[test]
    fn a_field_is_split_at_its_first_sign_and_later_ones_win() {
        let raw = "type=raw, Value = a=b ,enable=x,type=sha,enable=false";
        let record = one(raw);
        assert_eq!(record.kind, EntryKind::Sha { long: Some(false) });
        let value = record.value.unwrap();
        assert_eq!(
            (value.text.as_str(), raw.get(value.range).unwrap()),
            ("a=b", "a=b")
        );
        assert_eq!(record.enable.unwrap().text, "false");
        assert_eq!(one("=x").value.unwrap().text, "=x");
        assert_eq!(one("a,").value.unwrap().text, "");
    }

    #[test]
    fn what_a_type_needs_must_be_there() {
        for raw in [
            "type=RAW,value=a",
            "type=semver",
            "type=ref",
            "type=ref,event=push",
            "type=raw",
            "type=match,pattern=a,group=b",
            "type=sha,format=tiny",
        ] {
            assert!(read(raw).is_err(), "{raw}");
        }
        assert!(read("type=match,pattern=a,group=").is_ok());
    }

    #[test]
    fn unknown_fields_are_no_errors() {
        let mark = Unknowns::default().note("x", "y");
        let c = mark.as_char();
        assert_eq!(one(&format!("{c}")).kind, EntryKind::Unknown(mark));
        assert_eq!(one(&format!("type={c},a")).kind, EntryKind::Unknown(mark));
        assert_eq!(
            one(&format!("type=semver,{c}")).kind,
            EntryKind::Unknown(mark)
        );
        assert_eq!(
            one(&format!("type=raw,{c}")).value.unwrap().text,
            c.to_string()
        );
        assert_eq!(one(&format!("type=raw,value=a,{c}")).blurred, Some(mark));
        assert_eq!(one(&format!("v{c}")).kind, EntryKind::Raw);
    }
}
