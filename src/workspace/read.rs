//! Reads one file as whatever it is.

use std::sync::Arc;

use super::disk::{Disk, Held, OnDisk, Stamp};
use super::policies;
use crate::discover::{self, DiscoverError, Found};
use crate::facts::ImageUse;
use crate::formats::compose::Follows;
use crate::formats::deploy;
use crate::formats::github::workflow::{Action, Workflow};
use crate::formats::pipeline::Pipeline;
use crate::formats::{self, Format};
use crate::project::Fault;
use crate::source::{FileId, Place, Source, Span};
use crate::suppress;
use crate::yaml::Yaml;

/// What one file gave.
pub(super) struct Loaded {
    pub(super) source: Source,
    /// Boxed like all that few files have: there is one of these for every file of a run.
    pub(super) pipeline: Option<Box<Pipeline>>,
    pub(super) action: Option<Box<Action>>,
    pub(super) goreleaser: bool,
    pub(super) uses: Vec<ImageUse>,
    pub(super) compose: Option<Follows>,
    pub(super) notes: Option<Box<deploy::Notes>>,
    pub(super) faults: Vec<Fault>,
    pub(super) error: Option<Box<DiscoverError>>,
    pub(super) template: bool,
    /// Whether it counts as read: files whose name says nothing do once their bytes do.
    pub(super) read: bool,
}

impl Loaded {
    /// The workflow that it is.
    pub(super) fn workflow(&self) -> Option<&Workflow> {
        self.pipeline.as_ref()?.workflow()
    }
}

/// Reads a file: nothing in it knows another one. Where it may `let_go` of a text, only what is
/// sure to be looked at again is held.
pub(super) fn read(id: FileId, file: &Found, disk: &Disk, let_go: bool) -> Loaded {
    let mut loaded = Loaded {
        source: Source::new(Arc::clone(&file.shown), ""),
        pipeline: None,
        action: None,
        goreleaser: false,
        uses: Vec::new(),
        compose: None,
        notes: None,
        faults: Vec::new(),
        error: None,
        template: false,
        read: Format::of(&file.shown) == Format::Yaml,
    };
    let fault = |rule, message: String, span| Fault {
        rule,
        message,
        at: Place { file: id, span },
        help: None,
    };
    let (bytes, stamp) = match disk.held(&file.path, discover::MAX_FILE_BYTES) {
        Ok(Held::Bytes(bytes, stamp)) => (bytes, stamp),
        Ok(Held::TooLarge(bytes)) => {
            let message = format!(
                "the file has {} MiB; more than 64 MiB are not read",
                bytes >> 20
            );
            let large = fault("unreadable-file", message, Span::default());
            loaded.faults.push(large);
            return loaded;
        }
        Err(error) => {
            loaded.error = Some(Box::new(DiscoverError {
                path: file.shown.to_string(),
                reason: discover::plain(&error),
            }));
            return loaded;
        }
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            if file.named || formats::is_of_interest(&file.shown, &text) {
                let message = "the file is not UTF-8 text".to_owned();
                let span = Span::new(at, (at + 1).min(text.len()));
                loaded.faults.push(fault("unreadable-file", message, span));
                loaded.source = Source::new(Arc::clone(&file.shown), text);
            }
            return loaded;
        }
    };
    if policies::is_policy(&file.shown) {
        loaded.source = Source::new(Arc::clone(&file.shown), text);
        return loaded;
    }
    if !file.named && !formats::is_of_interest(&file.shown, &text) {
        return loaded;
    }
    loaded.read = true;
    loaded.pipeline = formats::read_text(id, &file.shown, &text).map(Box::new);
    if loaded.pipeline.is_some() || formats::is_plain_text(&file.shown) {
        loaded.source = Source::new(Arc::clone(&file.shown), text);
        return loaded;
    }
    if let Some(uses) = formats::read_other(id, &file.shown, &text) {
        loaded.uses = uses;
        if !loaded.uses.is_empty() {
            loaded.source = source(file, text, stamp.filter(|_| let_go));
        }
        return loaded;
    }
    let yaml = match file.named {
        true => Yaml::parse(&text),
        false => formats::parse(&file.shown, &text),
    };
    // What only may have been a manifest is nobody's fault either.
    let json = Format::of(&file.shown) == Format::Json;
    if !yaml.errors().is_empty() && !file.named && json {
        return loaded;
    }
    // A file of another template language is no YAML yet, and nobody's fault.
    if !yaml.errors().is_empty() && !file.named && formats::is_template(&text) {
        loaded.template = true;
        return loaded;
    }
    for error in yaml.errors() {
        let message = format!("the document cannot be read: {}", error.message);
        loaded
            .faults
            .push(fault("invalid-yaml", message, error.span));
    }
    let facts = formats::read(id, &file.shown, &yaml);
    let workflow = facts.pipeline.as_ref().and_then(Pipeline::workflow);
    for (message, span) in workflow.iter().flat_map(|workflow| &workflow.faults) {
        loaded
            .faults
            .push(fault("invalid-workflow", message.clone(), *span));
    }
    drop(yaml);
    loaded.pipeline = facts.pipeline.map(Box::new);
    loaded.action = facts.action.map(Box::new);
    loaded.goreleaser = facts.goreleaser;
    loaded.uses = facts.uses;
    loaded.compose = facts.compose;
    loaded.notes = (!facts.notes.is_empty()).then(|| Box::new(facts.notes));
    let runs = loaded.pipeline.is_some() || loaded.action.is_some() || loaded.goreleaser;
    if runs || !loaded.faults.is_empty() {
        loaded.source = Source::new(Arc::clone(&file.shown), text);
    } else if !loaded.uses.is_empty() || loaded.notes.is_some() {
        loaded.source = source(file, text, stamp.filter(|_| let_go));
    }
    loaded
}

/// A file that names images: its text goes where a stamp tells how to have it again. Whatever
/// speaks to taglint is looked at in any case.
fn source(file: &Found, text: String, stamp: Option<Stamp>) -> Source {
    match stamp.filter(|_| !suppress::speaks(&text)) {
        Some(stamp) => {
            let path = Arc::clone(&file.path);
            Source::let_go(Arc::clone(&file.shown), OnDisk { path, stamp })
        }
        None => Source::new(Arc::clone(&file.shown), text),
    }
}
