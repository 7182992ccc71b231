//! `check --format json`, by contract: see `schemas/check.schema.json`.

use serde::Serialize;

use super::Summary;
use crate::facts::{ImageUse, Resolved};
use crate::finding::{Applicability, Finding};
use crate::project::Project;
use crate::source::{Place, Source, Span};

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    findings: Vec<FindingOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    images: Option<Vec<ImageOut<'a>>>,
    summary: SummaryOut,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    level: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    path: &'a str,
    span: SpanOut,
    related: Vec<RelatedOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixOut<'a>>,
}

#[derive(Serialize)]
struct SpanOut {
    start: PointOut,
    end: PointOut,
}

#[derive(Serialize)]
struct PointOut {
    offset: usize,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct RelatedOut<'a> {
    path: &'a str,
    span: SpanOut,
    label: &'a str,
}

#[derive(Serialize)]
struct FixOut<'a> {
    applicability: &'a str,
    edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    path: &'a str,
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct ImageOut<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    written: &'a str,
    resolved: Option<String>,
    pin: &'a str,
    environment: &'a str,
    kind: &'a str,
}

#[derive(Serialize)]
struct SummaryOut {
    files: usize,
    images: usize,
    publications: usize,
    findings: CountsOut,
    #[serde(skip_serializing_if = "is_zero")]
    suppressed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<FixedOut>,
}

#[derive(Serialize)]
struct BaselineOut {
    accepted: usize,
    gone: usize,
}

#[derive(Serialize)]
struct FixedOut {
    findings: usize,
    files: usize,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[derive(Serialize)]
struct CountsOut {
    error: usize,
    warning: usize,
    info: usize,
}

fn span(source: Option<&Source>, span: Span) -> SpanOut {
    let point = |offset| {
        let position = source.map(|source| source.position(offset));
        PointOut {
            offset,
            line: position.map_or(1, |position| position.line),
            column: position.map_or(1, |position| position.column),
        }
    };
    SpanOut {
        start: point(span.start),
        end: point(span.end),
    }
}

/// The findings as JSON text, with a line break at the end.
#[must_use]
pub fn render(
    project: &Project,
    findings: &[Finding],
    summary: &Summary,
    list_images: bool,
) -> String {
    let output = Output {
        schema: 1,
        findings: findings.iter().map(|f| finding(project, f)).collect(),
        images: list_images.then(|| images(project)),
        summary: SummaryOut {
            files: summary.files,
            images: summary.images,
            publications: summary.publications,
            findings: CountsOut {
                error: summary.errors,
                warning: summary.warnings,
                info: summary.infos,
            },
            suppressed: summary.suppressed,
            baseline: summary
                .baseline
                .map(|(accepted, gone)| BaselineOut { accepted, gone }),
            fixed: summary
                .fixed
                .map(|(findings, files)| FixedOut { findings, files }),
        },
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

fn finding<'a>(project: &'a Project, finding: &'a Finding) -> FindingOut<'a> {
    let at = |place: Place| (project.path(place), span(project.source(place), place.span));
    let (path, here) = at(finding.at);
    FindingOut {
        rule: finding.rule,
        level: finding.level.name(),
        message: &finding.message,
        help: finding.help.as_deref(),
        notes: finding.notes.iter().map(String::as_str).collect(),
        label: finding.label.as_deref(),
        image: finding.image.as_deref(),
        environment: finding.environment.map(|environment| environment.name()),
        path,
        span: here,
        related: finding
            .related
            .iter()
            .chain(&finding.chain)
            .map(|related| {
                let (path, span) = at(related.at);
                RelatedOut {
                    path,
                    span,
                    label: &related.label,
                }
            })
            .collect(),
        fix: finding.fix.as_ref().map(|fix| FixOut {
            applicability: match fix.applicability {
                Applicability::Safe => "safe",
                Applicability::Unsafe => "unsafe",
            },
            edits: fix
                .edits
                .iter()
                .map(|edit| EditOut {
                    path: project.path(edit.at),
                    start: edit.at.span.start,
                    end: edit.at.span.end,
                    text: &edit.text,
                })
                .collect(),
        }),
    }
}

fn images(project: &Project) -> Vec<ImageOut<'_>> {
    project
        .uses
        .iter()
        .map(|found| image(project, found))
        .collect()
}

fn image<'a>(project: &'a Project, found: &'a ImageUse) -> ImageOut<'a> {
    let source = project.source(found.at);
    let position = source.map(|source| source.position(found.at.span.start));
    ImageOut {
        path: project.path(found.at),
        line: position.map_or(1, |position| position.line),
        column: position.map_or(1, |position| position.column),
        written: &found.written,
        resolved: match &found.resolved {
            Resolved::Reference(reference) => Some(reference.normalized().to_string()),
            Resolved::Invalid(_) | Resolved::Unresolved(_) => None,
        },
        pin: found.pin().name(),
        environment: found.environment.name(),
        kind: found.kind.name(),
    }
}
