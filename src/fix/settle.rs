//! From edits as rules mean them to bytes of their files, each fix verified.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::conflict::{clashes, edited};
use super::spell::spell;
use crate::finding::{Edit, Finding, Fix};
use crate::project::Project;
use crate::source::{FileId, Place, Source, Span};
use crate::yaml::{Scalar, ScalarStyle, Yaml};

/// Said of a finding whose fix cannot be written at its place.
const REFUSED: &str = "no fix: it cannot be written here without changing something else";

/// Scalars that a fix changes, by their number, and the text that they then have; `None` is any.
type Wanted = BTreeMap<usize, Option<String>>;

/// Spells the edits of all fixes, and drops those that cannot be written or that would change more
/// than they say.
pub fn settle(project: &Project, findings: &mut [Finding]) {
    let mut by_file: BTreeMap<FileId, Vec<&mut Finding>> = BTreeMap::new();
    for finding in findings.iter_mut().filter(|f| f.fix.is_some()) {
        by_file.entry(finding.at.file).or_default().push(finding);
    }
    by_file.into_par_iter().for_each(|(file, findings)| {
        let at = Place {
            file,
            span: Span::default(),
        };
        match project.source(at) {
            Some(source) => settle_file(source, file, findings),
            None => findings.into_iter().for_each(|finding| finding.fix = None),
        }
    });
}

fn settle_file(source: &Source, file: FileId, findings: Vec<&mut Finding>) {
    let document = super::is_yaml(source.path()).then(|| Document::new(source));
    let mut spelled: Vec<(&mut Finding, Vec<Edit>, Wanted)> = Vec::new();
    for finding in findings {
        let Some(fix) = finding.fix.take() else {
            continue;
        };
        let own = fix.edits.iter().all(|edit| edit.at.file == file) && !fix.edits.is_empty();
        let done = match &document {
            Some(document) => document.spell(&fix.edits),
            None => Some((fix.edits.clone(), Wanted::new())),
        };
        match done.filter(|_| own) {
            Some((edits, wanted)) => {
                finding.fix = Some(Fix {
                    edits: edits.clone(),
                    ..fix
                });
                spelled.push((finding, edits, wanted));
            }
            None => finding.notes.push(REFUSED.to_owned()),
        }
    }
    let holds = |edits: &[Edit], wanted: &Wanted| match &document {
        Some(document) => document.holds(edits, wanted),
        None => edited(source.text(), edits).is_some(),
    };
    // All at once first: only where that fails, each by itself.
    let mut all: (Vec<Edit>, Wanted) = Default::default();
    let mut alone = Vec::new();
    for (finding, edits, wanted) in spelled {
        let shared = wanted.keys().any(|index| all.1.contains_key(index));
        if shared || clashes(&edits, &all.0) {
            alone.push((finding, edits, wanted, true));
        } else {
            all.0.extend(edits.iter().cloned());
            all.1.extend(wanted.clone());
            alone.push((finding, edits, wanted, false));
        }
    }
    let together = holds(&all.0, &all.1);
    for (finding, edits, wanted, apart) in alone {
        if (apart || !together) && !holds(&edits, &wanted) {
            finding.fix = None;
            finding.notes.push(REFUSED.to_owned());
        }
    }
}

/// A file, read again for its edits.
pub(super) struct Document<'s> {
    text: &'s str,
    yaml: Yaml<'s>,
}

impl<'s> Document<'s> {
    fn new(source: &'s Source) -> Self {
        Self::of(source.text())
    }

    pub(super) fn of(text: &'s str) -> Self {
        Self {
            text,
            yaml: Yaml::parse(text),
        }
    }

    /// The scalar that a span lies in; whole lines lie in a block scalar also where they begin
    /// before its first letter.
    fn host(&self, span: Span) -> Option<(usize, Scalar<'_>)> {
        let lines = self.is_lines(span);
        let mut scalars = self.yaml.scalars();
        scalars.find(|(_, scalar)| {
            let block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
            let own = scalar.span;
            let inside = own.start <= span.start && span.end <= own.end;
            inside || (lines && block && own.start < span.end && span.start < own.end)
        })
    }

    /// Whether a span is whole lines, to be taken or written as they are.
    fn is_lines(&self, span: Span) -> bool {
        let begins = |at: usize| at == 0 || self.text.get(..at).is_some_and(|b| b.ends_with('\n'));
        begins(span.start) && (begins(span.end) || span.end == self.text.len())
    }

    fn spell(&self, edits: &[Edit]) -> Option<(Vec<Edit>, Wanted)> {
        let mut bytes = Vec::new();
        let mut changes: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        let mut wanted = Wanted::new();
        for edit in edits {
            let host = self.host(edit.at.span);
            let (Some((index, scalar)), false) = (host, self.is_lines(edit.at.span)) else {
                wanted.extend(host.map(|(index, _)| (index, None)));
                bytes.push(edit.clone());
                continue;
            };
            let spelled = spell(&self.yaml, self.text, &scalar, edit.at.span, &edit.text)?;
            bytes.push(Edit {
                at: Place {
                    span: spelled.span,
                    ..edit.at
                },
                text: spelled.bytes,
            });
            let of = changes.entry(index).or_default();
            of.push((spelled.range, spelled.text, scalar.text));
        }
        for (index, mut changes) in changes {
            changes.sort_by_key(|(range, ..)| std::cmp::Reverse(range.start));
            let mut text = changes.first()?.2.to_owned();
            for (range, new, _) in changes {
                text.get(range.clone())?;
                text.replace_range(range, &new);
            }
            wanted.insert(index, Some(text));
        }
        Some((bytes, wanted))
    }

    /// Whether the edited text is the same tree, but for what is wanted of its scalars.
    fn holds(&self, edits: &[Edit], wanted: &Wanted) -> bool {
        edited(self.text, edits).is_some_and(|after| {
            let after = Yaml::parse(&after);
            self.yaml.is_same_but(&after, wanted)
        })
    }

    /// Whether the edited text is the same tree, but for the scalars that the edits touch.
    pub(super) fn holds_around(&self, edits: &[Edit]) -> bool {
        let touched = edits.iter().filter_map(|edit| self.host(edit.at.span));
        let wanted = touched.map(|(index, _)| (index, None)).collect();
        self.holds(edits, &wanted)
    }
}
