//! The plan as one HTML page that needs nothing else: no network, no script, light and dark.

use super::{Block, Chip, Matrix, Publisher, Row, Said, Sheet, markup};
use crate::report::counted;

const STYLE: &str = include_str!("style.css");

/// The page.
#[must_use]
pub fn render(sheets: &[Sheet<'_>]) -> String {
    let images: usize = sheets.iter().map(|sheet| sheet.images.len()).sum();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>taglint plan</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <h1>What CI publishes</h1>\n<p>{}, evaluated from the files without running anything.</p>\n\
         {LEGEND}</header>\n<main>\n",
        counted(images, "image")
    );
    if sheets.is_empty() {
        page.push_str("<p class=\"nothing\">No workflow here publishes an image.</p>\n");
    }
    for sheet in sheets {
        draw(sheet, sheets.len() > 1, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

const LEGEND: &str = "<ul class=\"legend\" aria-label=\"Legend\">\n\
    <li><span class=\"chip channel\">latest</span> a channel: it moves</li>\n\
    <li><span class=\"chip version\">1.2.3</span> a version</li>\n\
    <li><span class=\"chip contested\">latest ×2</span> pushed by several builds: the last one wins</li>\n\
    <li><span class=\"chip doubtful\">1.2.3?</span> pushed perhaps</li>\n\
    <li><span class=\"none\">–</span> not published</li>\n</ul>\n";

fn draw(sheet: &Sheet<'_>, several: bool, page: &mut String) {
    page.push_str("<section class=\"repository\">\n");
    if several && !sheet.root.is_empty() {
        page.push_str(&format!("<p class=\"root\">{}</p>\n", markup(&sheet.root)));
    }
    for matrix in &sheet.images {
        image(matrix, page);
    }
    for (path, events) in &sheet.silent {
        page.push_str(&format!(
            "<p class=\"silent\"><code>{}</code> publishes nothing on: {}</p>\n",
            markup(path),
            markup(&events.join(", "))
        ));
    }
    list("fails", "Fails", &sheet.faults, page);
    if sheet.unknowns.is_empty() {
        page.push_str("<p class=\"known\">Unknown: nothing.</p>\n");
    }
    list("unknowns", "Unknown, and why", &sheet.unknowns, page);
    if sheet.opaque {
        page.push_str(
            "<p class=\"opaque\">Something here may publish more than is shown: \
             see what is unknown.</p>\n",
        );
    }
    page.push_str("</section>\n");
}

fn list(class: &str, title: &str, items: &[Said], page: &mut String) {
    if items.is_empty() {
        return;
    }
    page.push_str(&format!(
        "<section class=\"{class}\">\n<h3>{title}</h3>\n<ul>\n"
    ));
    for item in items {
        let what = match item.what.as_str() {
            "" => String::new(),
            what => format!("<code>{}</code>: ", markup(what)),
        };
        page.push_str(&format!(
            "<li>{what}{} <span class=\"at\">{}:{}</span></li>\n",
            markup(&item.text),
            markup(&item.path),
            item.line
        ));
    }
    page.push_str("</ul>\n</section>\n");
}

fn image(matrix: &Matrix<'_>, page: &mut String) {
    page.push_str(&format!(
        "<article class=\"image\">\n<h2>{}</h2>\n<div class=\"scroll\">\n\
         <table class=\"matrix\">\n<thead>\n<tr><td></td>",
        markup(&matrix.image)
    ));
    for variant in &matrix.variants {
        page.push_str(&format!("<th scope=\"col\">{}</th>", markup(variant)));
    }
    page.push_str("</tr>\n</thead>\n");
    for block in &matrix.events {
        page.push_str(&format!(
            "<tbody>\n<tr class=\"event\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>\n",
            matrix.variants.len() + 1,
            markup(&block.title)
        ));
        for one in &block.rows {
            row(one, page);
        }
        page.push_str("</tbody>\n");
    }
    page.push_str(
        "</table>\n</div>\n<details open>\n<summary>Who publishes what</summary>\n\
         <div class=\"scroll\">\n<table class=\"publishers\">\n<thead>\n<tr><th scope=\"col\">event</th>\
         <th scope=\"col\">job</th><th scope=\"col\">matrix</th><th scope=\"col\">step</th>\
         <th scope=\"col\">tags</th><th scope=\"col\">made from</th></tr>\n</thead>\n<tbody>\n",
    );
    for block in &matrix.events {
        publishers(block, page);
    }
    page.push_str("</tbody>\n</table>\n</div>\n</details>\n</article>\n");
}

fn row(row: &Row<'_>, page: &mut String) {
    let kind = row.kind.name();
    page.push_str(&format!(
        "<tr class=\"{kind}\"><th scope=\"row\">{}</th>",
        markup(&row.name)
    ));
    for cell in &row.cells {
        page.push_str("<td>");
        if cell.is_empty() {
            page.push_str("<span class=\"none\" title=\"not published\">–</span>");
        }
        for one in cell {
            chip(one, kind, page);
        }
        page.push_str("</td>");
    }
    page.push_str("</tr>\n");
}

fn chip(chip: &Chip<'_>, kind: &str, page: &mut String) {
    let why = match chip.state() {
        "contested" => format!(
            " title=\"pushed by {} builds; the last to finish wins\"",
            chip.builds
        ),
        "doubtful" => " title=\"something unknown decides whether it is pushed\"".to_owned(),
        _ => String::new(),
    };
    page.push_str(&format!(
        "<span class=\"chip {kind} {}\"{why}>{}</span>",
        chip.state(),
        markup(&chip.text())
    ));
}

fn publishers(block: &Block<'_>, page: &mut String) {
    for publisher in &block.publishers {
        page.push_str(&format!(
            "<tr><td>{} <span class=\"at\">{}</span></td><td>{}</td><td>{}</td>\
             <td>{} <span class=\"at\">{}:{}</span></td><td>{}</td><td>{}</td></tr>\n",
            markup(&block.title),
            markup(block.event),
            markup(&publisher.build.job),
            instance(publisher),
            markup(&publisher.step()),
            markup(publisher.path),
            publisher.line,
            tags(publisher),
            markup(&publisher.made_from()),
        ));
    }
}

fn instance(publisher: &Publisher<'_>) -> String {
    let values = publisher.build.instance.iter().map(|(name, value)| {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let value = if value.is_empty() { "“”" } else { &value };
        format!("{}: <code>{}</code>", markup(name), markup(value))
    });
    values.collect::<Vec<_>>().join("<br>")
}

fn tags(publisher: &Publisher<'_>) -> String {
    let tags = publisher.tags.iter().map(|(tag, certain)| {
        let doubt = if *certain { "" } else { "?" };
        format!("<code>{}{doubt}</code>", markup(tag))
    });
    tags.collect::<Vec<_>>().join(" ")
}
