//! What a definition asks of what is around it: variables, and the marks of what is not known. The
//! same definition that is told the same is not evaluated again.

use std::rc::Rc;

use super::{BakeError, BakeFile, Definition, Request};
use crate::eval::recall::{Around, Note, Recall, Told};
use crate::eval::unknown::Mark;

/// What a definition holds, and what is asked of it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    /// Names and texts.
    files: Vec<(String, String)>,
    targets: Vec<String>,
    set: Vec<String>,
}

/// What a definition comes to.
type Evaluated = Result<Rc<Definition>, BakeError>;

thread_local! {
    /// By variables and what they hold.
    static KNOWN: Recall<Key, String, Option<String>, Evaluated> = Recall::default();
}

/// What is asked of a definition, and what it is told.
pub(super) struct Asked<'a> {
    pub(super) files: &'a [BakeFile<'a>],
    pub(super) targets: &'a [String],
    pub(super) set: &'a [String],
    told: &'a Told<'a, String, Option<String>>,
}

impl Asked<'_> {
    /// What the environment says of a variable.
    pub(super) fn environment(&self, name: &str) -> Option<String> {
        self.told.ask(name.to_owned())
    }

    /// The mark of something that is not known.
    pub(super) fn note(&self, what: &str, reason: &str) -> Mark {
        self.told.note(Note {
            what: what.to_owned(),
            reason: reason.to_owned(),
            range: None,
        })
    }
}

impl Around<String, Option<String>> for Request<'_> {
    fn answer(&self, name: &String) -> Option<String> {
        (self.environment)(name)
    }

    fn note(&self, note: &Note) -> Mark {
        self.unknowns.note(&note.what, &note.reason)
    }
}

/// What a request comes to.
pub(super) fn evaluate(request: &Request<'_>) -> Evaluated {
    let files = request.files.iter();
    let key = Key {
        files: files
            .map(|file| (file.name.to_owned(), file.text.to_owned()))
            .collect(),
        targets: request.targets.to_vec(),
        set: request.set.to_vec(),
    };
    let size = |key: &Key, evaluated: &Evaluated| {
        let texts = key.files.iter().map(|(_, text)| text.len());
        texts.sum::<usize>() + evaluated.as_ref().map_or(0, |definition| definition.size())
    };
    let told_size =
        |name: &String, held: &Option<String>| name.len() + held.as_ref().map_or(0, String::len);
    let evaluate = |told: &Told<'_, String, Option<String>>| {
        let asked = Asked {
            files: request.files,
            targets: request.targets,
            set: request.set,
            told,
        };
        super::evaluated(&asked)
            .map(Rc::new)
            .map_err(BakeError::from)
    };
    KNOWN.with(|known| known.of(key, request, size, told_size, evaluate))
}
