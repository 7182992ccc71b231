//! What a run publishes: each reference of a build once, and the tags that a step declared.

use std::collections::HashMap;

use super::DeclaredTag;
use crate::facts::Publication;

/// The publications of a run, found by what they are.
#[derive(Default)]
pub(super) struct Published {
    all: Vec<Publication>,
    index: HashMap<(usize, String, String), usize>,
}

fn key(publication: &Publication) -> (usize, String, String) {
    let names = (&publication.image_key, &publication.tag_key);
    (publication.build, names.0.clone(), names.1.clone())
}

impl Published {
    /// Takes up a publication; one that is there already is certain if either is.
    pub(super) fn add(&mut self, publication: Publication) {
        let next = self.all.len();
        let index = *self.index.entry(key(&publication)).or_insert(next);
        match self.all.get_mut(index) {
            Some(known) => known.certain |= publication.certain,
            None => self.all.push(publication),
        }
    }

    /// Drops all of one image and tag.
    pub(super) fn drop(&mut self, image_key: &str, tag_key: &str) {
        let before = self.all.len();
        self.all
            .retain(|known| known.image_key != image_key || known.tag_key != tag_key);
        if self.all.len() < before {
            let all = self.all.iter().enumerate();
            self.index = all.map(|(index, known)| (key(known), index)).collect();
        }
    }

    pub(super) fn into_all(self) -> Vec<Publication> {
        self.all
    }
}

/// The tags that docker/metadata-action gave, found by how they are written.
#[derive(Default)]
pub(super) struct Declared {
    all: Vec<DeclaredTag>,
    index: HashMap<String, Vec<usize>>,
}

impl Declared {
    pub(super) fn add(&mut self, tag: DeclaredTag) {
        let number = self.all.len();
        let mut note = |text: &str| {
            let known = self.index.entry(text.to_owned()).or_default();
            known.push(number);
        };
        note(&tag.reference);
        if tag.line != tag.reference {
            note(&tag.line);
        }
        self.all.push(tag);
    }

    /// Those that are written in this way, the latest first.
    pub(super) fn written<'a>(
        &'a self,
        text: &str,
    ) -> impl Iterator<Item = &'a DeclaredTag> + Clone {
        let numbers = self.index.get(text).map(Vec::as_slice);
        let numbers = numbers.unwrap_or_default().iter().rev();
        numbers.filter_map(|number| self.all.get(*number))
    }
}
