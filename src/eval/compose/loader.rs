//! Reads the files of a project, each once, and keeps account of what was met in them.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::reader::Budget;
use super::tree::Node;
use super::{ComposeError, Origin, Service};
use crate::files::Files;

/// Reads files, each once, and numbers them.
pub(super) struct Loader<'l> {
    files: &'l dyn Files,
    pub(super) budget: Budget,
    pub(super) paths: RefCell<Vec<String>>,
    texts: RefCell<HashMap<String, Option<Rc<str>>>>,
    pub(super) unread: RefCell<Vec<(String, Origin)>>,
    /// The image of each service of each file.
    images: RefCell<Vec<Image>>,
    /// The files all of whose services are in the project.
    pub(super) whole: RefCell<Vec<String>>,
    /// The services that others extend, with the files that they stand in.
    pub(super) extended: RefCell<HashSet<(String, Rc<str>)>>,
}

/// An image as one file has it, whatever others make of it.
struct Image {
    service: Rc<str>,
    at: Origin,
}

impl<'l> Loader<'l> {
    pub(super) fn new(files: &'l dyn Files, lenient: bool) -> Self {
        Self {
            files,
            budget: Budget::new(lenient),
            paths: RefCell::default(),
            texts: RefCell::default(),
            unread: RefCell::default(),
            images: RefCell::default(),
            whole: RefCell::default(),
            extended: RefCell::default(),
        }
    }

    /// Notes the images of a file's services.
    pub(super) fn note_images(&self, root: &Node) {
        let mut images = self.images.borrow_mut();
        for service in root.get("services").map(Node::entries).unwrap_or_default() {
            if let Some(image) = service.value.get("image").and_then(Node::value) {
                images.push(Image {
                    service: Rc::clone(&service.name),
                    at: image.at,
                });
            }
        }
    }

    /// Images that other files replace: no service of the project has them.
    pub(super) fn replaced(&self, services: &[Service]) -> Vec<Origin> {
        let images = services.iter().filter_map(|service| service.image.as_ref());
        let used: HashSet<Origin> = images.map(|image| image.at).collect();
        let paths = self.paths.borrow();
        let (whole, extended) = (self.whole.borrow(), self.extended.borrow());
        let concerns = |image: &Image| {
            let path = paths.get(image.at.file).cloned().unwrap_or_default();
            whole.contains(&path) || extended.contains(&(path, Rc::clone(&image.service)))
        };
        let images = self.images.borrow();
        let mut replaced: Vec<Origin> = images
            .iter()
            .filter(|image| concerns(image) && !used.contains(&image.at))
            .map(|image| image.at)
            .collect();
        replaced.sort();
        replaced.dedup();
        replaced
    }

    /// A file's number and text.
    pub(super) fn text(&self, path: &str) -> Option<(usize, Rc<str>)> {
        let mut texts = self.texts.borrow_mut();
        if !texts.contains_key(path) {
            let text = self.files.read(path).map(Rc::from);
            if text.is_some() {
                self.paths.borrow_mut().push(path.to_owned());
            }
            texts.insert(path.to_owned(), text);
        }
        let text = Rc::clone(texts.get(path)?.as_ref()?);
        Some((self.number(path)?, text))
    }

    pub(super) fn number(&self, path: &str) -> Option<usize> {
        self.paths.borrow().iter().position(|known| known == path)
    }

    /// What cannot be followed: an error, or where the request is lenient, a note.
    pub(super) fn unread(&self, error: ComposeError, at: Origin) -> Result<(), ComposeError> {
        if !self.budget.lenient {
            return Err(error);
        }
        self.unread.borrow_mut().push((error.message, at));
        Ok(())
    }
}
