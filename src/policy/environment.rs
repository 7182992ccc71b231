//! What a file deploys to, and what says so.
//!
//! Only names are evidence: words of the path, the namespace, a label. The path is asked first,
//! since it is what people arrange deployments by; of its parts, the one nearest to the file that
//! says anything decides. `prod/tests/web.yaml` is a test of production's files, and
//! `dev/docker-compose.prod.yml` the production file of a project about development.

use std::fmt;
use std::sync::Arc;

/// What a file deploys to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Somebody relies on it.
    Production,
    /// A rehearsal of production.
    Staging,
    /// A developer's machine, a test, an example.
    Development,
    /// A job of a CI system.
    Ci,
    /// Nothing says.
    Unknown,
}

/// What says what a file deploys to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A word in the file's name.
    FileName(String),
    /// A word in the name of a folder above it.
    Folder(String),
    /// The namespace that it deploys into.
    Namespace(String),
    /// A label, with its value.
    Label(String, String),
    /// A policy, in its words for what the file or object matches.
    Policy {
        /// The policy's file.
        file: String,
        /// What of it matches.
        what: String,
    },
    /// What the file is, whatever its path: a development container, a job of CI.
    Nature(&'static str),
    /// Nothing; but what is applied to a cluster runs for somebody.
    Presumed,
    /// Nothing, and nothing is presumed.
    Nothing,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FileName(name) => write!(f, "because of the file name `{name}`"),
            Self::Folder(name) => write!(f, "because of the folder `{name}`"),
            Self::Namespace(name) => write!(f, "because of the namespace `{name}`"),
            Self::Label(key, value) => write!(f, "because of the label `{key}: {value}`"),
            Self::Policy { file, what } => write!(f, "because {file} says so for {what}"),
            Self::Nature(what) => f.write_str(what),
            Self::Presumed => {
                f.write_str("presumed: what is applied to a cluster runs for somebody")
            }
            Self::Nothing => f.write_str("nothing says what it deploys to"),
        }
    }
}

/// What a reader noted that may tell what a file deploys to, its path aside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The namespace that it deploys into.
    pub namespace: Option<String>,
    /// Its labels, in the order of the file; shared by all that an object runs.
    pub labels: Arc<[(String, String)]>,
    /// Whether it is applied to a cluster: then it runs for somebody even where nothing says so.
    pub cluster: bool,
}

impl Evidence {
    /// What it says together with a path, and what is taken for granted where both say nothing.
    #[must_use]
    pub fn judge(&self, path: &str) -> (Environment, Reason) {
        Environment::of_evidence(path, self).unwrap_or_else(|| Environment::of_nothing(self))
    }

    /// This, laid over what something below says.
    #[must_use]
    pub fn over(mut self, below: Self) -> Self {
        self.namespace = self.namespace.or(below.namespace);
        let own = |key: &str| self.labels.iter().any(|(own, _)| own == key);
        if self.labels.is_empty() {
            self.labels = below.labels;
        } else if below.labels.iter().any(|(key, _)| !own(key)) {
            let further = below.labels.iter().filter(|(key, _)| !own(key));
            self.labels = self.labels.iter().chain(further).cloned().collect();
        }
        self.cluster |= below.cluster;
        self
    }
}

/// Words, between the separators of a path or a name, and the environment that they mean.
const WORDS: &[(Environment, &[&str])] = &[
    (
        Environment::Production,
        &["prod", "production", "prd", "live"],
    ),
    (
        Environment::Development,
        &[
            "dev",
            "development",
            "local",
            "test",
            "tests",
            "testing",
            "e2e",
            "ci",
            "example",
            "examples",
            "sample",
            "samples",
            "demo",
            "fixture",
            "fixtures",
            "override",
            "nonprod",
        ],
    ),
    (
        Environment::Staging,
        &["staging", "stage", "uat", "qa", "preprod"],
    ),
];

/// Labels whose value may name an environment, by the last part of their key.
const LABELS: &[&str] = &["env", "environment", "tier", "stage"];

