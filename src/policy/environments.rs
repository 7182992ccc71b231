//! What a policy says files deploy to, and how firmly images must be pinned there.

use super::{Environment, Evidence, Pattern, Policy, Reason};

/// How firmly images must be pinned, from nothing to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// Nothing is asked.
    Any,
    /// Some tag.
    Channel,
    /// A part of a version.
    Partial,
    /// A whole version.
    Version,
    /// A digest.
    Digest,
}

impl Requirement {
    /// All of them, the weakest first.
    pub const ALL: [Self; 5] = [
        Self::Any,
        Self::Channel,
        Self::Partial,
        Self::Version,
        Self::Digest,
    ];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Channel => "channel",
            Self::Partial => "partial",
            Self::Version => "version",
            Self::Digest => "digest",
        }
    }

    /// The requirement of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// What is asked where no policy says.
    #[must_use]
    pub fn of_environment(environment: Environment) -> Self {
        match environment {
            Environment::Production | Environment::Unknown | Environment::Ci => Self::Version,
            Environment::Staging | Environment::Development => Self::Any,
        }
    }
}

/// What a policy says of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredEnvironment {
    /// The environment.
    pub environment: Environment,
    /// The files that belong to it.
    pub paths: Vec<Pattern>,
    /// The namespaces that belong to it.
    pub namespaces: Vec<Pattern>,
    /// The labels that belong to it, each with the values that count.
    pub labels: Vec<(String, Vec<String>)>,
    /// What is asked of images there.
    pub require: Option<Requirement>,
}

impl DeclaredEnvironment {
    /// What of a file or an object belongs here, in words.
    fn matched(&self, path: Option<&str>, evidence: &Evidence) -> Option<String> {
        let by_path = || {
            let path = path?;
            self.paths.iter().find(|glob| glob.matches(path))
        };
        if let Some(glob) = by_path() {
            return Some(format!("`{}`", glob.text()));
        }
        if let Some(namespace) = &evidence.namespace
            && self.namespaces.iter().any(|glob| glob.matches(namespace))
        {
            return Some(format!("the namespace `{namespace}`"));
        }
        let mut labels = self.labels.iter();
        labels.find_map(|(key, values)| {
            let mut own = evidence.labels.iter();
            let (_, value) = own.find(|(own, value)| own == key && values.contains(value))?;
            Some(format!("the label `{key}: {value}`"))
        })
    }
}

impl Policy {
    /// What a file or an object deploys to, where the policy says so: its path is relative to the
    /// policy's folder.
    #[must_use]
    pub fn environment(
        &self,
        path: Option<&str>,
        evidence: &Evidence,
    ) -> Option<(Environment, Reason)> {
        self.environments.iter().find_map(|declared| {
            let what = declared.matched(path, evidence)?;
            let file = self.shown.clone();
            Some((declared.environment, Reason::Policy { file, what }))
        })
    }

    /// What it deploys to where nothing at all says so, if the policy speaks of that.
    #[must_use]
    pub fn unmarked(&self) -> Option<(Environment, Reason)> {
        let file = self.shown.clone();
        let what = "what nothing marks".to_owned();
        Some((self.unmarked?, Reason::Policy { file, what }))
    }

    /// What the policy asks of images in an environment.
    #[must_use]
    pub fn requirement(&self, environment: Environment) -> Option<Requirement> {
        let mut declared = self.environments.iter();
        declared.find(|one| one.environment == environment)?.require
    }
}
