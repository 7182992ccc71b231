//! Docker's `config.json`, as far as it speaks of credentials.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

use super::Credential;
use crate::registry::error::RegistryError;

/// Larger files are no configuration.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// With or without `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the file says.
pub(super) struct Config {
    /// Credentials by key; `None` where the entry holds none.
    pub(super) entries: Vec<(String, Option<Credential>)>,
    /// The helper for all registries.
    pub(super) store: Option<String>,
    /// Helpers of single registries, by key.
    pub(super) helpers: Vec<(String, String)>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct File {
    auths: Option<BTreeMap<String, Option<Entry>>>,
    #[serde(rename = "credsStore")]
    creds_store: Option<String>,
    #[serde(rename = "credHelpers")]
    cred_helpers: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl Config {
    /// Reads it; `None` where there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, RegistryError> {
        let fail = |reason: String| RegistryError::Setup(format!("{}: {reason}", path.display()));
        match std::fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fail(crate::discover::plain(&error))),
            Ok(meta) if meta.len() > MAX_BYTES => return Err(fail("it is too large".to_owned())),
            Ok(_) => {}
        }
        let bytes = std::fs::read(path).map_err(|error| fail(crate::discover::plain(&error)))?;
        // The error of the reader may quote what is secret: its place is enough.
        let file: File = serde_json::from_slice(&bytes)
            .map_err(|error| fail(format!("no Docker configuration (line {})", error.line())))?;
        let entries = file.auths.into_iter().flatten();
        let entries = entries.map(|(key, entry)| (key, entry.and_then(Entry::credential)));
        Ok(Some(Self {
            entries: entries.collect(),
            store: file.creds_store.filter(|name| !name.is_empty()),
            helpers: file.cred_helpers.into_iter().flatten().collect(),
        }))
    }
}

impl Entry {
    fn credential(self) -> Option<Credential> {
        let told = |text: Option<String>| text.filter(|text| !text.is_empty());
        if let Some(token) = told(self.registrytoken) {
            return Some(Credential::Registry(token));
        }
        if let Some(token) = told(self.identitytoken) {
            return Some(Credential::Identity(token));
        }
        let decoded = BASE64.decode(self.auth.unwrap_or_default().trim()).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((user, secret)) = decoded.as_deref().and_then(|text| text.split_once(':')) {
            let secret = secret.trim_matches('\0').to_owned();
            let user = told(Some(user.to_owned()))?;
            return Some(Credential::Password { user, secret });
        }
        let secret = self.password.unwrap_or_default();
        let user = told(self.username)?;
        Some(Credential::Password { user, secret })
    }
}
