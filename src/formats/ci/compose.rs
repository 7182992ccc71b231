//! `docker compose build` and `docker compose push`: the images of services, entered into the
//! account. Pushed is what has both an `image` and a `build`.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use crate::eval::bake;
use crate::eval::shell::Variable;
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::files::Files;
use crate::source::{FileId, Place};
use crate::yaml::{Kind, NodeRef, Yaml};

/// The files that are read where none is named: the first that exists, and the first override.
const USUAL: [&[&str]; 2] = [
    &[
        "compose.yaml",
        "compose.yml",
        "docker-compose.yml",
        "docker-compose.yaml",
    ],
    &[
        "compose.override.yml",
        "compose.override.yaml",
        "docker-compose.override.yml",
        "docker-compose.override.yaml",
    ],
];

/// A call.
pub struct Call<'a> {
    /// The repository.
    pub files: &'a dyn Files,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The compose files named.
    pub named: Vec<String>,
    /// The files of variables named.
    pub env_files: Vec<String>,
    /// The profiles named.
    pub profiles: Vec<String>,
    /// The services named; none means all.
    pub services: Vec<String>,
    /// Whether it builds.
    pub builds: bool,
    /// Whether it pushes.
    pub push: Truth,
    /// Where it runs, from the root of the repository; empty for there.
    pub folder: String,
    /// A variable of the environment.
    pub environment: &'a dyn Fn(&str) -> Variable,
    /// The step.
    pub step: usize,
    /// Where the call stands.
    pub at: Place,
}

/// A service, as far as its image goes.
#[derive(Default)]
struct Service {
    image: Option<(String, Place)>,
    build: Option<Place>,
    context: Option<String>,
    dockerfile: Option<(String, Place)>,
    target: Option<String>,
    platforms: Vec<String>,
    tags: Vec<(String, Place)>,
    profiles: Vec<String>,
    extends: bool,
}

/// Enters what a call builds and pushes.
pub fn publish(call: &Call<'_>, ledger: &mut Ledger<'_>) {
    let services = match call.read() {
        Ok(services) => services,
        Err(_) if call.push == Truth::False => return,
        Err(reason) => {
            let what = "the services of compose files";
            let mark = call.unknowns.note_at(what, reason, Some(call.at));
            ledger.opaque(mark);
            return;
        }
    };
    for name in &call.services {
        unknown::marks(name).for_each(|mark| ledger.opaque(mark));
    }
    for (name, service) in &services {
        if call.takes(name, service) {
            enter(call, name, service, ledger);
        }
    }
}

fn enter(call: &Call<'_>, name: &str, service: &Service, ledger: &mut Ledger<'_>) {
    let (Some(at), Some(image)) = (service.build, &service.image) else {
        if service.extends && call.push != Truth::False {
            let what = format!("the service `{name}`");
            let reason = "it extends another one, which is not followed";
            let mark = call.unknowns.note_at(what, reason, Some(call.at));
            ledger.opaque(mark);
        }
        return;
    };
    let names: Vec<&(String, Place)> = std::iter::once(image).chain(&service.tags).collect();
    let before = ledger.local(&image.0).and_then(|(build, ..)| build);
    let number = match before.filter(|_| !call.builds) {
        Some(number) => number,
        None => {
            let mut build = ledger.blank_build(call.step, at);
            let shown = |text: &String| unknown::pattern(text);
            build.context = service.context.as_ref().map(shown);
            build.target = service.target.as_ref().map(shown);
            build.platforms = service.platforms.iter().map(shown).collect();
            if let Some((file, at)) = &service.dockerfile {
                build.dockerfile = Some(unknown::pattern(file));
                build.dockerfile_at = Some(*at);
            }
            ledger.build(build)
        }
    };
    let doubts = ledger.doubts();
    if let Truth::Unknown(mark) = call.push {
        ledger.doubt(mark);
    }
    for (name, at) in names {
        ledger.tag_locally(name, Some(number), *at, true);
        if call.push != Truth::False {
            ledger.publish(name, number, *at, true);
        }
    }
    ledger.restore_doubts(doubts);
}

