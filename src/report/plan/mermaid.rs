//! The plan as a Mermaid flow chart: definition, build, tags.

use super::{Block, Sheet};
use crate::facts::Build;
use crate::report::counted;

/// Mermaid refuses charts with more edges.
const MOST_EDGES: usize = 480;

/// The chart, to be put into a block of its own where it is shown.
#[must_use]
pub fn render(sheets: &[Sheet<'_>]) -> String {
    let mut chart = Chart::default();
    for sheet in sheets {
        for matrix in &sheet.images {
            let image = chart.images.len();
            chart.images.push((matrix.image.clone(), Vec::new()));
            for block in &matrix.events {
                chart.add(image, block);
            }
        }
    }
    chart.write()
}

/// Nodes by their numbers, and edges with what they are called.
#[derive(Default)]
struct Chart<'p> {
    definitions: Vec<&'p str>,
    builds: Vec<(usize, &'p Build, String)>,
    /// Each image with its tags, and whether one event moves the tag from several builds.
    images: Vec<(String, Vec<(String, bool)>)>,
    /// Build, image, tag, the events, and whether all are certain.
    edges: Vec<(usize, usize, usize, Vec<String>, bool)>,
    left: usize,
}

impl<'p> Chart<'p> {
    fn add(&mut self, image: usize, block: &Block<'p>) {
        for publisher in &block.publishers {
            let found = self.definitions.iter().position(|p| *p == publisher.path);
            let definition = found.unwrap_or(self.definitions.len());
            if found.is_none() {
                self.definitions.push(publisher.path);
            }
            let found = self
                .builds
                .iter()
                .position(|(_, known, _)| known.same_run(publisher.build));
            let build = found.unwrap_or(self.builds.len());
            if found.is_none() {
                let name = format!("{}, step {}", publisher.build.name(), publisher.step());
                self.builds.push((definition, publisher.build, name));
            }
            for (tag, certain) in &publisher.tags {
                let mut chips = block.rows.iter().flat_map(|row| row.cells.iter().flatten());
                let contested = chips.any(|chip| chip.tag == *tag && chip.is_contested());
                self.push(build, image, tag, contested, &block.title, *certain);
            }
        }
    }

    fn push(
        &mut self,
        build: usize,
        image: usize,
        tag: &str,
        contested: bool,
        event: &str,
        certain: bool,
    ) {
        let Some((_, tags)) = self.images.get_mut(image) else {
            return;
        };
        let found = tags.iter().position(|(known, _)| known == tag);
        let edge = found.and_then(|tag| {
            let mut edges = self.edges.iter_mut();
            edges.find(|edge| (edge.0, edge.1, edge.2) == (build, image, tag))
        });
        if let Some(edge) = edge {
            if !edge.3.iter().any(|known| known == event) {
                edge.3.push(event.to_owned());
            }
            edge.4 &= certain;
        } else if self.edges.len() >= MOST_EDGES {
            self.left += 1;
            return;
        }
        let number = match found {
            Some(number) => number,
            None => {
                tags.push((tag.to_owned(), false));
                tags.len() - 1
            }
        };
        if let Some(known) = tags.get_mut(number) {
            known.1 |= contested;
        }
        let mut edges = self.edges.iter();
        if !edges.any(|edge| (edge.0, edge.1, edge.2) == (build, image, number)) {
            self.edges
                .push((build, image, number, vec![event.to_owned()], certain));
        }
    }

    fn write(&self) -> String {
        let mut text = String::from("flowchart LR\n");
        for (number, path) in self.definitions.iter().enumerate() {
            text.push_str(&format!("  w{number}[[\"{}\"]]\n", label(path)));
        }
        for (number, (definition, _, name)) in self.builds.iter().enumerate() {
            text.push_str(&format!("  b{number}[\"{}\"]\n", label(name)));
            text.push_str(&format!("  w{definition} --> b{number}\n"));
        }
        for (image, (name, tags)) in self.images.iter().enumerate() {
            if tags.is_empty() {
                continue;
            }
            text.push_str(&format!("  subgraph i{image}[\"{}\"]\n", label(name)));
            for (tag, (name, contested)) in tags.iter().enumerate() {
                let class = if *contested { ":::contested" } else { "" };
                text.push_str(&format!(
                    "    t{image}_{tag}([\"{}\"]){class}\n",
                    label(name)
                ));
            }
            text.push_str("  end\n");
        }
        for (build, image, tag, events, certain) in &self.edges {
            let arrow = if *certain { "-->" } else { "-.->" };
            let events = label(&events.join(", "));
            text.push_str(&format!(
                "  b{build} {arrow}|\"{events}\"| t{image}_{tag}\n"
            ));
        }
        if self.edges.is_empty() {
            text.push_str("  nothing[\"no workflow here publishes an image\"]\n");
        }
        if self.left > 0 {
            let left = counted(self.left, "more edge");
            text.push_str(&format!("  left[\"{left} not drawn\"]\n"));
        }
        text.push_str("  classDef contested fill:#c4232b,color:#fff,stroke:#7d1218\n");
        text
    }
}

/// A label in which every character that could mean something is written by its number.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            c if c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '/' | ',') => out.push(c),
            c => out.push_str(&format!("#{};", u32::from(c))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_hold_no_syntax() {
        assert_eq!(label("a\"]; click b"), "a#34;#93;#59; click b");
        assert_eq!(label("<b>#1\n%%"), "#60;b#62;#35;1 #37;#37;");
        assert_eq!(label("镜像:1.2"), "镜像#58;1.2");
    }
}
