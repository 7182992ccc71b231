//! The audit as Markdown: a table an image, for the summary of a job or a comment.

use super::grid::{Cell, Grid, Top};
use super::{Sheet, size};
use crate::audit::Audit;

/// The audit.
#[must_use]
pub fn render(sheet: &Sheet<'_>) -> String {
    let mut text = String::from("## What the registry holds\n\n");
    for audit in sheet.audits {
        image(sheet, audit, &mut text);
    }
    for (image, reason) in sheet.failures {
        text.push_str(&format!(
            "**{}** was not seen: {}\n\n",
            code(image),
            plain(reason)
        ));
    }
    text
}

fn image(sheet: &Sheet<'_>, audit: &Audit, text: &mut String) {
    let size = size(audit, "·", "×");
    text.push_str(&format!(
        "### {} at {}\n\n",
        code(&audit.name()),
        plain(&size)
    ));
    let grid = Grid::of(audit);
    if grid.rows.is_empty() {
        text.push_str("No versions.\n\n");
    } else {
        table(&grid, text);
    }
    for line in &audit.observed.partial {
        text.push_str(&format!(
            "Partial, and judged only as far as it was seen: {}\n\n",
            plain(line)
        ));
    }
    let mut any = false;
    for finding in sheet.findings_of(audit) {
        let help = finding
            .help
            .as_ref()
            .map(|help| format!(" ({})", plain(help)));
        text.push_str(&format!(
            "- **{}** {}: {}{}\n",
            finding.level.name(),
            code(finding.rule),
            plain(&finding.message),
            help.unwrap_or_default()
        ));
        any = true;
    }
    text.push_str(if any { "\n" } else { "No findings.\n\n" });
}

fn table(grid: &Grid, text: &mut String) {
    let heads = grid.variants.iter().map(|name| plain(name));
    text.push_str(&format!(
        "| | {} |\n",
        heads.collect::<Vec<_>>().join(" | ")
    ));
    text.push_str(&format!("|---|{}\n", "---|".repeat(grid.variants.len())));
    for (name, tops) in &grid.channels {
        let cells = tops.iter().map(|top| match top {
            Top::Good(version) => format!("= {}", plain(version)),
            Top::Behind(version) => format!("= *{}*", plain(version)),
            Top::Bad(tag) => format!("**≠ {}**", plain(tag)),
            Top::Orphan => "**no version**".to_owned(),
            Top::Unknown => "? not seen".to_owned(),
            Top::None => "–".to_owned(),
            Top::Absent => "**✗ absent**".to_owned(),
        });
        line(&format!("**{}**", plain(name)), cells, text);
    }
    for row in &grid.rows {
        let cells = row.cells.iter().map(|cell| match cell {
            Cell::None => "–".to_owned(),
            Cell::Missing => "**✗ absent**".to_owned(),
            Cell::There(channels) => {
                let names = channels.iter().map(|(name, right)| match right {
                    true => format!(" {}", plain(name)),
                    false => format!(" **{}**", plain(name)),
                });
                format!("●{}", names.collect::<String>())
            }
        });
        line(&plain(&row.version), cells, text);
    }
    text.push('\n');
    if grid.ended > 0 {
        text.push_str(&format!(
            "{} more variants have been succeeded by others.\n\n",
            grid.ended
        ));
    }
    if grid.hidden > 0 {
        text.push_str(&format!("{} more versions are not shown.\n\n", grid.hidden));
    }
}

fn line(name: &str, cells: impl Iterator<Item = String>, text: &mut String) {
    text.push_str(&format!(
        "| {name} | {} |\n",
        cells.collect::<Vec<_>>().join(" | ")
    ));
}

/// Text with everything that Markdown would read kept from it; parts in backticks stay code.
fn plain(text: &str) -> String {
    let parts = text
        .split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => escaped(part),
            _ => code(part),
        });
    parts.collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control() && *c != '`');
    format!("`{}`", kept.collect::<String>().replace('|', "\\|"))
}
