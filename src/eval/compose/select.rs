//! Which files make a project: those that are named, those of `COMPOSE_FILE`, or the default file
//! of a folder with its override.

use super::environment::Environment;
use super::loader::Loader;
use super::path::{folder, joined};
use super::{ComposeError, Request, dotenv};
use crate::files::Files;

/// The default files, the one that wins first.
pub const DEFAULTS: [&str; 4] = [
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
];

/// The files that are laid over a default file, the one that wins first.
pub const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// What a project begins with.
pub(super) struct Selected<'r> {
    /// Its files, relative to the root.
    pub(super) files: Vec<String>,
    /// The folder that paths in them are relative to.
    pub(super) folder: String,
    /// Its variables.
    pub(super) environment: Environment<'r>,
}

/// Finds the files and the variables of a project.
pub(super) fn select<'r>(
    request: &Request<'r>,
    loader: &Loader<'_>,
) -> Result<Selected<'r>, ComposeError> {
    let mut environment = Environment::new(request);
    let named: Vec<String> = request
        .compose_files
        .iter()
        .map(|path| joined(request.folder, path))
        .collect();
    // `.env` is looked for beside the first file that is named.
    let start = named.first().map_or(request.folder, |path| folder(path));
    let start = start.to_owned();
    read_variables(&mut environment, request, &start, loader)?;
    let files = if named.is_empty() {
        let listed = environment.set("COMPOSE_FILE");
        match listed.filter(|list| !list.is_empty()) {
            Some(list) => split(&list, environment.set("COMPOSE_PATH_SEPARATOR"))
                .map(|path| joined(request.folder, path))
                .collect(),
            None => defaults(request, loader)?,
        }
    } else {
        named
    };
    let project = files.first().map_or(start.as_str(), |path| folder(path));
    let project = project.to_owned();
    if project != start {
        read_variables(&mut environment, request, &project, loader)?;
    }
    Ok(Selected {
        files,
        folder: project,
        environment,
    })
}

fn read_variables(
    environment: &mut Environment<'_>,
    request: &Request<'_>,
    folder: &str,
    loader: &Loader<'_>,
) -> Result<(), ComposeError> {
    let mut texts = Vec::new();
    if request.env_files.is_empty() {
        texts.extend(loader.text(&joined(folder, ".env")));
    }
    for path in request.env_files {
        let path = joined(request.folder, path);
        let text = loader.text(&path);
        texts.push(text.ok_or_else(|| ComposeError::new(format!("there is no `{path}`")))?);
    }
    let read = environment.read(&texts);
    if request.lenient { Ok(()) } else { read }
}

/// The default file, of this folder or the nearest one above it, and its override.
fn defaults(request: &Request<'_>, loader: &Loader<'_>) -> Result<Vec<String>, ComposeError> {
    let mut at = request.folder;
    loop {
        let first = |names: &[&str]| {
            let mut paths = names.iter().map(|name| joined(at, name));
            paths.find(|path| loader.text(path).is_some())
        };
        if let Some(main) = first(&DEFAULTS) {
            return Ok([main].into_iter().chain(first(&OVERRIDES)).collect());
        }
        if at.is_empty() {
            return Err(ComposeError::new("there is no compose file"));
        }
        at = folder(at);
    }
}

fn split(list: &str, separator: Option<String>) -> impl Iterator<Item = &str> {
    let separator = separator.filter(|text| !text.is_empty());
    let separator = separator.unwrap_or_else(|| ":".to_owned());
    let parts: Vec<&str> = list.split(separator.as_str()).collect();
    parts.into_iter()
}

/// The files that `COMPOSE_FILE` in the `.env` of a folder names, relative to the root.
#[must_use]
pub fn files_of(files: &dyn Files, folder: &str) -> Vec<String> {
    let text = files.read(&joined(folder, ".env"));
    let Some(text) = text.filter(|text| text.contains("COMPOSE_FILE")) else {
        return Vec::new();
    };
    let settings = dotenv::read(&text, &|_| None, &|_| None).unwrap_or_default();
    let value = |name: &str| {
        let mut settings = settings.iter().rev();
        settings.find(|setting| setting.name == name)
    };
    let separator = value("COMPOSE_PATH_SEPARATOR").map(|setting| setting.value.clone());
    let list = value("COMPOSE_FILE").filter(|setting| !setting.value.is_empty());
    list.map(|list| {
        let paths = split(&list.value, separator);
        paths.map(|path| joined(folder, path)).collect()
    })
    .unwrap_or_default()
}
