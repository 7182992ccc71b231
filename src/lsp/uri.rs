//! Paths as the protocol writes them: `file:///folder/file.yaml`.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in the path of a URI.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path that a URI names, where it names a file of this machine.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_ref().strip_prefix("file://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !matches!(host, "" | "localhost") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/folder` is a path of Windows.
    let drive = path.as_bytes().get(2) == Some(&b':') && cfg!(windows);
    let path = if drive { path.get(1..)? } else { &path };
    let path = PathBuf::from(path);
    (path.is_absolute() && !path.to_string_lossy().contains('\0')).then_some(path)
}

/// The URI of a path.
pub fn of(path: &Path) -> Uri {
    let text = path.to_string_lossy().replace('\\', "/");
    let slash = if text.starts_with('/') { "" } else { "/" };
    let text = utf8_percent_encode(&text, ESCAPED);
    Uri(format!("file://{slash}{text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back() {
        let path = Path::new("/a b/ü#?%/c.yaml");
        assert_eq!(super::path(&of(path)).as_deref(), Some(path));
        assert_eq!(of(path).0, "file:///a%20b/%C3%BC%23%3F%25/c.yaml");
        for none in [
            "untitled:Untitled-1",
            "file://host/a",
            "file:a",
            "",
            "file:///%ff",
        ] {
            assert_eq!(super::path(&Uri(none.to_owned())), None, "{none}");
        }
    }
}
