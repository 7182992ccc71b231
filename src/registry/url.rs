//! Addresses as the client needs them: scheme, host with port, and what follows.

use std::fmt;

/// An address of the web, `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// Whether it is `https`.
    pub(super) secure: bool,
    /// Host and, where it is not the scheme's own, port; in lower case.
    pub(super) authority: String,
    /// Path and query, from the first `/`.
    pub(super) rest: String,
}

impl Url {
    /// Reads an absolute address; user names, other schemes and odd characters are refused.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, after) = text.split_once("://")?;
        let secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, rest) = after.split_at_checked(end)?;
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if authority.is_empty() || !authority.chars().all(sound) {
            return None;
        }
        Some(Self {
            secure,
            authority: without_port(&authority.to_ascii_lowercase(), secure).to_owned(),
            rest: whole(rest)?,
        })
    }

    /// The address that a reference on this one means: absolute, from the root, or a query.
    pub(super) fn join(&self, reference: &str) -> Option<Self> {
        if reference.contains("://") {
            return Self::parse(reference);
        }
        let scheme = if self.secure { "https" } else { "http" };
        if let Some(other) = reference.strip_prefix("//") {
            return Self::parse(&format!("{scheme}://{other}"));
        }
        let path = self.rest.split('?').next().unwrap_or_default();
        let rest = match reference.as_bytes().first() {
            Some(b'/') => whole(reference)?,
            Some(b'?') => whole(&format!("{path}{reference}"))?,
            _ => {
                let folder = path.rfind('/').map_or(0, |at| at + 1);
                whole(&format!("{}{reference}", path.get(..folder)?))?
            }
        };
        Some(Self {
            rest,
            ..self.clone()
        })
    }

    /// Whether both lie at one host, port and scheme, so that what is meant for the one may be
    /// shown to the other.
    pub(super) fn same_origin(&self, other: &Self) -> bool {
        self.secure == other.secure && self.authority == other.authority
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority, self.rest)
    }
}

/// Whether a host, with or without port, is this very machine.
pub(super) fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn without_port(authority: &str, secure: bool) -> &str {
    let own = if secure { ":443" } else { ":80" };
    authority.strip_suffix(own).unwrap_or(authority)
}

/// Path and query, without a fragment; `None` where it has characters that no address has.
fn whole(rest: &str) -> Option<String> {
    let rest = rest.split('#').next().unwrap_or_default();
    let sound = rest.bytes().all(|b| b.is_ascii_graphic());
    let rooted = match rest.starts_with('/') {
        true => rest.to_owned(),
        false => format!("/{rest}"),
    };
    sound.then_some(rooted)
}

/// A text as a part of a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_joined() {
        let base = Url::parse("https://Registry.example:443/v2/a/tags/list?n=2").unwrap();
        assert_eq!(base.authority, "registry.example");
        let to = |reference: &str| base.join(reference).map(|url| url.to_string());
        let of = |text: &str| Some(text.to_owned());
        assert_eq!(
            to("/v2/x?last=b"),
            of("https://registry.example/v2/x?last=b")
        );
        assert_eq!(
            to("?last=b"),
            of("https://registry.example/v2/a/tags/list?last=b")
        );
        assert_eq!(to("http://other/x"), of("http://other/x"));
        assert_eq!(to("//other/x"), of("https://other/x"));
        assert_eq!(to("more"), of("https://registry.example/v2/a/tags/more"));
        assert_eq!(to("/a b"), None);
        for bad in [
            "ftp://a/",
            "https://u:p@host/",
            "https:///x",
            "x",
            "http://a\r\nb/",
        ] {
            assert_eq!(Url::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for own in ["localhost:5000", "127.0.0.1", "127.9.9.9:1", "[::1]:5000"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "localhost.example",
            "10.0.0.1:5000",
            "[::2]",
            "127.0.0.1.example",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
