//! The audit as one HTML page that needs nothing else: no network, no script, light and dark.

use super::grid::{Cell, Grid, Top};
use super::{Sheet, size};
use crate::audit::Audit;
use crate::report::plan::markup;

/// The style of the plan's page, and what is more.
const STYLE: &str = include_str!("../plan/style.css");
const MORE: &str = ".there { color: var(--on-version); } .chip.good { background: var(--version); \
    color: var(--on-version); }\n.findings li { margin: .4rem 0; } .findings .error { color: var(--bad); } \
    .findings .warning { color: var(--doubt); }\n.pre th { font-style: italic; }\n";

/// The page.
#[must_use]
pub fn render(sheet: &Sheet<'_>) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>taglint audit</title>\n<style>\n{STYLE}{MORE}</style>\n</head>\n<body>\n<header>\n\
         <h1>What the registry holds</h1>\n<p>Versions by variants, with the channels on top.</p>\n\
         </header>\n<main>\n"
    );
    for audit in sheet.audits {
        image(sheet, audit, &mut page);
    }
    for (image, reason) in sheet.failures {
        page.push_str(&format!(
            "<p class=\"opaque\"><code>{}</code> was not seen: {}</p>\n",
            markup(image),
            markup(reason)
        ));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn image(sheet: &Sheet<'_>, audit: &Audit, page: &mut String) {
    page.push_str(&format!(
        "<article class=\"image\">\n<h2>{}</h2>\n<p class=\"known\">{}</p>\n",
        markup(&audit.name()),
        markup(&size(audit, "·", "×"))
    ));
    let grid = Grid::of(audit);
    if grid.rows.is_empty() {
        page.push_str("<p class=\"known\">No versions.</p>\n");
    } else {
        table(&grid, page);
    }
    for line in &audit.observed.partial {
        page.push_str(&format!(
            "<p class=\"opaque\">Partial: {}</p>\n",
            markup(line)
        ));
    }
    page.push_str("<ul class=\"findings\">\n");
    for finding in sheet.findings_of(audit) {
        page.push_str(&format!(
            "<li><strong class=\"{level}\">{level}</strong> <code>{}</code>: {}",
            markup(finding.rule),
            prose(&finding.message),
            level = finding.level.name()
        ));
        let more = finding.notes.iter().chain(&finding.help);
        more.for_each(|more| {
            page.push_str(&format!("<br><span class=\"at\">{}</span>", prose(more)))
        });
        page.push_str("</li>\n");
    }
    page.push_str("</ul>\n</article>\n");
}

fn table(grid: &Grid, page: &mut String) {
    page.push_str("<div class=\"scroll\">\n<table class=\"matrix\">\n<thead>\n<tr><td></td>");
    for name in &grid.variants {
        page.push_str(&format!("<th scope=\"col\">{}</th>", markup(name)));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for (name, tops) in &grid.channels {
        page.push_str(&format!(
            "<tr class=\"channel\"><th scope=\"row\">{}</th>",
            markup(name)
        ));
        for top in tops {
            let (class, text) = match top {
                Top::Good(version) => ("good", format!("= {version}")),
                Top::Behind(version) => ("doubtful", format!("= {version}")),
                Top::Bad(tag) => ("contested", format!("≠ {tag}")),
                Top::Orphan => ("doubtful", "no version".to_owned()),
                Top::Unknown => ("doubtful", "not seen".to_owned()),
                Top::None => ("none", "–".to_owned()),
                Top::Absent => ("contested", "✗ absent".to_owned()),
            };
            page.push_str(&format!("<td>{}</td>", chip(class, &text)));
        }
        page.push_str("</tr>\n");
    }
    for row in &grid.rows {
        let class = if row.prerelease { "pre" } else { "version" };
        page.push_str(&format!(
            "<tr class=\"{class}\"><th scope=\"row\">{}</th>",
            markup(&row.version)
        ));
        for cell in &row.cells {
            page.push_str(&match cell {
                Cell::None => "<td><span class=\"none\">–</span></td>".to_owned(),
                Cell::Missing => format!("<td>{}</td>", chip("contested", "✗ absent")),
                Cell::There(channels) => {
                    let names = channels.iter().map(|(name, right)| {
                        chip(if *right { "channel" } else { "contested" }, name)
                    });
                    let names: String = names.collect();
                    format!("<td><span class=\"there\">●</span> {names}</td>")
                }
            });
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
    if grid.ended > 0 {
        let ended = grid.ended;
        page.push_str(&format!(
            "<p class=\"known\">{ended} more variants have been succeeded by others.</p>\n"
        ));
    }
    if grid.hidden > 0 {
        page.push_str(&format!(
            "<p class=\"known\">{} more versions.</p>\n",
            grid.hidden
        ));
    }
}

/// Our own words, with what stands in backticks as code.
fn prose(text: &str) -> String {
    let parts = text
        .split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => markup(part),
            _ => format!("<code>{}</code>", markup(part)),
        });
    parts.collect()
}

fn chip(class: &str, text: &str) -> String {
    format!("<span class=\"chip {class}\">{}</span>", markup(text))
}
