//! What a registry asks for when it refuses: the header `WWW-Authenticate`.

/// What a registry asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A token of this server.
    Bearer {
        /// The token server.
        realm: String,
        /// The name of the registry there.
        service: Option<String>,
        /// What the token has to allow.
        scope: Option<String>,
    },
    /// Name and password.
    Basic,
}

impl Challenge {
    /// The first challenge that can be met, a token before a password.
    pub(super) fn read<'h>(headers: impl Iterator<Item = &'h str>) -> Option<Self> {
        let read: Vec<Self> = headers.filter_map(Self::one).collect();
        let token = read.iter().find(|one| **one != Self::Basic);
        token.or(read.first()).cloned()
    }

    fn one(header: &str) -> Option<Self> {
        let header = header.trim();
        let (scheme, rest) = header.split_once([' ', '\t']).unwrap_or((header, ""));
        if scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameters = parameters(rest);
        let of = |name: &str| {
            let mut all = parameters.iter();
            let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        Some(Self::Bearer {
            realm: of("realm")?,
            service: of("service"),
            scope: of("scope"),
        })
    }
}

/// `name="value", name=value`: commas and `\"` may stand inside of quotes.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', '\t', ',']).to_owned();
        let after = after.trim_start();
        let (value, left) = match after.strip_prefix('"') {
            Some(inner) => quoted(inner),
            None => {
                let end = after.find(',').unwrap_or(after.len());
                let (value, left) = after.split_at_checked(end).unwrap_or((after, ""));
                (value.trim().to_owned(), left)
            }
        };
        found.push((name, value));
        rest = left;
    }
    found
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let hub = r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#;
        let read = Challenge::read(["Basic realm=x", hub].into_iter()).unwrap();
        assert_eq!(
            read,
            Challenge::Bearer {
                realm: "https://auth.docker.io/token".to_owned(),
                service: Some("registry.docker.io".to_owned()),
                scope: Some("repository:a/b:pull,push".to_owned()),
            }
        );
        let of = |header: &str| Challenge::read([header].into_iter());
        assert_eq!(of(r#"BASIC realm="a \" b""#), Some(Challenge::Basic));
        assert_eq!(of("Bearer service=x"), None);
        assert_eq!(of("Negotiate"), None);
        assert_eq!(of(""), None);
        assert!(matches!(of("bearer realm=http://x/t, scope=a"),
            Some(Challenge::Bearer { realm, service: None, .. }) if realm == "http://x/t"));
        assert!(matches!(
            of(r#"Bearer realm="open"#),
            Some(Challenge::Bearer { .. })
        ));
    }
}
