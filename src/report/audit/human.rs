//! The audit in a terminal.

use std::ops::Range;

use super::grid::{Cell, Grid, Top};
use super::{Sheet, size};
use crate::audit::Audit;
use crate::finding::{Finding, Level};
use crate::report::human::Style;
use crate::report::plan::columns;
use crate::report::{counted, harmless};

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const BOLD: &str = "1";
const DIM: &str = "2";

/// Blanks between two columns.
const GAP: usize = 3;

/// Everything, for people.
#[must_use]
pub fn render(sheet: &Sheet<'_>, style: Style, quiet: bool) -> String {
    let ink = Ink(style);
    let mut text = String::new();
    for audit in sheet.audits {
        image(sheet, audit, ink, &mut text);
    }
    for (image, reason) in sheet.failures {
        let mark = ink.paint(RED, "not seen");
        text.push_str(&format!(
            "{} {mark}: {}\n\n",
            ink.paint(BOLD, &harmless(image)),
            harmless(reason)
        ));
    }
    if !quiet {
        text.push_str(&summary(sheet, ink));
    }
    text
}

fn image(sheet: &Sheet<'_>, audit: &Audit, ink: Ink, text: &mut String) {
    let name = harmless(&audit.name()).into_owned();
    text.push_str(&format!(
        "{} at {}\n\n",
        ink.paint(BOLD, &name),
        size(audit, ink.mark("·", "-"), ink.mark("×", "x"))
    ));
    match audit.releases.is_empty() {
        true => {
            let tags = counted(audit.observed.tags.len(), "tag");
            text.push_str(&format!("no versions among {tags}\n"));
        }
        false => grid(&Grid::of(audit), ink, text),
    }
    text.push('\n');
    for line in &audit.observed.partial {
        text.push_str(&format!(
            "{}: {}\n",
            ink.paint(YELLOW, "partial"),
            harmless(line)
        ));
    }
    if !audit.observed.is_whole() {
        text.push_str("what was not seen is not judged\n\n");
    }
    let mut any = false;
    for one in sheet.findings_of(audit) {
        finding(one, ink, text);
        any = true;
    }
    if any {
        text.push('\n');
    }
}

fn grid(grid: &Grid, ink: Ink, text: &mut String) {
    // Each cell as it is seen, and as it is painted.
    let mut lines: Vec<Vec<(String, String)>> = Vec::new();
    let plain = |text: &str| (harmless(text).into_owned(), harmless(text).into_owned());
    let mut head = vec![plain("")];
    head.extend(grid.variants.iter().map(|name| {
        let name = harmless(name).into_owned();
        (name.clone(), ink.paint(DIM, &name))
    }));
    lines.push(head);
    for (name, tops) in &grid.channels {
        let mut line = vec![plain(name)];
        line.extend(tops.iter().map(|top| shown_top(top, ink)));
        lines.push(line);
    }
    for row in &grid.rows {
        if row.after_gap {
            lines.push(vec![plain(ink.mark("…", "..."))]);
        }
        let name = harmless(&row.version).into_owned();
        let mut line = match row.prerelease {
            true => vec![(name.clone(), ink.paint(DIM, &name))],
            false => vec![plain(&name)],
        };
        line.extend(row.cells.iter().map(|cell| shown(cell, ink)));
        lines.push(line);
    }
    let cells = |at: usize| {
        lines
            .iter()
            .filter(|line| line.len() > 1)
            .filter_map(move |line| line.get(at))
    };
    let widths: Vec<usize> = (0..=grid.variants.len())
        .map(|at| cells(at).map(|(seen, _)| columns(seen)).max().unwrap_or(0))
        .collect();
    for (index, columns) in blocks(&widths, ink.0.width).into_iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        draw(&lines, &widths, columns, text);
    }
    let dots = ink.mark("…", "...");
    if grid.hidden > 0 {
        let more = counted(grid.hidden, "more version");
        text.push_str(&format!("{dots} {more}\n"));
    }
    if grid.ended > 0 {
        let more = counted(grid.ended, "more variant");
        text.push_str(&format!("{dots} {more} that others have succeeded\n"));
    }
}

/// The columns of variants in blocks that are no wider than the terminal, each with one at least.
fn blocks(widths: &[usize], most: usize) -> Vec<Range<usize>> {
    let head = widths.first().copied().unwrap_or(0);
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut used = head;
    for (at, width) in widths.iter().enumerate().skip(1) {
        used += GAP + width;
        match blocks.last_mut() {
            Some(block) if used <= most => block.end = at + 1,
            _ => {
                blocks.push(at..at + 1);
                used = head + GAP + width;
            }
        }
    }
    blocks
}

