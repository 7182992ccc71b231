//! The matrix alone, as a picture: SVG without a script, light and dark.

use super::{Matrix, Sheet, columns, markup};

/// Widths and heights in pixels.
const CELL: usize = 8;
const PAD: usize = 20;
const ROW: usize = 30;
const TITLE: usize = 34;

const STYLE: &str = "text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',\
monospace;fill:#1c2330}.paper{fill:#fff}.title{font-size:16px;font-weight:bold}.head{font-weight:bold}\
.quiet{fill:#5d6778}.band{fill:#f3f5f9}.rule{stroke:#d9dee7}.chip{fill:#ebedf2}.channel{fill:#0b5fce}\
.on-channel{fill:#fff;font-weight:600}.version{fill:#e3f2e6}.on-version{fill:#14532d}\
.contested{fill:#c4232b}.on-contested{fill:#fff;font-weight:600}\
.doubtful{fill:none;stroke:#8a5a00;stroke-dasharray:4 3}.on-doubtful{fill:#8a5a00;font-weight:normal}\
@media(prefers-color-scheme:dark){text{fill:#e4e8f0}.paper{fill:#14171f}.quiet{fill:#98a2b5}\
.band{fill:#1c212c}.rule{stroke:#313848}.chip{fill:#2a3040}.channel{fill:#7db2ff}\
.on-channel{fill:#0a1a33}.version{fill:#1d3a28}.on-version{fill:#b7e7c5}.contested{fill:#ff7b7b}\
.on-contested{fill:#2b0505}.doubtful{fill:none;stroke:#f0bb55}.on-doubtful{fill:#f0bb55}}";

struct Canvas {
    body: String,
    width: usize,
    y: usize,
}

impl Canvas {
    fn text(&mut self, x: usize, y: usize, class: &str, text: &str) {
        let text = markup(text);
        self.body.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{text}</text>\n"
        ));
        self.width = self.width.max(x);
    }

    fn reach(&mut self, x: usize) {
        self.width = self.width.max(x);
    }
}

/// The picture of all images.
#[must_use]
pub fn render(sheets: &[Sheet<'_>]) -> String {
    let mut canvas = Canvas {
        body: String::new(),
        width: 360,
        y: PAD,
    };
    let mut images = sheets.iter().flat_map(|sheet| &sheet.images).peekable();
    if images.peek().is_none() {
        let y = canvas.y + 14;
        canvas.text(PAD, y, "quiet", "No workflow here publishes an image.");
        canvas.y += ROW;
    }
    for matrix in images {
        draw(matrix, &mut canvas);
    }
    let unknowns: usize = sheets.iter().map(|sheet| sheet.unknowns.len()).sum();
    if unknowns > 0 {
        let y = canvas.y + 14;
        let said = format!("unknown: {unknowns}; the plan says what and why");
        canvas.reach(PAD + columns(&said) * CELL + PAD);
        canvas.text(PAD, y, "quiet", &said);
        canvas.y += ROW;
    }
    let (width, height) = (canvas.width, canvas.y + PAD / 2);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<title>Tags that CI publishes</title>\n\
         <style>{STYLE}</style>\n<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n\
         {}</svg>\n",
        canvas.body
    )
}

/// Where each variant's column begins, and where the last one ends.
fn layout(matrix: &Matrix<'_>) -> (Vec<usize>, usize) {
    let rows = || matrix.events.iter().flat_map(|block| &block.rows);
    let names = rows().map(|row| columns(&row.name)).max().unwrap_or(0);
    let mut x = PAD + names * CELL + 2 * PAD;
    let mut starts = Vec::new();
    for (index, variant) in matrix.variants.iter().enumerate() {
        starts.push(x);
        let cells = rows().filter_map(|row| row.cells.get(index));
        let widest = cells.map(|cell| {
            let chips = cell.iter().map(|chip| columns(&chip.text()) * CELL + 28);
            chips.sum::<usize>()
        });
        let head = columns(variant) * CELL + 24;
        x += widest.max().unwrap_or(0).max(head) + 8;
    }
    (starts, x + PAD)
}

fn draw(matrix: &Matrix<'_>, canvas: &mut Canvas) {
    let (starts, width) = layout(matrix);
    canvas.reach(width.max(PAD * 2 + columns(&matrix.image) * 10));
    let y = canvas.y + 16;
    canvas.text(PAD, y, "title", &matrix.image);
    canvas.y += TITLE;
    let y = canvas.y + 12;
    for (x, variant) in starts.iter().zip(&matrix.variants) {
        canvas.text(*x + 10, y, "head", variant);
    }
    canvas.y += 22;
    for block in &matrix.events {
        let top = canvas.y;
        let band = width.saturating_sub(PAD);
        canvas.body.push_str(&format!(
            "<rect class=\"band\" x=\"{}\" y=\"{top}\" width=\"{band}\" height=\"26\"/>\n",
            PAD / 2
        ));
        canvas.text(PAD, top + 18, "head", &block.title);
        canvas.reach(PAD * 2 + columns(&block.title) * CELL);
        canvas.y += ROW;
        for row in &block.rows {
            let y = canvas.y + 18;
            canvas.text(PAD, y, "quiet", &row.name);
            for (start, cell) in starts.iter().zip(&row.cells) {
                if cell.is_empty() {
                    canvas.text(*start + 10, y, "quiet", "–");
                }
                let mut x = *start;
                for chip in cell {
                    let kind = row.kind.name();
                    let state = chip.state();
                    let text = chip.text();
                    let wide = columns(&text) * CELL + 20;
                    canvas.body.push_str(&format!(
                        "<rect class=\"chip {kind} {state}\" x=\"{x}\" y=\"{}\" width=\"{wide}\" \
                         height=\"22\" rx=\"11\"/>\n",
                        canvas.y + 3
                    ));
                    canvas.text(x + 10, y, &format!("on-{kind} on-{state}"), &text);
                    x += wide + 8;
                }
            }
            canvas.y += ROW;
        }
    }
    canvas.y += PAD;
}
