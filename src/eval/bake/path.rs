//! Paths and glob patterns as Go's `path` package has them.

/// The shortest path that names the same: no empty parts, no `.`, no `..` that can be resolved.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(last) if *last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Whether a name matches a pattern of `*`, `?`, `[a-z]` and `\`; `None` where the pattern is not
/// valid.
pub(super) fn matches(pattern: &str, name: &str) -> Option<bool> {
    let pattern: Vec<Token> = tokens(pattern)?;
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match (pattern.get(p), name.get(n)) {
            (Some(Token::Star), _) => {
                retry = Some((p + 1, n));
                p += 1;
            }
            (Some(token), Some(c)) if token.takes(*c) => {
                p += 1;
                n += 1;
            }
            (None, None) => return Some(true),
            _ => match retry {
                Some((after, from)) if name.get(from).is_some_and(|c| *c != '/') => {
                    retry = Some((after, from + 1));
                    p = after;
                    n = from + 1;
                }
                _ => return Some(false),
            },
        }
    }
}

enum Token {
    Star,
    Any,
    One(char),
    Class(bool, Vec<(char, char)>),
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Star => false,
            Self::Any => c != '/',
            Self::One(own) => *own == c,
            Self::Class(negated, ranges) => {
                let inside = ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
                inside != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => Token::One(chars.next()?),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                while ranges.is_empty() || chars.next_if_eq(&']').is_none() {
                    let mut from = chars.next()?;
                    if from == '\\' {
                        from = chars.next()?;
                    } else if matches!(from, '-' | ']') {
                        return None;
                    }
                    let to = match chars.next_if_eq(&'-') {
                        Some(_) => chars.next()?,
                        None => from,
                    };
                    ranges.push((from, to));
                }
                Token::Class(negated, ranges)
            }
            c => Token::One(c),
        });
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_short() {
        for (path, wanted) in [
            ("./db", "db"),
            (".", "."),
            ("", "."),
            ("../shared/", "../shared"),
            ("a/../b//c", "b/c"),
            ("/../x", "/x"),
        ] {
            assert_eq!(clean(path), wanted, "{path}");
        }
    }

    #[test]
    fn patterns_match_names() {
        for (pattern, name, wanted) in [
            ("*", "app", Some(true)),
            ("foo-*", "foo-bar", Some(true)),
            ("foo-*", "bar", Some(false)),
            ("a?c", "abc", Some(true)),
            ("[a-c]x", "bx", Some(true)),
            ("[^a-c]x", "bx", Some(false)),
            ("*a*b*c", "xxaxxbxxc", Some(true)),
            ("*", "a/b", Some(false)),
            ("[", "a", None),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
