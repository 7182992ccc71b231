//! The parts of a configuration that bear on images, as written.

use crate::eval::unknown;
use crate::source::{FileId, Place};
use crate::yaml::{Kind, NodeRef};

/// Longer lists come from aliases that multiply.
const MAX_ITEMS: usize = 2_000;

/// A scalar and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its bytes.
    pub at: Place,
}

/// Another configuration that one includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Include {
    /// A file of the repository.
    File(Text),
    /// An address.
    Address(Text),
}

/// An entry of `builds`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Build {
    pub(super) id: Option<Text>,
    pub(super) main: Option<Text>,
    pub(super) dir: Option<Text>,
}

/// An entry of `dockers`, `docker_manifests`, `dockers_v2` or `kos`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) at: Place,
    fields: Vec<(String, Vec<Text>)>,
}

impl Entry {
    /// The texts of a field that may be a list.
    pub(super) fn list(&self, name: &str) -> &[Text] {
        let found = self.fields.iter().find(|(own, _)| own == name);
        found.map_or(&[], |(_, texts)| texts)
    }

    /// The text of a field, unless it is empty.
    pub(super) fn text(&self, name: &str) -> Option<&Text> {
        self.list(name).first().filter(|text| !text.text.is_empty())
    }

    /// Whether a switch is on.
    pub(super) fn is(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| text.text == "true")
    }

    /// What a template of the program's own stands at, for a field that is not given.
    pub(super) fn usual(&self, text: &str) -> Text {
        Text {
            text: text.to_owned(),
            at: self.at,
        }
    }

    fn read(node: NodeRef<'_, '_>, file: FileId) -> Self {
        let mut fields = Vec::new();
        for (name, _, value) in node.entries() {
            let mut texts = Vec::new();
            match value.kind() {
                Kind::Sequence => {
                    let items = value.items().take(MAX_ITEMS);
                    texts.extend(items.filter_map(|item| read_text(item, file)));
                }
                _ => texts.extend(read_text(value, file)),
            }
            fields.push((name.to_owned(), texts));
        }
        Self {
            at: Place {
                file,
                span: node.span(),
            },
            fields,
        }
    }
}

/// A configuration.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub(super) project_name: Option<Text>,
    /// `release.github.name`.
    pub(super) repository_name: Option<Text>,
    pub(super) env: Vec<Text>,
    pub(super) variables: Vec<(String, Text)>,
    pub(super) builds: Vec<Build>,
    pub(super) dockers: Vec<Entry>,
    pub(super) manifests: Vec<Entry>,
    pub(super) dockers_v2: Vec<Entry>,
    pub(super) kos: Vec<Entry>,
    pub(super) snapshot: Option<Text>,
    pub(super) nightly: Option<Text>,
    pub(super) draft: bool,
    /// Whether commands run before the build: they may make files.
    pub hooks: bool,
    /// The prefix of tags that are this project's, in a repository of several.
    pub tag_prefix: Option<Text>,
    /// What it includes.
    pub includes: Vec<Include>,
}

fn read_text(node: NodeRef<'_, '_>, file: FileId) -> Option<Text> {
    let scalar = node.scalar()?;
    Some(Text {
        text: unknown::clean(scalar.text).into_owned(),
        at: Place {
            file,
            span: scalar.span,
        },
    })
}

