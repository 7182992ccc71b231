//! Findings for people, drawn by miette: the source with labels, then what to do.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
};

use super::excerpt::{Excerpt, Label};
use super::{Summary, counted, harmless};
use crate::finding::{Applicability, Finding, Level};
use crate::project::Project;
use crate::source::{Place, Source};

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to use colours.
    pub color: bool,
    /// Whether the locale shows more than ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// One box: a message over a piece of source with labels.
struct Drawn<'a> {
    message: String,
    severity: Severity,
    excerpt: Excerpt<'a>,
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.labels()))
    }
}

/// Places further apart than this many lines are drawn in boxes of their own.
const NEAR: usize = 4;

fn label(at: Place, text: &str, primary: bool) -> Label {
    let text = text.to_owned();
    Label { at, text, primary }
}

/// One finding as text.
#[must_use]
pub fn finding(project: &Project, finding: &Finding, style: Style) -> String {
    let Some(source) = project.source(finding.at) else {
        return String::new();
    };
    let line = |place: Place| source.position(place.span.start).line;
    let (near, far): (Vec<_>, Vec<_>) = finding.related.iter().partition(|related| {
        related.at.file == finding.at.file && line(related.at).abs_diff(line(finding.at)) <= NEAR
    });
    let text = finding.label.as_deref().unwrap_or_default();
    let mut labels = vec![label(finding.at, text, true)];
    labels.extend(
        near.iter()
            .map(|related| label(related.at, &related.label, false)),
    );
    let severity = match finding.level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Info | Level::Off => Severity::Advice,
    };
    let mut out = String::new();
    let heading = format!("{}[{}]:", finding.level.name(), finding.rule);
    draw(
        &mut out,
        style,
        &heading,
        severity,
        &finding.message,
        source,
        &labels,
    );
    for related in far {
        let Some(other) = project.source(related.at) else {
            continue;
        };
        let labels = vec![label(related.at, "", true)];
        draw(
            &mut out,
            style,
            "where:",
            Severity::Advice,
            &related.label,
            other,
            &labels,
        );
    }
    let mut lines: Vec<String> = way(project, finding, style).into_iter().collect();
    let notes: Vec<String> = finding
        .notes
        .iter()
        .map(|note| format!("note: {note}"))
        .collect();
    lines.extend(notes);
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.extend(finding.fix.as_ref().map(|fix| match fix.applicability {
        Applicability::Safe => "fix: safe, --fix".to_owned(),
        Applicability::Unsafe => "fix: unsafe, --fix --unsafe-fixes".to_owned(),
    }));
    lines.push(format!("more: taglint explain {}", finding.rule));
    for line in lines {
        let (word, rest) = line.split_once(' ').unwrap_or_default();
        let rest = spelled(rest, style);
        if style.color {
            out.push_str(&format!("  \u{1b}[36m{word}\u{1b}[0m {rest}\n"));
        } else {
            out.push_str(&format!("  {word} {rest}\n"));
        }
    }
    out.push('\n');
    out
}

/// What we say ourselves, with the one mark of ours that is no ASCII spelled as dots where need be.
fn spelled(text: &str, style: Style) -> String {
    let text = harmless(text);
    if style.unicode {
        text.into_owned()
    } else {
        text.replace('…', "...")
    }
}

/// How an event leads to the place of a finding, in one line: each part with its line in the file.
fn way(project: &Project, finding: &Finding, style: Style) -> Option<String> {
    let arrow = if style.unicode { "→" } else { "->" };
    let mut text = String::from("from:");
    let mut file = finding.at.file;
    for part in &finding.chain {
        let line = project.source(part.at)?.position(part.at.span.start).line;
        let path = if part.at.file == file {
            "line ".to_owned()
        } else {
            format!("{}:", project.path(part.at))
        };
        file = part.at.file;
        text.push_str(&format!(" {} ({path}{line}) {arrow}", part.label));
    }
    let last = finding.chain.last()?;
    let line = project.source(finding.at)?.position(finding.at.span.start);
    let line = line.line;
    let start = |place: Place| Some(project.source(place)?.position(place.span.start).line);
    if last.at.file == finding.at.file && start(last.at) == Some(line) {
        text.truncate(text.trim_end_matches(arrow).trim_end().len());
    } else {
        text.push_str(&format!(" line {line}"));
    }
    Some(text)
}

fn draw(
    out: &mut String,
    style: Style,
    heading: &str,
    severity: Severity,
    message: &str,
    source: &Source,
    labels: &[Label],
) {
    let drawn = Drawn {
        message: spelled(message, style),
        severity,
        excerpt: Excerpt::new(source, labels),
    };
    let before = out.len();
    if handler(style, heading).render_report(out, &drawn).is_err() {
        out.truncate(before);
        out.push_str(&format!("  {heading} {}\n", harmless(message)));
    }
}

fn handler(style: Style, heading: &str) -> GraphicalReportHandler {
    let mut theme = match (style.color, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (true, false) => GraphicalTheme {
            characters: miette::ThemeCharacters::ascii(),
            ..GraphicalTheme::unicode()
        },
        (false, false) => GraphicalTheme::none(),
    };
    heading.clone_into(&mut theme.characters.error);
    heading.clone_into(&mut theme.characters.warning);
    heading.clone_into(&mut theme.characters.advice);
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_context_lines(1)
        .with_links(false)
        .with_wrap_lines(true)
}

/// Every image use, a line each.
#[must_use]
pub fn images(project: &Project) -> String {
    let mut text = String::new();
    for found in &project.uses {
        let source = project.source(found.at);
        let position = source.map(|source| source.position(found.at.span.start));
        let line = position.map_or(1, |position| position.line);
        let column = position.map_or(1, |position| position.column);
        text.push_str(&format!(
            "{}:{line}:{column} {} {} {}\n",
            project.path(found.at),
            harmless(&found.written),
            found.pin().name(),
            found.environment.name()
        ));
    }
    text
}

/// The line at the end of a run.
#[must_use]
pub fn summary(summary: &Summary, elapsed: Option<std::time::Duration>, style: Style) -> String {
    let mut kinds = Vec::new();
    for (number, noun) in [(summary.errors, "error"), (summary.warnings, "warning")] {
        if number > 0 {
            kinds.push(counted(number, noun));
        }
    }
    if summary.infos > 0 {
        kinds.push(format!("{} info", summary.infos));
    }
    let kinds = if kinds.is_empty() {
        String::new()
    } else {
        format!(" ({})", kinds.join(", "))
    };
    let dot = if style.unicode { "·" } else { "-" };
    let mut line = format!(
        "{}{kinds} in {} {dot} {} {dot} {} planned",
        counted(summary.findings(), "finding"),
        counted(summary.files, "file"),
        counted(summary.images, "image"),
        counted(summary.publications, "tag"),
    );
    if summary.skipped_templates > 0 {
        let skipped = counted(summary.skipped_templates, "chart template");
        line.push_str(&format!(" {dot} {skipped} skipped"));
    }
    if summary.suppressed > 0 {
        line.push_str(&format!(" {dot} {} suppressed", summary.suppressed));
    }
    if let Some((accepted, stale)) = summary.baseline {
        line.push_str(&format!(" {dot} {accepted} in the baseline"));
        if stale > 0 {
            line.push_str(&format!(", {stale} of it gone"));
        }
    }
    if let Some(elapsed) = elapsed {
        line.push_str(&format!(" {dot} {} ms", elapsed.as_millis()));
    }
    line.push('\n');
    if let Some(fixes) = summary.fixes("fixed") {
        line.push_str(&fixes);
        line.push('\n');
    }
    line
}
