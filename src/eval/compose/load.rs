//! Loads a project: reads its files, lays them over each other, and takes its services out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::environment::Environment;
use super::include::included;
use super::loader::Loader;
use super::name::name_project;
use super::path::folder;
use super::place::{canonical, default_context, place};
use super::reader::Reader;
use super::select::{Selected, select};
use super::tree::{Content, Entry, Node, Path};
use super::{ComposeError, Origin, Project, Request, consistency, extends, merge, schema, service};
use crate::source::Span;
use crate::yaml::Yaml;

/// What loading one file costs, in nodes.
const FILE: usize = 100;

/// Loads a project.
///
/// # Errors
/// What compose refuses; less of it where the request is lenient.
pub fn load(request: &Request<'_>) -> Result<Project, ComposeError> {
    let loader = Loader::new(request.files, request.lenient);
    let Selected {
        files,
        folder,
        mut environment,
    } = select(request, &loader)?;
    name_project(&loader, &files, &folder, &mut environment)?;
    let model = Model {
        loader: &loader,
        environment: &environment,
        folder: &folder,
        included: &[],
        bases: RefCell::default(),
    };
    let root = model.load(&files)?;
    if root.entries().is_empty() && !request.lenient {
        return Err(ComposeError::new("the compose file is empty"));
    }
    let listed = environment.set("COMPOSE_PROFILES").unwrap_or_default();
    let listed: Vec<String> = listed.split(',').map(|p| p.trim().to_owned()).collect();
    let profiles = match request.profiles {
        [] => &listed,
        given => given,
    };
    let services = service::services(&root, profiles, &environment);
    if !request.lenient {
        consistency::check(&root, &services, &loader)?;
    }
    let whole = loader.whole.borrow().clone();
    Ok(Project {
        whole: whole
            .iter()
            .filter_map(|path| loader.number(path))
            .collect(),
        replaced: loader.replaced(&services),
        services,
        unread: loader.unread.into_inner(),
        files: loader.paths.into_inner(),
    })
}

/// The files of one project, or of one that is included: what is the same for all of them.
pub(super) struct Model<'m, 'l> {
    pub(super) loader: &'m Loader<'l>,
    pub(super) environment: &'m Environment<'m>,
    /// What paths in its files are relative to.
    pub(super) folder: &'m str,
    /// The files on the way to it.
    pub(super) included: &'m [String],
    /// Files that services were extended from.
    pub(super) bases: RefCell<HashMap<String, Rc<Base>>>,
}

/// A file that services are extended from.
pub(super) struct Base {
    pub(super) services: Node,
    pub(super) resets: Vec<Path>,
}

impl Model<'_, '_> {
    /// The files laid over each other, with the defaults of what they leave open.
    pub(super) fn load(&self, files: &[String]) -> Result<Node, ComposeError> {
        let mut root = empty();
        for path in files {
            self.loader.whole.borrow_mut().push(path.clone());
            root = self.file(path, root)?;
        }
        let services = root.entries_mut().into_iter().flatten();
        let services = services.filter(|entry| &*entry.name == "services");
        for service in services
            .filter_map(|entry| entry.value.entries_mut())
            .flatten()
        {
            default_context(&mut service.value, self.folder);
        }
        Ok(root)
    }

    /// One more file over those before it.
    fn file(&self, path: &str, mut root: Node) -> Result<Node, ComposeError> {
        let mut documents = self.documents(path, self.folder)?;
        for (document, resets) in &mut documents {
            included(self, path, document, resets)?;
            resets.iter().for_each(|path| root.reset(path));
            extends::resolve(self, path, document, resets)?;
            let document = std::mem::replace(document, empty());
            root = merge::files(root, document)?;
            if !self.loader.budget.lenient {
                schema::validate(&root)?;
            }
            canonical(&mut root);
        }
        Ok(root)
    }

    /// A file that services are extended from, by its path from the root.
    pub(super) fn base(&self, path: &str) -> Result<Rc<Base>, ComposeError> {
        if let Some(base) = self.bases.borrow().get(path) {
            return Ok(Rc::clone(base));
        }
        let mut root = empty();
        let mut last = Vec::new();
        for (document, resets) in self.documents(path, folder(path))? {
            resets.iter().for_each(|path| root.reset(path));
            root = merge::files(root, document)?;
            canonical(&mut root);
            last = resets;
        }
        let services = root.remove("services").filter(Node::is_map);
        let services = services
            .ok_or_else(|| ComposeError::new(format!("`{path}` has no services to extend")))?;
        let base = Rc::new(Base {
            services,
            resets: last,
        });
        let mut bases = self.bases.borrow_mut();
        bases.insert(path.to_owned(), Rc::clone(&base));
        Ok(base)
    }

    /// The documents of a file, their paths seen from the root.
    fn documents(&self, path: &str, folder: &str) -> Result<Vec<(Node, Vec<Path>)>, ComposeError> {
        self.loader.budget.spend(FILE)?;
        let Some((file, text)) = self.loader.text(path) else {
            return Err(ComposeError::new(format!("`{path}` cannot be read")));
        };
        let yaml = Yaml::parse(&text);
        if let Some(error) = yaml.errors().first() {
            let span = error.span;
            let message = error.message.clone();
            return Err(ComposeError::at(message, Origin { file, span }));
        }
        let mut documents = Vec::new();
        for node in yaml.documents() {
            let mut reader = Reader {
                file,
                environment: self.environment,
                budget: &self.loader.budget,
                resets: Vec::new(),
            };
            let root = reader.read(node)?;
            let Some(mut root) = root.filter(Node::is_map) else {
                let at = Origin {
                    file,
                    span: node.span(),
                };
                let error = ComposeError::at("the top level must be a mapping", at);
                self.loader.unread(error, at)?;
                continue;
            };
            self.loader.note_images(&root);
            place(&mut root, folder);
            documents.push((root, reader.resets));
        }
        Ok(documents)
    }
}

/// A mapping without keys.
pub(super) fn empty() -> Node {
    Node {
        content: Content::Map(Vec::new()),
        at: Origin {
            file: 0,
            span: Span::default(),
        },
    }
}

/// The services of a file, to be changed.
pub(super) fn services_mut(root: &mut Node) -> Option<&mut Vec<Entry>> {
    let mut entries = root.entries_mut()?.iter_mut();
    let services = entries.find(|entry| &*entry.name == "services")?;
    services.value.entries_mut()
}
