//! From a policy's text to a policy, or to every fault in it: what the schema says first, and what
//! no schema can say after it. A policy with a fault is refused as a whole.

use jiff::civil::Date;

use super::file::{AllowEntry, EnvironmentEntry, EnvironmentFields, File, SetEntry};
use super::schema::Schema;
use super::view::{self, find, place};
use super::{
    Allow, ComposeSet, DeclaredEnvironment, Environment, Level, Pattern, Policy, Requirement,
    schemes,
};
use crate::nearest::nearest;
use crate::source::{FileId, Place, Span};
use crate::yaml::{NodeRef, Yaml};

/// One fault of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFault {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do, where there is something to say.
    pub help: Option<String>,
}

impl PolicyFault {
    /// A fault at its place.
    #[must_use]
    pub fn new(message: String, span: Span) -> Self {
        Self {
            message,
            span,
            help: None,
        }
    }
}

/// Reads a policy. `rules` are the names of the rules that there are.
///
/// # Errors
/// Every fault, in order of place.
pub fn parse(
    file: FileId,
    shown: &str,
    text: &str,
    rules: &[&str],
) -> Result<Policy, Vec<PolicyFault>> {
    let mut faults = Vec::new();
    let policy = read(file, shown, text, rules, &mut faults);
    faults.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
    faults.dedup();
    match policy {
        Some(policy) if faults.is_empty() => Ok(policy),
        _ => Err(faults),
    }
}

fn read(
    file: FileId,
    shown: &str,
    text: &str,
    rules: &[&str],
    faults: &mut Vec<PolicyFault>,
) -> Option<Policy> {
    let yaml = Yaml::parse(text);
    for error in yaml.errors() {
        let message = format!("the document cannot be read: {}", error.message);
        faults.push(PolicyFault::new(message, error.span));
    }
    if let Some(second) = yaml.documents().nth(1) {
        let message = "a policy is one document, and a second one starts here".to_owned();
        faults.push(PolicyFault::new(message, place(text, None, second)));
    }
    let Some(root) = yaml.first() else {
        if faults.is_empty() {
            let message = "the policy is empty: write at least `version: 1`".to_owned();
            faults.push(PolicyFault::new(message, Span::default()));
        }
        return None;
    };
    let json = view::json(root, faults);
    match Schema::new(rules) {
        Ok(schema) => faults.extend(schema.faults(text, root, &json)),
        Err(error) => faults.push(PolicyFault::new(error, Span::default())),
    }
    let file_of = |text: &str| -> Result<File, serde_yaml::Error> {
        let mut value: serde_yaml::Value = serde_yaml::from_str(text)?;
        value.apply_merge()?;
        serde_yaml::from_value(value)
    };
    let typed = match file_of(text) {
        Ok(typed) => typed,
        Err(error) => {
            // The schema has said it better, and at its place.
            if faults.is_empty() {
                let at = error.location().map_or(0, |location| location.index());
                faults.push(PolicyFault::new(
                    error.to_string(),
                    Span::at(at.min(text.len())),
                ));
            }
            return None;
        }
    };
    let mut reader = Reader {
        file,
        text,
        root,
        faults,
    };
    Some(reader.policy(shown, &typed))
}

/// Makes a policy of a typed file, and tells what no schema can say.
pub(super) struct Reader<'a, 'd, 's> {
    pub(super) file: FileId,
    text: &'a str,
    root: NodeRef<'d, 's>,
    faults: &'a mut Vec<PolicyFault>,
}

