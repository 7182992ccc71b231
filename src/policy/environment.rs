//! What a file deploys to, and what says so.

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
        ],
    ),
    (
        Environment::Staging,
        &["staging", "stage", "uat", "qa", "preprod"],
    ),
];

impl Environment {
    /// What a name says, by a whole word in it.
    #[must_use]
    pub fn of_words(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let mut words = lower.split(['/', '.', '_', '-']);
        words.find_map(|word| {
            let means = |(_, list): &&(Self, &[&str])| list.contains(&word);
            WORDS
                .iter()
                .find(means)
                .map(|(environment, _)| *environment)
        })
    }

    /// What a path says, with the part that says it: the part nearest to the file decides.
    #[must_use]
    pub fn of_path(path: &str) -> Option<(Self, String)> {
        path.rsplit('/').enumerate().find_map(|(index, part)| {
            let environment = Self::of_words(part)?;
            let kind = if index == 0 { "file name" } else { "folder" };
            Some((environment, format!("because of the {kind} `{part}`")))
        })
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
    }
}
