//! Files that the editor has open, with their unsaved text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};

use super::lines::{Encoding, Lines};

/// One open file.
pub struct Document {
    /// As the client writes it.
    pub uri: Uri,
    /// The client's number of the text.
    pub version: i32,
    /// The text.
    pub text: Arc<str>,
    /// The number of the text for which findings were told last.
    pub told: Option<i32>,
}

/// All open files, by path.
#[derive(Default)]
pub struct Documents(BTreeMap<PathBuf, Document>);

impl Documents {
    /// Takes up a file with its text.
    pub fn open(&mut self, path: PathBuf, uri: Uri, version: i32, text: String) {
        let document = Document {
            uri,
            version,
            text: text.into(),
            told: None,
        };
        self.0.insert(path, document);
    }

    /// Lets a file go.
    pub fn close(&mut self, path: &Path) -> Option<Document> {
        self.0.remove(path)
    }

    /// The open file at a path.
    pub fn get(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, path: &Path) -> Option<&mut Document> {
        self.0.get_mut(path)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &Document)> {
        self.0.iter().map(|(path, one)| (path.as_path(), one))
    }
}

/// A text after edits, each of which sees what the ones before it left.
pub fn edited(
    text: &str,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> String {
    let mut text = text.to_owned();
    for change in changes {
        match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                let span = Lines::new(&text, encoding).span(change.range);
                text.replace_range(span.start..span.end, &change.text);
            }
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                text = change.text;
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn after(text: &str, changes: Value) -> String {
        edited(
            text,
            serde_json::from_value(changes).unwrap(),
            Encoding::Utf16,
        )
    }

    #[test]
    fn edits_follow_one_another() {
        let at = |line: u32, from: u32, to: u32, text: &str| {
            json!({"range": {"start": {"line": line, "character": from},
                             "end": {"line": line, "character": to}}, "text": text})
        };
        let text = "image: 值😀\r\nb\n";
        assert_eq!(
            after(
                text,
                json!([at(0, 8, 10, "x"), at(0, 0, 5, "名"), at(2, 0, 0, "c")])
            ),
            "名: 值x\r\nb\nc"
        );
        assert_eq!(
            after(text, json!([{"text": "new"}, at(0, 3, 9, "er")])),
            "newer"
        );
        // A range that ends before it starts inserts where it starts.
        assert_eq!(after("abc", json!([at(0, 2, 1, "-")])), "ab-c");
    }
}