impl Call<'_> {
    /// Whether the call is about a service: one of a profile has to be asked for.
    fn takes(&self, name: &str, service: &Service) -> bool {
        if !self.services.is_empty() {
            return self.services.iter().any(|own| own == name);
        }
        let asked = |profile: &String| {
            let named = self.profiles.iter();
            let listed = match (self.environment)("COMPOSE_PROFILES") {
                Variable::Known(list) => list.split(',').any(|own| own.trim() == profile),
                _ => false,
            };
            listed || named.into_iter().any(|own| own == profile || own == "*")
        };
        service.profiles.is_empty() || service.profiles.iter().any(asked)
    }

    fn path(&self, path: &str) -> Option<String> {
        if !unknown::is_known(path) || !unknown::is_known(&self.folder) || path.starts_with('/') {
            return None;
        }
        let path = path.trim_start_matches("./");
        Some(match self.folder.trim_matches('/') {
            "" => path.to_owned(),
            folder => format!("{folder}/{path}"),
        })
    }

    /// The paths of the compose files.
    fn paths(&self) -> Result<Vec<String>, String> {
        let mut named = self.named.clone();
        if named.is_empty()
            && let Variable::Known(list) = (self.environment)("COMPOSE_FILE")
        {
            named = list.split(':').map(str::to_owned).collect();
        }
        named.retain(|name| !name.trim().is_empty());
        if named.is_empty() {
            let usual = USUAL.iter().filter_map(|names| {
                let mut paths = names.iter().filter_map(|name| self.path(name));
                paths.find(|path| self.files.read(path).is_some())
            });
            let paths: Vec<String> = usual.collect();
            if paths.is_empty() {
                return Err("no compose file is in this repository's files".to_owned());
            }
            return Ok(paths);
        }
        let paths = named.iter().map(|name| self.path(name));
        let paths: Option<Vec<String>> = paths.collect();
        paths.ok_or_else(|| "one of the files is not known".to_owned())
    }

    /// Variables of `.env`, or of the files that are named in its place.
    fn variables(&self, first: &str) -> BTreeMap<String, String> {
        let folder = first.rsplit_once('/').map(|(folder, _)| folder);
        let usual = folder.map_or_else(|| ".env".to_owned(), |folder| format!("{folder}/.env"));
        let named = self.env_files.iter().filter_map(|file| self.path(file));
        let mut files: Vec<String> = named.collect();
        if files.is_empty() {
            files.push(usual);
        }
        let mut variables = BTreeMap::new();
        for text in files.iter().filter_map(|file| self.files.read(file)) {
            for line in unknown::clean(&text).lines() {
                let line = line.trim().strip_prefix("export ").unwrap_or(line.trim());
                let Some((name, value)) = line.split_once('=') else {
                    continue;
                };
                let value = value.trim();
                let quoted = ['"', '\''].into_iter().find_map(|quote| {
                    let inner = value.strip_prefix(quote)?;
                    inner.split(quote).next()
                });
                let plain = || value.split(" #").next().unwrap_or_default().trim_end();
                let value = quoted.unwrap_or_else(plain);
                if !name.starts_with('#') {
                    variables.insert(name.trim().to_owned(), value.to_owned());
                }
            }
        }
        variables
    }

    fn read(&self) -> Result<BTreeMap<String, Service>, String> {
        let paths = self.paths()?;
        let variables = self.variables(paths.first().map_or("", String::as_str));
        let lookup = |name: &str| match (self.environment)(name) {
            Variable::Known(value) => Some(value),
            Variable::Unknown(mark) if !variables.contains_key(name) => {
                Some(mark.as_char().to_string())
            }
            _ => variables.get(name).cloned(),
        };
        let mut services: BTreeMap<String, Service> = BTreeMap::new();
        for path in &paths {
            let text = self.files.read(path);
            let text = text.ok_or_else(|| format!("`{path}` is not in this repository's files"))?;
            let yaml = Yaml::parse(&text);
            if let Some(error) = yaml.errors().first() {
                return Err(format!("`{path}` cannot be read: {}", error.message));
            }
            let Some(root) = yaml.first() else {
                continue;
            };
            if root.get("include").is_some() {
                return Err(format!("`{path}` includes other files, which are not read"));
            }
            let reader = Reader {
                file: self.files.source(path),
                at: self.at,
                lookup: &lookup,
            };
            for (name, _, node) in root
                .get("services")
                .map(NodeRef::entries)
                .unwrap_or_default()
            {
                let service = services.entry(name.to_owned()).or_default();
                reader.service(node, service)?;
            }
        }
        Ok(services)
    }
}

struct Reader<'a> {
    file: Option<FileId>,
    at: Place,
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn place(&self, node: NodeRef<'_, '_>) -> Place {
        match self.file {
            Some(file) => Place {
                file,
                span: node.span(),
            },
            None => self.at,
        }
    }

    fn text(&self, node: NodeRef<'_, '_>) -> Result<Option<(String, Place)>, String> {
        let Some(text) = node.text() else {
            return Ok(None);
        };
        let text = bake::interpolate(&unknown::clean(text), self.lookup)?;
        Ok(Some((text, self.place(node))))
    }

    fn texts(&self, node: Option<NodeRef<'_, '_>>) -> Result<Vec<(String, Place)>, String> {
        let mut texts = Vec::new();
        for item in node.into_iter().flat_map(NodeRef::items) {
            texts.extend(self.text(item)?);
        }
        Ok(texts)
    }

    /// Lays what a file says of a service over what is known of it.
    fn service(&self, node: NodeRef<'_, '_>, service: &mut Service) -> Result<(), String> {
        service.extends |= node.get("extends").is_some();
        if let Some(image) = node.get("image") {
            service.image = self.text(image)?.filter(|(image, _)| !image.is_empty());
        }
        let profiles = self.texts(node.get("profiles"))?;
        service
            .profiles
            .extend(profiles.into_iter().map(|(text, _)| text));
        let Some(build) = node.get("build") else {
            return Ok(());
        };
        service.build = Some(self.place(build));
        let plain = |text: Option<(String, Place)>| text.map(|(text, _)| text);
        if build.kind() != Kind::Mapping {
            service.context = plain(self.text(build)?);
            return Ok(());
        }
        let field = |name: &str| match build.get(name) {
            Some(node) => self.text(node),
            None => Ok(None),
        };
        service.context = plain(field("context")?).or(service.context.take());
        service.target = plain(field("target")?).or(service.target.take());
        service.dockerfile = field("dockerfile")?.or(service.dockerfile.take());
        let platforms = self.texts(build.get("platforms"))?;
        service
            .platforms
            .extend(platforms.into_iter().map(|(text, _)| text));
        service.tags.extend(self.texts(build.get("tags"))?);
        Ok(())
    }
}
