//! GitHub's pattern language for branch and tag filters.

/// Whether a list of filter patterns admits a name: the last pattern that matches decides, and a
/// leading `!` takes the name out again.
#[must_use]
pub fn admits<'a>(patterns: impl IntoIterator<Item = &'a str>, name: &str) -> bool {
    let mut admitted = false;
    for pattern in patterns {
        let (negated, pattern) = match pattern.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, pattern),
        };
        if matches(pattern, name) {
            admitted = !negated;
        }
    }
    admitted
}

/// Whether one pattern, without `!`, matches the whole name.
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let atoms = parse(pattern);
    let name: Vec<char> = name.chars().collect();
    // Which atoms may come next after each character: linear in both, whatever the pattern.
    let mut active = vec![false; atoms.len() + 1];
    reach(&atoms, &mut active, 0);
    for c in name {
        let mut next = vec![false; atoms.len() + 1];
        for (index, atom) in atoms.iter().enumerate() {
            if !active.get(index).copied().unwrap_or(false) || !atom.set.holds(c) {
                continue;
            }
            if atom.most == Most::Many {
                reach_repeat(&atoms, &mut next, index);
            }
            reach(&atoms, &mut next, index + 1);
        }
        active = next;
    }
    active.last().copied().unwrap_or(false)
}

/// A name that a pattern for versions admits: the version stands where the pattern's first numbers
/// do, and every other open part is filled with its first character. `v[0-9]+.[0-9]+-nginx*` gives
/// `v1.2.3-nginx1`.
#[must_use]
pub fn sample(pattern: &str, version: &str) -> Option<String> {
    let atoms = parse(pattern);
    let open = |atom: &Atom| match &atom.set {
        Set::Any | Set::NoSlash => true,
        Set::One(c) => c.is_ascii_digit() || (atom.most == Most::Many && *c == '.'),
        Set::Class(ranges) => ranges
            .iter()
            .any(|(low, high)| (*low..=*high).contains(&'1')),
    };
    let start = atoms.iter().position(open)?;
    let mut name = String::new();
    let mut inside = true;
    for (index, atom) in atoms.iter().enumerate() {
        if index == start {
            name.push_str(version);
            continue;
        }
        inside &= index < start || open(atom) || atom.set == Set::One('.');
        if index > start && inside {
            continue;
        }
        name.push(match &atom.set {
            Set::Any | Set::NoSlash => '1',
            Set::One(c) => *c,
            Set::Class(_) if open(atom) => '1',
            Set::Class(ranges) => ranges.first().map_or('1', |(low, _)| *low),
        });
    }
    matches(pattern, &name).then_some(name)
}

#[derive(Debug, Clone, PartialEq)]
enum Set {
    /// Any character.
    Any,
    /// Any character but `/`.
    NoSlash,
    One(char),
    Class(Vec<(char, char)>),
}

impl Set {
    fn holds(&self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::NoSlash => c != '/',
            Self::One(one) => *one == c,
            Self::Class(ranges) => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Most {
    One,
    Many,
}

#[derive(Debug, Clone, PartialEq)]
struct Atom {
    set: Set,
    /// Whether the atom may be left out.
    optional: bool,
    most: Most,
}

fn reach(atoms: &[Atom], active: &mut [bool], from: usize) {
    let mut index = from;
    loop {
        if let Some(slot) = active.get_mut(index) {
            *slot = true;
        }
        match atoms.get(index) {
            Some(atom) if atom.optional => index += 1,
            _ => return,
        }
    }
}

fn reach_repeat(atoms: &[Atom], active: &mut [bool], index: usize) {
    if let Some(slot) = active.get_mut(index) {
        *slot = true;
    }
    reach(atoms, active, index + 1);
}

fn parse(pattern: &str) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let single = |set| Atom {
            set,
            optional: false,
            most: Most::One,
        };
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                atoms.push(Atom {
                    set: Set::Any,
                    optional: true,
                    most: Most::Many,
                });
            }
            '*' => atoms.push(Atom {
                set: Set::NoSlash,
                optional: true,
                most: Most::Many,
            }),
            '?' => {
                if let Some(last) = atoms.last_mut() {
                    last.optional = true;
                }
            }
            '+' => {
                if let Some(last) = atoms.last_mut() {
                    last.most = Most::Many;
                }
            }
            '[' => atoms.push(single(class(&mut chars))),
            '\\' => atoms.extend(chars.next().map(|c| single(Set::One(c)))),
            _ => atoms.push(single(Set::One(c))),
        }
    }
    atoms
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Set {
    let mut ranges = Vec::new();
    while let Some(c) = chars.next() {
        if c == ']' {
            break;
        }
        if chars.peek() == Some(&'-') {
            chars.next();
            match chars.next() {
                Some(']') | None => {
                    ranges.extend([(c, c), ('-', '-')]);
                    break;
                }
                Some(high) => ranges.push((c, high)),
            }
        } else {
            ranges.push((c, c));
        }
    }
    Set::Class(ranges)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_patterns_for_versions() {
        let of = |pattern| sample(pattern, "1.2.3");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(of("v*"), some("v1.2.3"));
        assert_eq!(
            of("v[0-9]+.[0-9]+.[0-9]+-nginx[0-9]+.[0-9]+"),
            some("v1.2.3-nginx1.1")
        );
        assert_eq!(of("release/*/app"), some("release/1.2.3/app"));
        assert_eq!(of("nightly"), None);
        assert_eq!(of("[0-9].x"), None);
    }

    #[test]
    fn patterns_match_as_documented() {
        for (pattern, name, expected) in [
            ("v*", "v1.2.3", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("v[0-9]+.[0-9]+.[0-9]+", "v10.2.33", true),
            ("v[0-9]+.[0-9]+.[0-9]+", "v1.2.3-rc.1", false),
            ("[0-9]+.[0-9]+.[0-9]+", "v1.2.3", false),
            ("*.*.*", "1.2.3-rc.1", true),
            ("v?1", "1", true),
            ("releases/**-alpha", "releases/10/3-alpha", true),
            ("main", "mains", false),
            ("[CB]at", "Bat", true),
            ("v[12].[0-9]+.[0-9]+", "v1.10.1", true),
            ("**-beta", "x/y-beta", true),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
        assert!(admits(["v*", "!v1*", "v1.2*"], "v1.2.3"));
        assert!(!admits(["v*", "!v1*"], "v1.2.3"));
    }

    #[test]
    fn a_long_pattern_takes_no_time() {
        let pattern = "*a".repeat(2_000);
        assert!(!matches(&pattern, &"a".repeat(1_999)));
    }
}
