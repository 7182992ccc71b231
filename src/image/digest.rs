//! The digest of a manifest: what names its bytes and nothing else.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ReferenceError;
use super::grammar::is_lower_hex;

/// The digest of a manifest: `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(Box<str>);

impl Digest {
    /// Reads a digest.
    ///
    /// # Errors
    /// The algorithm is another one, or the digits are not what it gives.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::check(text)?;
        Ok(Self(text.into()))
    }

    /// The digest of which only the digits are written.
    pub(super) fn of_hex(hex: &str) -> Result<Self, ReferenceError> {
        Self::parse(&format!("sha256:{hex}"))
    }

    fn check(text: &str) -> Result<(), ReferenceError> {
        let hex = text
            .strip_prefix("sha256:")
            .ok_or(ReferenceError::DigestUnsupported)?;
        if hex.len() != 64 {
            return Err(ReferenceError::DigestLength);
        }
        if !hex.bytes().all(is_lower_hex) {
            return Err(ReferenceError::DigestFormat);
        }
        Ok(())
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Digest {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0.into()
    }
}
