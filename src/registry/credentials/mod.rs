//! Credentials as Docker keeps them: `config.json` in `$DOCKER_CONFIG` or `~/.docker`, and the
//! programs that it names. They are read when a registry asks for them, and never written.

mod file;
mod helper;

use std::path::{Path, PathBuf};

use super::endpoint::HUB;
use super::error::RegistryError;
use file::Config;

/// The name of Docker Hub in Docker's configuration.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// What a registry is told of who asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credential {
    /// A name and a password or access token.
    Password {
        /// The name.
        user: String,
        /// The password.
        secret: String,
    },
    /// A token that the token server exchanges for another.
    Identity(String),
    /// A token that the registry itself takes.
    Registry(String),
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What is secret stands in no log.
        f.write_str(match self {
            Self::Password { .. } => "Password",
            Self::Identity(_) => "Identity",
            Self::Registry(_) => "Registry",
        })
    }
}

/// Where credentials are looked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Credentials {
    folder: Option<PathBuf>,
}

impl Credentials {
    /// Those of Docker's configuration in this folder.
    pub(super) fn of(folder: Option<&Path>) -> Self {
        Self {
            folder: folder.map(Path::to_owned),
        }
    }

    /// The folder of the user's own configuration.
    pub(super) fn folder_of_user() -> Option<PathBuf> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let home = || Some(PathBuf::from(set("HOME")?).join(".docker"));
        set("DOCKER_CONFIG").map(PathBuf::from).or_else(home)
    }

    /// The credential for a registry: of its own helper, of the common one, or from the file.
    ///
    /// # Errors
    /// The configuration cannot be read, or a helper fails for another reason than that it knows
    /// none.
    pub(super) fn of_registry(&self, registry: &str) -> Result<Option<Credential>, RegistryError> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let Some(config) = Config::read(&folder.join("config.json"))? else {
            return Ok(None);
        };
        let keys = keys(registry);
        let own = config
            .helpers
            .iter()
            .find(|(key, _)| keys.contains(&host(key)));
        let asked = own.map(|(key, name)| (key.as_str(), name.as_str()));
        let server = if registry == HUB { HUB_KEY } else { registry };
        let asked = asked.or_else(|| Some((server, config.store.as_deref()?)));
        if let Some((server, name)) = asked
            && let Some(found) = helper::get(name, server)?
        {
            return Ok(Some(found));
        }
        let mut entries = config.entries.into_iter();
        Ok(entries.find_map(|(key, credential)| {
            keys.contains(&host(&key)).then_some(credential).flatten()
        }))
    }
}

/// The hosts that an entry for a registry may have.
fn keys(registry: &str) -> Vec<&str> {
    match registry {
        HUB => vec!["index.docker.io", HUB, "registry-1.docker.io"],
        other => vec![other],
    }
}

/// The host of an entry, which may be a whole address: `https://index.docker.io/v1/`.
fn host(key: &str) -> &str {
    let bare = key.strip_prefix("https://").or(key.strip_prefix("http://"));
    let bare = bare.unwrap_or(key);
    bare.split('/').next().unwrap_or(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(config: &str, registry: &str) -> Option<Credential> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("config.json"), config).unwrap();
        Credentials::of(Some(folder.path()))
            .of_registry(registry)
            .unwrap()
    }

    fn password(user: &str, secret: &str) -> Option<Credential> {
        let (user, secret) = (user.to_owned(), secret.to_owned());
        Some(Credential::Password { user, secret })
    }

    #[test]
    fn entries_go_by_host() {
        // `bWU6YTpi` is `me:a:b`.
        let config = r#"{"auths": {
            "https://index.docker.io/v1/": {"auth": "bWU6YTpi"},
            "ghcr.io": {"username": "u", "password": "p"},
            "https://quay.io/v1/": {"identitytoken": "t", "auth": "bWU6YTpi"},
            "r.example:5000": {"registrytoken": "rt"},
            "empty.example": {}, "null.example": null, "nulls.example": {"auth": null, "username": null}, "odd.example": {"auth": "%%%"}}}"#;
        assert_eq!(found(config, "docker.io"), password("me", "a:b"));
        assert_eq!(found(config, "ghcr.io"), password("u", "p"));
        assert_eq!(
            found(config, "quay.io"),
            Some(Credential::Identity("t".to_owned()))
        );
        assert_eq!(
            found(config, "r.example:5000"),
            Some(Credential::Registry("rt".to_owned()))
        );
        for none in [
            "r.example",
            "other.example",
            "empty.example",
            "null.example",
            "nulls.example",
            "odd.example",
        ] {
            assert_eq!(found(config, none), None, "{none}");
        }
    }

    #[test]
    fn a_configuration_that_is_not_there_knows_none_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let credentials = Credentials::of(Some(folder.path()));
        assert_eq!(credentials.of_registry("docker.io").unwrap(), None);
        std::fs::write(folder.path().join("config.json"), "{").unwrap();
        let error = credentials
            .of_registry("docker.io")
            .unwrap_err()
            .to_string();
        assert!(error.contains("config.json"), "{error}");
        assert_eq!(
            Credentials::default().of_registry("docker.io").unwrap(),
            None
        );
    }

    #[test]
    fn secrets_stand_in_no_log() {
        let text = format!("{:?}", password("user", "hidden").unwrap());
        assert!(!text.contains("hidden"), "{text}");
    }
}
