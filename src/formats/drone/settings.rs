//! What a plugin is told: settings with their variables replaced, as the plugin gets them.

use super::definition::Step;
use crate::eval::unknown::Unknowns;
use crate::eval::value::Truth;
use crate::formats::ci::text::Text;
use crate::formats::ci::tree::{Template, Tree};
use crate::source::{FileId, Place};

/// The settings of one step.
pub struct Told<'a> {
    /// The step.
    pub step: &'a Step,
    /// Its file.
    pub file: FileId,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// A scalar with its variables replaced.
    pub text: &'a dyn Fn(&Template) -> Text,
}

impl Told<'_> {
    fn setting(&self, names: &[&str]) -> Option<&Tree> {
        let mut found = names.iter().flat_map(|name| {
            // Underscores and dashes are the same to Woodpecker.
            [(*name).to_owned(), name.replace('_', "-")]
        });
        found.find_map(|name| self.step.setting(&name))
    }

    fn value(&self, tree: &Tree) -> Option<Text> {
        match tree {
            Tree::Scalar(template) => Some((self.text)(template)),
            Tree::Mapping(_, span) => {
                let secret = tree.get("from_secret")?.scalar()?;
                let place = Place {
                    file: self.file,
                    span: *span,
                };
                let what = format!("secrets.{}", secret.text);
                let mark = self.unknowns.note_at(what, "a secret", Some(place));
                Some(Text::at(mark.as_char().to_string(), place))
            }
            Tree::Sequence(..) => None,
        }
    }

    /// A setting of one text; the first of its names that is set and not empty.
    #[must_use]
    pub fn one(&self, names: &[&str]) -> Option<Text> {
        names.iter().find_map(|name| {
            let tree = self.setting(&[name])?;
            let text = match tree {
                // A list reaches a plugin joined with commas.
                Tree::Sequence(..) => self.joined(tree),
                _ => self.value(tree)?,
            };
            (!text.text.is_empty()).then_some(text)
        })
    }

    fn joined(&self, tree: &Tree) -> Text {
        let mut all = Text::default();
        for text in tree.items().iter().filter_map(|item| self.value(item)) {
            if !all.text.is_empty() {
                all.glue(",");
            }
            all.append(&text);
        }
        all
    }

    /// A setting of several texts: a list, or one text with commas.
    #[must_use]
    pub fn several(&self, names: &[&str]) -> Vec<Text> {
        let whole = self.one(names);
        whole.map_or_else(Vec::new, |text| text.split(|c| c == ','))
    }

    /// A setting that is on or off.
    #[must_use]
    pub fn flag(&self, names: &[&str]) -> Truth {
        let Some(text) = self.one(names) else {
            return Truth::False;
        };
        if let Some(mark) = crate::eval::unknown::first_mark(&text.text) {
            return Truth::Unknown(mark);
        }
        let on = matches!(
            text.text.as_str(),
            "1" | "t" | "T" | "true" | "TRUE" | "True"
        );
        Truth::from(on)
    }
}
