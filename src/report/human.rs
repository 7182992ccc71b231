//! Findings for people, drawn by miette: the source with labels, then what to do.

use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use super::{Summary, counted, harmless};
use crate::finding::{Finding, Level};
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

/// A source as miette reads it, with control characters made harmless.
struct Shown<'a> {
    path: &'a str,
    text: std::borrow::Cow<'a, str>,
}

impl SourceCode for Shown<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.as_ref().read_span(span, before, after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.to_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
    }
}

/// A finding, or one of its places in another file.
struct Drawn<'a> {
    message: String,
    severity: Severity,
    source: Shown<'a>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
    elsewhere: Vec<Drawn<'a>>,
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

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.elsewhere.is_empty() {
            return None;
        }
        Some(Box::new(
            self.elsewhere.iter().map(|drawn| drawn as &dyn Diagnostic),
        ))
    }
}

fn shown(source: &Source) -> Shown<'_> {
    Shown {
        path: source.path(),
        text: harmless(source.text()),
    }
}

fn label(source: &Source, place: Place, text: Option<&str>, primary: bool) -> LabeledSpan {
    // A span that ends with line breaks is drawn without them.
    let slice = source.slice(place.span);
    let length = slice.trim_end().len().max(usize::from(!slice.is_empty()));
    let text = text.map(|text| harmless(text).into_owned());
    let span = SourceSpan::new(place.span.start.into(), length);
    if primary {
        LabeledSpan::new_primary_with_span(text, span)
    } else {
        LabeledSpan::new_with_span(text, span)
    }
}

/// One finding as text.
#[must_use]
pub fn finding(project: &Project, finding: &Finding, style: Style) -> String {
    let Some(source) = project.source(finding.at) else {
        return String::new();
    };
    let mut labels = vec![label(source, finding.at, finding.label.as_deref(), true)];
    let mut elsewhere: Vec<Drawn<'_>> = Vec::new();
    for related in &finding.related {
        if related.at.file == finding.at.file {
            labels.push(label(source, related.at, Some(&related.label), false));
        } else if let Some(other) = project.source(related.at) {
            elsewhere.push(Drawn {
                message: harmless(&related.label).into_owned(),
                severity: Severity::Advice,
                source: shown(other),
                labels: vec![label(other, related.at, None, true)],
                help: None,
                elsewhere: Vec::new(),
            });
        }
    }
    let mut help: Vec<String> = finding
        .notes
        .iter()
        .map(|note| format!("note: {note}"))
        .collect();
    help.extend(finding.help.clone());
    help.push(format!("more: taglint explain {}", finding.rule));
    let drawn = Drawn {
        message: harmless(&finding.message).into_owned(),
        severity: match finding.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info | Level::Off => Severity::Advice,
        },
        source: shown(source),
        labels,
        help: Some(harmless(&help.join("\n")).into_owned()),
        elsewhere,
    };
    let mut text = String::new();
    let heading = format!("{}[{}]:", finding.level.name(), finding.rule);
    if handler(style, &heading)
        .render_report(&mut text, &drawn)
        .is_err()
    {
        text = format!("{heading} {}\n", finding.message);
    }
    text.push('\n');
    text
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
        .with_context_lines(0)
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
    if let Some(elapsed) = elapsed {
        line.push_str(&format!(" {dot} {} ms", elapsed.as_millis()));
    }
    line.push('\n');
    line
}