impl Reader<'_, '_, '_> {
    /// The place of what stands under a path of keys and indexes.
    pub(super) fn at(&self, path: &[&str]) -> Place {
        let (key, node) = find(self.root, path);
        Place {
            file: self.file,
            span: place(self.text, key, node),
        }
    }

    /// The place of the key itself.
    pub(super) fn key_at(&self, path: &[&str]) -> Place {
        let (key, node) = find(self.root, path);
        let span = key.map_or_else(|| place(self.text, None, node), NodeRef::span);
        Place {
            file: self.file,
            span,
        }
    }

    pub(super) fn fault(&mut self, at: Place, message: String) {
        self.faults.push(PolicyFault::new(message, at.span));
    }

    fn policy(&mut self, shown: &str, file: &File) -> Policy {
        let schemes = schemes::read(self, &file.schemes);
        let mut environments = Vec::new();
        let mut unmarked = None;
        for (name, entry) in &file.environments.0 {
            match entry {
                EnvironmentEntry::Name(word) => unmarked = Environment::of_name(word),
                EnvironmentEntry::Full(fields) => {
                    let fields = fields.as_ref();
                    environments.extend(self.environment(name, fields));
                }
            }
        }
        let compose = file.compose.iter().enumerate();
        let compose = compose.map(|(index, set)| self.set(index, set)).collect();
        let rules = file.rules.0.iter();
        let rules = rules.filter_map(|(name, level)| Some((name.clone(), Level::of_name(level)?)));
        let rules = rules.collect();
        let allow = file.allow.iter().enumerate();
        let allow = allow
            .map(|(index, entry)| self.allow(index, entry))
            .collect();
        Policy {
            file: self.file,
            shown: shown.to_owned(),
            schemes,
            environments,
            unmarked,
            compose,
            rules,
            allow,
        }
    }

    fn environment(
        &mut self,
        name: &str,
        fields: Option<&EnvironmentFields>,
    ) -> Option<DeclaredEnvironment> {
        let environment = Environment::of_name(name)?;
        let mut declared = DeclaredEnvironment {
            environment,
            paths: Vec::new(),
            namespaces: Vec::new(),
            labels: Vec::new(),
            require: None,
        };
        if let Some(fields) = fields {
            let above = ["environments", name];
            declared.paths = self.globs(&above, "paths", &fields.paths, Pattern::path);
            let namespaces = &fields.namespaces;
            declared.namespaces = self.globs(&above, "namespaces", namespaces, Pattern::name);
            let labels = fields.labels.0.iter();
            let labels = labels.map(|(key, values)| (key.clone(), values.texts().to_vec()));
            declared.labels = labels.collect();
            declared.require = fields.require.as_deref().and_then(Requirement::of_name);
        }
        Some(declared)
    }

    fn set(&mut self, index: usize, entry: &SetEntry) -> ComposeSet {
        let index = index.to_string();
        let mut files = |key: &str, texts: &[String]| {
            let mut placed = Vec::new();
            for (position, text) in texts.iter().enumerate() {
                let position = position.to_string();
                let at = self.at(&["compose", &index, key, &position]);
                if text.starts_with('/') || text.split('/').any(|part| part == "..") {
                    let message = format!("`{text}` leads out of the policy's folder");
                    self.fault(at, message);
                }
                let text = text.strip_prefix("./").unwrap_or(text);
                placed.push((text.to_owned(), at));
            }
            placed
        };
        ComposeSet {
            files: files("files", &entry.files),
            env_files: files("env_files", &entry.env_files),
            environment: entry.environment.as_deref().and_then(Environment::of_name),
        }
    }

    /// The globs of a list; each bad one is told where it stands.
    pub(super) fn globs(
        &mut self,
        above: &[&str],
        key: &str,
        texts: &[String],
        build: fn(&str) -> Result<Pattern, String>,
    ) -> Vec<Pattern> {
        let mut globs = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let index = index.to_string();
            let path: Vec<&str> = above.iter().copied().chain([key, index.as_str()]).collect();
            globs.extend(self.glob(&path, text, build));
        }
        globs
    }

    /// A glob; a bad one is told where it stands.
    pub(super) fn glob(
        &mut self,
        path: &[&str],
        text: &str,
        build: fn(&str) -> Result<Pattern, String>,
    ) -> Option<Pattern> {
        match build(text) {
            Ok(glob) => Some(glob),
            Err(error) => {
                let at = self.at(path);
                self.fault(at, format!("the glob `{text}` cannot be read: {error}"));
                None
            }
        }
    }

    fn allow(&mut self, index: usize, entry: &AllowEntry) -> Allow {
        let index = index.to_string();
        let above = ["allow", index.as_str()];
        let image = entry.image.as_deref();
        let image =
            image.and_then(|text| self.glob(&["allow", &index, "image"], text, Pattern::name));
        let paths = self.globs(&above, "paths", &entry.paths, Pattern::path);
        let until_at = self.at(&["allow", &index, "until"]);
        let until = entry.until.as_deref().and_then(|text| {
            let date = text.parse::<Date>();
            if date.is_err() && is_shaped_as_date(text) {
                self.fault(until_at, format!("there is no day `{text}`"));
            }
            date.ok()
        });
        Allow {
            image,
            paths,
            rules: entry.rules.clone(),
            reason: entry.reason.clone(),
            until,
            at: match until {
                Some(_) => until_at,
                None => self.at(&above),
            },
        }
    }

    /// Tells each placeholder of a text that is none of those known; whether all are.
    pub(super) fn placeholders(&mut self, at: Place, text: &str, known: &[&str]) -> bool {
        let mut sound = true;
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                self.fault(at, format!("`{text}` has a `{{` without its `}}`"));
                return false;
            };
            if !known.contains(&name) {
                let near = nearest(name, known.iter().copied());
                let near = near.map(|near| format!("; did you mean `{{{near}}}`?"));
                let near = near.unwrap_or_default();
                self.fault(
                    at,
                    format!("there is no placeholder `{{{name}}}` here{near}"),
                );
                sound = false;
            }
            rest = behind;
        }
        sound
    }
}

fn is_shaped_as_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}