impl Config {
    /// Whether a document is such a configuration, by its path and its keys.
    #[must_use]
    pub fn is(path: &str, root: NodeRef<'_, '_>) -> bool {
        if root.kind() != Kind::Mapping {
            return false;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let keys = ["docker_manifests", "dockers", "dockers_v2", "kos"];
        name.contains("goreleaser") && root.get("jobs").is_none()
            || keys.iter().any(|key| {
                root.get(key)
                    .is_some_and(|value| value.kind() == Kind::Sequence)
            })
    }

    /// Reads a configuration.
    #[must_use]
    pub fn read(file: FileId, root: NodeRef<'_, '_>) -> Self {
        let text = |path: &[&str]| root.path(path).and_then(|node| read_text(node, file));
        let list = |name: &str| {
            let items = root.get(name).map(|node| node.items().take(MAX_ITEMS));
            items.into_iter().flatten()
        };
        let entries = |name: &str| -> Vec<Entry> {
            let mappings = list(name).filter(|node| node.kind() == Kind::Mapping);
            mappings.map(|node| Entry::read(node, file)).collect()
        };
        let pairs = |name: &str| {
            let pairs = root.get(name).map(NodeRef::entries).unwrap_or_default();
            let pair =
                |(name, _, value): (&str, _, _)| Some((name.to_owned(), read_text(value, file)?));
            pairs.into_iter().filter_map(pair).collect()
        };
        let builds = list("builds").map(|node| {
            let field = |name: &str| node.get(name).and_then(|node| read_text(node, file));
            Build {
                id: field("id"),
                main: field("main"),
                dir: field("dir"),
            }
        });
        let includes = list("includes").filter_map(|node| {
            let of = |path: &[&str]| node.path(path).and_then(|node| read_text(node, file));
            let local = of(&["from_file", "path"]).map(Include::File);
            local.or_else(|| of(&["from_url", "url"]).map(Include::Address))
        });
        let either = |a: &[&str], b: &[&str]| text(a).or_else(|| text(b));
        Self {
            project_name: text(&["project_name"]),
            repository_name: text(&["release", "github", "name"]),
            env: list("env")
                .filter_map(|node| read_text(node, file))
                .collect(),
            variables: pairs("variables"),
            builds: builds.collect(),
            dockers: entries("dockers"),
            manifests: entries("docker_manifests"),
            dockers_v2: entries("dockers_v2"),
            kos: entries("kos"),
            snapshot: either(
                &["snapshot", "version_template"],
                &["snapshot", "name_template"],
            ),
            nightly: either(
                &["nightly", "version_template"],
                &["nightly", "name_template"],
            ),
            draft: text(&["release", "draft"]).is_some_and(|draft| draft.text == "true"),
            hooks: root
                .path(&["before", "hooks"])
                .is_some_and(|hooks| hooks.items().next().is_some()),
            tag_prefix: text(&["monorepo", "tag_prefix"]),
            includes: includes.collect(),
        }
    }

    /// Whether it has images at all.
    #[must_use]
    pub fn has_images(&self) -> bool {
        !(self.dockers.is_empty()
            && self.manifests.is_empty()
            && self.dockers_v2.is_empty()
            && self.kos.is_empty())
    }

    /// Adds what an included configuration says; its own word counts more.
    pub fn include(&mut self, other: Self) {
        fn before<T>(own: &mut Vec<T>, mut others: Vec<T>) {
            std::mem::swap(own, &mut others);
            own.append(&mut others);
        }
        self.project_name = self.project_name.take().or(other.project_name);
        self.repository_name = self.repository_name.take().or(other.repository_name);
        self.snapshot = self.snapshot.take().or(other.snapshot);
        self.nightly = self.nightly.take().or(other.nightly);
        self.tag_prefix = self.tag_prefix.take().or(other.tag_prefix);
        self.draft |= other.draft;
        self.hooks |= other.hooks;
        before(&mut self.env, other.env);
        before(&mut self.variables, other.variables);
        before(&mut self.builds, other.builds);
        before(&mut self.dockers, other.dockers);
        before(&mut self.manifests, other.manifests);
        before(&mut self.dockers_v2, other.dockers_v2);
        before(&mut self.kos, other.kos);
    }

    /// Puts everything at one place: for a file whose bytes nothing can point into.
    pub fn stand_at(&mut self, at: Place) {
        let texts = self.env.iter_mut();
        let texts = texts.chain(self.variables.iter_mut().map(|(_, text)| text));
        texts.for_each(|text| text.at = at);
        let lists = [
            &mut self.dockers,
            &mut self.manifests,
            &mut self.dockers_v2,
            &mut self.kos,
        ];
        for entry in lists.into_iter().flatten() {
            entry.at = at;
            let texts = entry.fields.iter_mut().flat_map(|(_, texts)| texts);
            texts.for_each(|text| text.at = at);
        }
        for include in &mut self.includes {
            let (Include::File(text) | Include::Address(text)) = include;
            text.at = at;
        }
        for text in [&mut self.snapshot, &mut self.nightly]
            .into_iter()
            .flatten()
        {
            text.at = at;
        }
    }
}