/// The names of the lines with some of the columns.
fn draw(lines: &[Vec<(String, String)>], widths: &[usize], block: Range<usize>, text: &mut String) {
    for line in lines {
        let cells = line.iter().zip(widths).enumerate();
        let cells = cells.filter(|(at, _)| *at == 0 || block.contains(at));
        let mut out = String::new();
        let mut pad = 0;
        for (_, ((seen, painted), width)) in cells {
            out.push_str(&" ".repeat(pad));
            out.push_str(painted);
            pad = width.saturating_sub(columns(seen)) + GAP;
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
}

fn shown_top(top: &Top, ink: Ink) -> (String, String) {
    let (color, text) = match top {
        Top::Good(version) => (GREEN, format!("= {version}")),
        Top::Behind(version) => (YELLOW, format!("= {version}")),
        Top::Bad(tag) => (RED, format!("{} {tag}", ink.mark("≠", "!="))),
        Top::Orphan => (YELLOW, "no version".to_owned()),
        Top::Unknown => (YELLOW, "? not seen".to_owned()),
        Top::None => (DIM, ink.mark("–", "-").to_owned()),
        Top::Absent => (RED, format!("{} absent", ink.mark("✗", "x"))),
    };
    let text = harmless(&text).into_owned();
    let painted = ink.paint(color, &text);
    (text, painted)
}

fn shown(cell: &Cell, ink: Ink) -> (String, String) {
    match cell {
        Cell::None => {
            let mark = ink.mark("–", "-");
            (mark.to_owned(), ink.paint(DIM, mark))
        }
        Cell::Missing => {
            let text = format!("{} absent", ink.mark("✗", "x"));
            let painted = ink.paint(RED, &text);
            (text, painted)
        }
        Cell::There(channels) => {
            let mark = ink.mark("●", "o");
            let (mut text, mut painted) = (mark.to_owned(), ink.paint(GREEN, mark));
            for (name, right) in channels {
                let name = harmless(name).into_owned();
                text.push_str(&format!(" {name}"));
                let color = if *right { GREEN } else { RED };
                painted.push_str(&format!(" {}", ink.paint(color, &name)));
            }
            (text, painted)
        }
    }
}

fn finding(finding: &Finding, ink: Ink, text: &mut String) {
    let color = match finding.level {
        Level::Error => RED,
        Level::Warning => YELLOW,
        Level::Info | Level::Off => CYAN,
    };
    let head = format!("{}[{}]", finding.level.name(), finding.rule);
    text.push_str(&format!(
        "{}: {}\n",
        ink.paint(color, &head),
        harmless(&finding.message)
    ));
    let notes = finding.notes.iter().map(|note| ("note:", note));
    for (word, line) in notes.chain(finding.help.iter().map(|help| ("help:", help))) {
        let line = harmless(line).replace('…', ink.mark("…", "..."));
        text.push_str(&format!("  {} {line}\n", ink.paint(CYAN, word)));
    }
}

fn summary(sheet: &Sheet<'_>, ink: Ink) -> String {
    let dot = ink.mark("·", "-");
    let mut kinds = Vec::new();
    for (level, noun) in [(Level::Error, "error"), (Level::Warning, "warning")] {
        match sheet.count(level) {
            0 => {}
            number => kinds.push(counted(number, noun)),
        }
    }
    if sheet.count(Level::Info) > 0 {
        kinds.push(format!("{} info", sheet.count(Level::Info)));
    }
    let kinds = match kinds.is_empty() {
        true => String::new(),
        false => format!(" ({})", kinds.join(", ")),
    };
    let tags = sheet.audits.iter().map(|audit| audit.observed.tags.len());
    let mut line = format!(
        "{}{kinds} in {} {dot} {} {dot} {}",
        counted(sheet.findings.len(), "finding"),
        counted(sheet.audits.len(), "image"),
        counted(tags.sum(), "tag"),
        counted(sheet.requests, "request"),
    );
    if sheet.partial() > 0 {
        line.push_str(&format!(
            " {dot} {} not seen as a whole",
            counted(sheet.partial(), "image")
        ));
    }
    if let Some(allowed) = sheet.allowance {
        line.push_str(&format!(
            " {dot} {} of {} pulls left",
            allowed.remaining, allowed.limit
        ));
    }
    if let Some(elapsed) = sheet.elapsed {
        line.push_str(&format!(" {dot} {} ms", elapsed.as_millis()));
    }
    line.push('\n');
    line
}

/// How words are painted and marks are drawn.
#[derive(Clone, Copy)]
struct Ink(Style);

impl Ink {
    fn paint(self, color: &str, text: &str) -> String {
        match self.0.color {
            true => format!("\u{1b}[{color}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }

    fn mark(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.0.unicode { unicode } else { ascii }
    }
}
