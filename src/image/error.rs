//! Why a text is no image reference, in words for whoever wrote it.

use thiserror::Error;

use super::grammar::{MAX_PATH, MAX_TAG, is_tag};

/// Why a text is no image reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReferenceError {
    /// There is no text.
    #[error("it is empty")]
    Empty,
    /// It does not follow the grammar.
    #[error("{0}")]
    Format(String),
    /// The repository has capitals.
    #[error("the repository `{0}` must be in lower case")]
    Uppercase(String),
    /// The repository's path is too long.
    #[error("the repository is longer than {MAX_PATH} characters")]
    TooLong,
    /// The digest's algorithm is not supported.
    #[error("the digest's algorithm is not `sha256`")]
    DigestUnsupported,
    /// The digest is too short or too long for its algorithm.
    #[error("the digest does not have 64 digits")]
    DigestLength,
    /// The digest has characters that its algorithm does not give.
    #[error("the digest is not in lower-case hexadecimal")]
    DigestFormat,
    /// 64 hexadecimal digits name an image by its id, not by a repository.
    #[error("64 hexadecimal digits are an image's id, not a repository")]
    ImageId,
}

impl ReferenceError {
    /// The error of a text that the grammar refuses.
    pub(super) fn of(text: &str) -> Self {
        Self::Format(diagnose(text))
    }

    /// The error of a text that would be a reference in lower case.
    pub(super) fn uppercase(text: &str) -> Self {
        Self::Uppercase(repository_of(text).to_owned())
    }
}

fn repository_of(text: &str) -> &str {
    let slash = text.rfind('/').map_or(0, |at| at + 1);
    let end = text.get(slash..).and_then(|last| last.find([':', '@']));
    end.and_then(|end| text.get(..slash + end)).unwrap_or(text)
}

/// What in a text breaks the grammar.
fn diagnose(text: &str) -> String {
    if text.contains(char::is_whitespace) {
        return "it contains a blank".to_owned();
    }
    if let Some((scheme, _)) = text.split_once("://") {
        return format!("a reference has no `{scheme}://` before it");
    }
    let repository = repository_of(text);
    let rest = text.get(repository.len()..).unwrap_or_default();
    let (before, digest) = match rest.split_once('@') {
        Some((before, digest)) => (before, Some(digest)),
        None => (rest, None),
    };
    match before.strip_prefix(':') {
        _ if repository.is_empty() => "it names no repository".to_owned(),
        Some("") => "the tag is empty".to_owned(),
        Some(tag) if tag.len() > MAX_TAG => format!("the tag is longer than {MAX_TAG} characters"),
        Some(tag) if tag.starts_with(['-', '.']) => {
            let first = tag.get(..1).unwrap_or_default();
            format!("the tag `{tag}` begins with `{first}`")
        }
        Some(tag) if !is_tag(tag) => {
            format!("the tag `{tag}` has a character other than letters, digits, `_`, `.` and `-`")
        }
        _ if digest.is_some_and(|digest| digest.contains('@')) => "it has two digests".to_owned(),
        _ => match digest {
            Some(digest) if !digest.contains(':') => {
                format!("the digest `{digest}` names no algorithm, such as `sha256:`")
            }
            Some(digest) => format!("`{digest}` is no digest"),
            None => format!("the repository `{repository}` does not follow the grammar"),
        },
    }
}
