//! Loads a project: reads its files, lays them over each other, and takes its services out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::environment::Environment;
use super::include::included;
use super::path::{context, folder, joined};
use super::select::select;
use super::tree::{Budget, Content, Entry, Node, Path, Reader};
use super::{
    ComposeError, Origin, Project, Request, Service, Value, consistency, extends, merge, schema,
};
use super::{select, service};
use crate::eval::unknown::Unknowns;
use crate::files::Files;
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
    let select::Selected {
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
    let listed = environment.text("COMPOSE_PROFILES").unwrap_or_default();
    let listed: Vec<String> = listed.split(',').map(|p| p.trim().to_owned()).collect();
    let profiles = match request.profiles {
        [] => &listed,
        given => given,
    };
    let services = service::services(&root, profiles, &environment);
    if !request.lenient {
        consistency::check(&root, &services)?;
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

/// Sets `COMPOSE_PROJECT_NAME`: what the environment says, the `name` of the last file that has
/// one, or the folder's name, which is not known for the root of the repository.
fn name_project(
    loader: &Loader<'_>,
    files: &[String],
    folder: &str,
    environment: &mut Environment,
) -> Result<(), ComposeError> {
    let plain = |name: &str| {
        let fits = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_');
        let name: String = name.to_lowercase().chars().filter(fits).collect();
        name.trim_start_matches(['-', '_']).to_owned()
    };
    if let Some(name) = environment
        .text("COMPOSE_PROJECT_NAME")
        .filter(|n| !n.is_empty())
    {
        return match plain(&name) == name || loader.budget.lenient {
            true => Ok(()),
            false => Err(ComposeError::new(format!(
                "`{name}` is no valid project name"
            ))),
        };
    }
    let mut named = None;
    for path in files {
        let Some((file, text)) = loader.text(path) else {
            continue;
        };
        if !text.contains("name") {
            continue;
        }
        let yaml = Yaml::parse(&text);
        for document in yaml.documents() {
            let Some(node) = document.get("name") else {
                continue;
            };
            let mut reader = Reader {
                file,
                environment,
                budget: &loader.budget,
                resets: Vec::new(),
            };
            let name = reader.read(node)?;
            let name = name.as_ref().and_then(Node::text).map(plain);
            named = name.filter(|name| !name.is_empty()).or(named);
        }
    }
    let beside = || match joined("", folder).rsplit('/').next() {
        None | Some("." | "..") => None,
        Some(name) => Some(plain(name)),
    };
    let name = named.or_else(beside).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| {
        let reason = "the name of the folder that the project lies in";
        let mark = Unknowns::default().note("COMPOSE_PROJECT_NAME", reason);
        mark.as_char().to_string()
    });
    environment.set_empty("COMPOSE_PROJECT_NAME", name);
    Ok(())
}

/// Reads files, each once, and numbers them.
pub(super) struct Loader<'l> {
    files: &'l dyn Files,
    pub(super) budget: Budget,
    paths: RefCell<Vec<String>>,
    texts: RefCell<HashMap<String, Option<Rc<str>>>>,
    pub(super) unread: RefCell<Vec<(String, Origin)>>,
    /// The image of each service of each file.
    images: RefCell<Vec<Image>>,
    /// The files all of whose services are in the project.
    whole: RefCell<Vec<String>>,
    /// The services that others extend, with the files that they stand in.
    pub(super) extended: RefCell<Vec<(String, Rc<str>)>>,
}

/// An image as one file has it, whatever others make of it.
struct Image {
    service: Rc<str>,
    at: Origin,
}

impl<'l> Loader<'l> {
    fn new(files: &'l dyn Files, lenient: bool) -> Self {
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
    fn note_images(&self, root: &Node) {
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
    fn replaced(&self, services: &[Service]) -> Vec<Origin> {
        let used = |at: &Origin| {
            let mut images = services.iter().filter_map(|service| service.image.as_ref());
            images.any(|image| image.at == *at)
        };
        let paths = self.paths.borrow();
        let (whole, extended) = (self.whole.borrow(), self.extended.borrow());
        let concerns = |image: &Image| {
            let path = paths
                .get(image.at.file)
                .map(String::as_str)
                .unwrap_or_default();
            let mut extended = extended.iter();
            whole.iter().any(|known| known == path)
                || extended.any(|(file, service)| file == path && *service == image.service)
        };
        let images = self.images.borrow();
        let mut replaced: Vec<Origin> = images
            .iter()
            .filter(|image| concerns(image) && !used(&image.at))
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

    fn number(&self, path: &str) -> Option<usize> {
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

/// The files of one project, or of one that is included: what is the same for all of them.
pub(super) struct Model<'m, 'l> {
    pub(super) loader: &'m Loader<'l>,
    pub(super) environment: &'m Environment,
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

/// Builds in their long form.
fn canonical(root: &mut Node) {
    for service in services_mut(root).into_iter().flatten() {
        let builds = service.value.entries_mut().into_iter().flatten();
        for build in builds.filter(|entry| &*entry.name == "build") {
            let at = build.value.at;
            let content = Content::Null;
            let written = std::mem::replace(&mut build.value, Node { content, at });
            build.value = merge::long_build(written);
        }
    }
}

/// Turns the paths of a file, which are relative to a folder, into paths from the root.
fn place(root: &mut Node, folder: &str) {
    for service in services_mut(root).into_iter().flatten() {
        for entry in service.value.entries_mut().into_iter().flatten() {
            let (inner, is_context) = match &*entry.name {
                "build" => ("context", true),
                "extends" => ("file", false),
                _ => continue,
            };
            if entry.value.is_map() {
                let mut entries = entry.value.entries_mut().into_iter().flatten();
                if let Some(entry) = entries.find(|entry| &*entry.name == inner) {
                    place_path(&mut entry.value, folder, is_context);
                }
            } else if is_context {
                place_path(&mut entry.value, folder, is_context);
            }
        }
    }
}

fn place_path(node: &mut Node, folder: &str, is_context: bool) {
    let Content::Text(value) = &mut node.content else {
        return;
    };
    let text = match is_context {
        true => context(folder, &value.text),
        false => joined(folder, &value.text),
    };
    let moved = Value {
        text,
        variables: Vec::new(),
        ..(**value).clone()
    };
    *value = Rc::new(moved);
}

/// A build that names no context takes the project's folder.
fn default_context(service: &mut Node, folder: &str) {
    for build in service.entries_mut().into_iter().flatten() {
        let is_build = &*build.name == "build" && build.value.is_map();
        if is_build && build.value.get("context").is_none() {
            let at = build.value.at;
            let value = Value {
                text: joined("", folder),
                at,
                variables: Vec::new(),
                problem: None,
            };
            let content = Content::Text(Rc::new(value));
            build.value.set("context", Node { content, at });
        }
    }
}