impl Environment {
    /// The word for it, as in the policy and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Ci => "ci",
            Self::Unknown => "unknown",
        }
    }

    /// The environment of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let all = [
            Self::Production,
            Self::Staging,
            Self::Development,
            Self::Ci,
            Self::Unknown,
        ];
        all.into_iter().find(|one| one.name() == name)
    }

    /// What a file or an object says by itself: its path, its namespace, or a label.
    #[must_use]
    pub fn of_evidence(path: &str, evidence: &Evidence) -> Option<(Self, Reason)> {
        let by_label = || {
            let mut labels = evidence.labels.iter();
            labels.find_map(|(key, value)| Self::of_label(key, value))
        };
        Self::of_path(path)
            .or_else(|| Self::of_namespace(evidence.namespace.as_deref()?))
            .or_else(by_label)
    }

    /// What is taken for granted where nothing says anything.
    #[must_use]
    pub fn of_nothing(evidence: &Evidence) -> (Self, Reason) {
        match evidence.cluster {
            true => (Self::Production, Reason::Presumed),
            false => (Self::Unknown, Reason::Nothing),
        }
    }

    /// What a name says, by the first whole word in it that says something.
    #[must_use]
    pub fn of_words(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let mut before = "";
        for word in lower.split(['/', '.', '_', '-']) {
            let means = |(_, list): &&(Self, &[&str])| list.contains(&word);
            if let Some((environment, _)) = WORDS.iter().find(means) {
                return Some(match (environment, before) {
                    (Self::Production, "pre") => Self::Staging,
                    (Self::Production, "non" | "not" | "no") => Self::Development,
                    _ => *environment,
                });
            }
            before = word;
        }
        None
    }

    /// What a path says, with the part that says it: the part nearest to the file decides.
    #[must_use]
    pub fn of_path(path: &str) -> Option<(Self, Reason)> {
        path.rsplit('/').enumerate().find_map(|(index, part)| {
            let environment = Self::of_words(part)?;
            let reason = match index {
                0 => Reason::FileName(part.to_owned()),
                _ => Reason::Folder(part.to_owned()),
            };
            Some((environment, reason))
        })
    }

    /// What a namespace says.
    #[must_use]
    pub fn of_namespace(name: &str) -> Option<(Self, Reason)> {
        Some((Self::of_words(name)?, Reason::Namespace(name.to_owned())))
    }

    /// What a label says, if it is one that speaks of environments.
    #[must_use]
    pub fn of_label(key: &str, value: &str) -> Option<(Self, Reason)> {
        let last = key.rsplit('/').next().unwrap_or(key);
        if !LABELS.contains(&last) {
            return None;
        }
        let reason = Reason::Label(key.to_owned(), value.to_owned());
        Some((Self::of_words(value)?, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_of_the_nearest_part_decide() {
        let of = |path| Environment::of_path(path).map(|(environment, _)| environment.name());
        assert_eq!(of("deploy/prod/web.yaml"), Some("production"));
        assert_eq!(of("docker-compose.prod.yml"), Some("production"));
        assert_eq!(of("prod/tests/web.yaml"), Some("development"));
        assert_eq!(of("dev/docker-compose.prod.yml"), Some("production"));
        assert_eq!(of("products/devices/latest.yaml"), None);
        assert_eq!(of("envs/UAT/app.yaml"), Some("staging"));
        assert_eq!(of("pre-prod/app.yaml"), Some("staging"));
        assert_eq!(of("clusters/non-prod/app.yaml"), Some("development"));
    }

    #[test]
    fn namespaces_and_labels_speak_too() {
        let told = |found: Option<(Environment, Reason)>| {
            found.map(|(environment, reason)| format!("{}, {reason}", environment.name()))
        };
        assert_eq!(
            told(Environment::of_namespace("shop-live")).as_deref(),
            Some("production, because of the namespace `shop-live`")
        );
        assert_eq!(
            told(Environment::of_label("example.org/env", "qa")).as_deref(),
            Some("staging, because of the label `example.org/env: qa`")
        );
        assert_eq!(told(Environment::of_label("tier", "backend")), None);
        assert_eq!(told(Environment::of_label("app", "prod")), None);
    }
}
