//! Edits that several rules propose. Whether an edit is sound where it stands is asked afterwards, of
//! all of them alike: see the module `fix`.

use super::Reporter;
use super::pins;
use super::published::all_versions;
use crate::facts::{Declaration, ImageUse};
use crate::finding::{Applicability, Edit, Finding};
use crate::image::{ImageRef, Tag};
use crate::policy::{Affix, Form};
use crate::project::{ImagePlan, Project, Push};
use crate::source::{Place, Span};

/// What stands at a place.
fn slice(project: &Project, at: Place) -> Option<&str> {
    project.source(at)?.text().get(at.span.start..at.span.end)
}

/// What stands before a place, to the beginning of the file.
fn before(project: &Project, at: Place) -> Option<&str> {
    project.source(at)?.text().get(..at.span.start)
}

/// A text put in at the start or the end of a place.
fn inserted(at: Place, offset: usize, text: String) -> Edit {
    Edit {
        at: Place {
            span: Span::at(offset),
            ..at
        },
        text,
    }
}

/// The edit that gives an image use another tag, where its text says the whole of it.
pub(super) fn retag(
    project: &Project,
    found: &ImageUse,
    image: &ImageRef,
    tag: &str,
) -> Option<Edit> {
    let written = slice(project, found.at)?.trim();
    let inner = written.trim_matches(['"', '\'']);
    let whole = inner == found.written && !inner.contains(['$', '{', '\\']);
    if !whole && Some(inner) != image.tag() {
        return None;
    }
    Some(Edit {
        at: found.at,
        text: match whole {
            true => pins::with_tag(found, image, tag),
            false => tag.to_owned(),
        },
    })
}

/// Proposes the version of the same image and variant that other places of the run name, if they
/// all name the same.
pub(super) fn pinned(finding: Finding, found: &ImageUse, report: &Reporter<'_>) -> Finding {
    let crate::facts::Resolved::Reference(image) = &found.resolved else {
        return finding;
    };
    let project = report.project();
    let variant = image.tag().map(Tag::parse).and_then(|tag| tag.variant());
    let versions = project.versions_of(image);
    let mut same = versions
        .iter()
        .filter(|tag| Tag::parse(tag).variant() == variant);
    let (Some(only), None) = (same.next(), same.next()) else {
        return finding;
    };
    match retag(project, found, image, only) {
        Some(edit) => finding
            .note(format!("other files name `{only}`"))
            .fix(Applicability::Unsafe, vec![edit]),
        None => finding,
    }
}

/// The edits after which the affixes of a flavor reach `latest` too: `,onlatest=true` behind each.
/// Nothing unless every build then has a `latest` of its own.
pub(super) fn onlatest(
    project: &Project,
    plan: &ImagePlan<'_>,
    writers: &[Push<'_>],
) -> Option<Vec<Edit>> {
    let versions = all_versions(plan);
    let mut edits: Vec<Edit> = Vec::new();
    let mut affixes: Vec<&Affix> = Vec::new();
    for push in writers {
        let Declaration::MetadataLatest {
            unreached_affixes, ..
        } = &push.publication.declaration
        else {
            return None;
        };
        let own = versions.iter().find(|version| {
            version.form == Form::Full && version.push.build.same_run(push.build)
        })?;
        affixes.push(&own.affix);
        for (at, _) in unreached_affixes {
            let line = slice(project, *at)?;
            let known = ["suffix=", "prefix="]
                .iter()
                .any(|key| line.starts_with(key));
            if !known || line.contains("onlatest") {
                return None;
            }
            let edit = inserted(*at, at.span.end, ",onlatest=true".to_owned());
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
    }
    let mut apart = affixes.clone();
    apart.sort();
    apart.dedup();
    (!edits.is_empty() && apart.len() == affixes.len()).then_some(edits)
}

/// The edit that pushes a further tag beside one that is written out: another `-t` of a command, or
/// another line of a list.
pub(super) fn another_tag(project: &Project, push: &Push<'_>, tag: &str) -> Option<Edit> {
    if push.publication.declaration != Declaration::Literal {
        return None;
    }
    let at = push.publication.at;
    let word = slice(project, at)?;
    let options = ["--tag=", "-t="];
    let joined = options.into_iter().find(|option| word.starts_with(option));
    let written = joined.map_or(word, |option| word.get(option.len()..).unwrap_or(word));
    let quote = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quote = quote.filter(|quote| written.len() > 1 && written.ends_with(*quote));
    let inner = quote.map_or(written, |quote| written.trim_matches(quote));
    let (name, _) = inner
        .rsplit_once(':')
        .filter(|(_, tag)| !tag.contains('/'))?;
    let other = match quote {
        Some(quote) => format!("{quote}{name}:{tag}{quote}"),
        None => format!("{name}:{tag}"),
    };
    if let Some(option) = joined {
        return Some(inserted(at, at.span.end, format!(" {option}{other}")));
    }
    let before = before(project, at)?;
    let lead = before.trim_end_matches([' ', '\t']);
    for option in ["-t", "--tag"] {
        let word = |text: &str| {
            text.strip_suffix(option)
                .is_some_and(|rest| rest.ends_with([' ', '\t', '\n']))
        };
        if lead.len() < before.len() && word(lead) {
            return Some(inserted(at, at.span.end, format!(" {option} {other}")));
        }
    }
    // A line of a block is indented, and its ending chosen, when it is written.
    let indent = before.rsplit_once('\n')?.1;
    let rest = project.source(at)?.text().get(at.span.end..)?;
    let alone = rest.starts_with(['\n', '\r']) || rest.is_empty();
    (quote.is_none() && alone && indent.trim().is_empty() && !indent.is_empty())
        .then(|| inserted(at, at.span.end, format!("\n{other}")))
}
