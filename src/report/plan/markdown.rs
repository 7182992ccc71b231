//! The plan as Markdown: a table an image, for the summary of a job or a comment.

use super::{Matrix, Said, Sheet};

/// The summary of a job holds one mebibyte; what goes beyond this is left out, and said so.
const MOST: usize = 900 * 1024;

/// The plan.
#[must_use]
pub fn render(sheets: &[Sheet<'_>]) -> String {
    let mut text = String::from("## What CI publishes\n\n");
    if sheets.is_empty() {
        text.push_str("No workflow here publishes an image.\n");
    }
    let mut left = 0;
    for sheet in sheets {
        for matrix in &sheet.images {
            let mut table = String::new();
            image(matrix, &mut table);
            if text.len() + table.len() > MOST {
                left += 1;
            } else {
                text.push_str(&table);
            }
        }
        let mut notes = String::new();
        for (path, events) in &sheet.silent {
            notes.push_str(&format!(
                "Not published by {}: {}\n\n",
                code(path),
                plain(&events.join(", "))
            ));
        }
        list("Fails", &sheet.faults, &mut notes);
        if sheet.unknowns.is_empty() {
            notes.push_str("Unknown: nothing\n\n");
        }
        list("Unknown", &sheet.unknowns, &mut notes);
        if text.len() + notes.len() > MOST {
            left += 1;
        } else {
            text.push_str(&notes);
        }
    }
    if left > 0 {
        text.push_str(&format!(
            "{left} more parts are left out: this is as much as a summary holds.\n"
        ));
    }
    text
}

fn list(title: &str, items: &[Said], text: &mut String) {
    if items.is_empty() {
        return;
    }
    text.push_str(&format!("{title}:\n\n"));
    for item in items {
        let what = match item.what.as_str() {
            "" => String::new(),
            what => format!("{}: ", code(what)),
        };
        let at = format!("{}:{}", item.path, item.line);
        text.push_str(&format!("- {what}{} ({})\n", plain(&item.text), code(&at)));
    }
    text.push('\n');
}

fn image(matrix: &Matrix<'_>, text: &mut String) {
    text.push_str(&format!("### {}\n\n| |", code(&matrix.image)));
    for variant in &matrix.variants {
        text.push_str(&format!(" {} |", plain(variant)));
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(matrix.variants.len()));
    text.push('\n');
    for block in &matrix.events {
        text.push_str(&format!("| **{}** |", plain(&block.title)));
        text.push_str(&" |".repeat(matrix.variants.len()));
        text.push('\n');
        for row in &block.rows {
            text.push_str(&format!("| {} |", plain(&row.name)));
            for cell in &row.cells {
                let chips = cell.iter().map(|chip| match chip.state() {
                    "contested" => format!("⚠️ {} ×{}", code(chip.tag), chip.builds),
                    "doubtful" => format!("{} ?", code(chip.tag)),
                    _ => code(chip.tag),
                });
                let chips: Vec<String> = chips.collect();
                let cell = if chips.is_empty() {
                    "–".to_owned()
                } else {
                    chips.join("<br>")
                };
                text.push_str(&format!(" {cell} |"));
            }
            text.push('\n');
        }
    }
    text.push_str(
        "\n<details><summary>Who publishes what</summary>\n\n\
         | event | job | step | tags | made from |\n|---|---|---|---|---|\n",
    );
    for block in &matrix.events {
        for publisher in &block.publishers {
            let tags = publisher.tags.iter().map(|(tag, certain)| {
                let doubt = if *certain { "" } else { " ?" };
                format!("{}{doubt}", code(tag))
            });
            let at = format!("{}:{}", publisher.path, publisher.line);
            text.push_str(&format!(
                "| {} | {} | {}<br>{} | {} | {} |\n",
                plain(&block.title),
                plain(&publisher.build.name()),
                plain(&publisher.step()),
                code(&at),
                tags.collect::<Vec<_>>().join("<br>"),
                plain(&publisher.made_from()),
            ));
        }
    }
    text.push_str("\n</details>\n\n");
}

/// Text in which nothing is Markdown or HTML: every character that could be is written as an entity.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::markup(text).chars() {
        match c {
            '*' | '_' | '`' | '|' | '[' | ']' | '\\' | '~' | '@' | '!' | '#' | '(' | ')' | '$'
            | '{' | '}' | '^' | '=' => {
                // The entities of the markup itself stay as they are.
                if c == '#' && out.ends_with('&') {
                    out.push(c);
                } else {
                    out.push_str(&format!("&#{};", u32::from(c)));
                }
            }
            // No word turns into a link.
            ':' => out.push_str("&#58;"),
            c => out.push(c),
        }
    }
    out.replace("www.", "www&#46;")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(plain("a|b`c"), "a&#124;b&#96;c");
        assert_eq!(plain("<img src=x>"), "&lt;img src&#61;x&gt;");
        assert_eq!(plain("it's\n# x"), "it&#39;s &#35; x");
        assert_eq!(
            plain("![x](https://e.x)"),
            "&#33;&#91;x&#93;&#40;https&#58;//e.x&#41;"
        );
    }
}
