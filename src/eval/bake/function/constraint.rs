//! `semvercmp`: whether a version meets a constraint such as `>= 1.2, < 2 || ~3.1`.

use semver::{Prerelease, Version};

use super::{Call, Named, Returned, exactly};
use crate::eval::bake::value::Value;

pub(super) const FUNCTIONS: &[Named] = &[("semvercmp", exactly(2, compare))];

fn compare(call: &Call<'_>) -> Returned {
    let (version, constraint) = (call.known_text(0)?, call.known_text(1)?);
    call.budget.spend(constraint.len())?;
    let version = parse(&version).filter(|partial| !partial.open());
    let version = version.ok_or_else(|| call.fault("the version cannot be read"))?;
    match meets(&version.version, &constraint) {
        Some(met) => Ok(Value::Bool(met)),
        None => Err(call.fault("the constraint cannot be read")),
    }
}

/// A version whose last parts may be missing or wildcards.
struct Partial {
    version: Version,
    /// How many of its three numbers are given.
    given: usize,
    wildcard: bool,
}

impl Partial {
    fn open(&self) -> bool {
        self.wildcard
    }

    /// The first version past all that share its given numbers, the last of them aside.
    fn after(&self, kept: usize) -> Option<Version> {
        let v = &self.version;
        Some(match kept {
            0 => return None,
            1 => Version::new(v.major.checked_add(1)?, 0, 0),
            2 => Version::new(v.major, v.minor.checked_add(1)?, 0),
            _ => Version::new(v.major, v.minor, v.patch.checked_add(1)?),
        })
    }
}

fn parse(text: &str) -> Option<Partial> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split('+').next().unwrap_or_default();
    let (numbers, pre) = match text.split_once('-') {
        Some((numbers, pre)) => (numbers, Prerelease::new(pre).ok()?),
        None => (text, Prerelease::EMPTY),
    };
    let mut found = [0_u64; 3];
    let mut given = 0;
    let mut wildcard = false;
    for part in numbers.split('.') {
        if wildcard || matches!(part, "x" | "X" | "*") {
            wildcard = true;
            continue;
        }
        *found.get_mut(given)? = part.parse().ok()?;
        given += 1;
    }
    let [major, minor, patch] = found;
    let mut version = Version::new(major, minor, patch);
    version.pre = pre;
    Some(Partial {
        version,
        given,
        wildcard,
    })
}

/// Alternatives with `||` between them.
fn meets(version: &Version, constraint: &str) -> Option<bool> {
    let mut any = false;
    for alternative in constraint.split("||") {
        any |= meets_all(version, alternative)?;
    }
    Some(any)
}

/// Conditions with commas or blanks between them.
fn meets_all(version: &Version, conditions: &str) -> Option<bool> {
    if let Some((from, to)) = conditions.split_once(" - ") {
        let from = condition(version, ">=", from)?;
        return Some(from && condition(version, "<=", to)?);
    }
    let mut all = true;
    let mut some = false;
    let mut rest = conditions.trim_start_matches([' ', ',']);
    while !rest.is_empty() {
        let number_at = rest.find(|c: char| !"=!<>~^ ".contains(c))?;
        let (operator, after) = rest.split_at_checked(number_at)?;
        let end = after.find([' ', ',']).unwrap_or(after.len());
        let (number, after) = after.split_at_checked(end)?;
        all &= condition(version, operator.trim(), number)?;
        some = true;
        rest = after.trim_start_matches([' ', ',']);
    }
    some.then_some(all)
}

fn condition(version: &Version, operator: &str, text: &str) -> Option<bool> {
    let wanted = parse(text)?;
    // A pre-release is meant only by those who name one.
    if !version.pre.is_empty() && wanted.version.pre.is_empty() && operator != "!=" {
        return Some(false);
    }
    let low = &wanted.version;
    let below = |kept: usize| wanted.after(kept).is_none_or(|high| *version < high);
    let inside = |kept: usize| version >= low && below(kept);
    let exact = wanted.given == 3 && !wanted.wildcard;
    Some(match operator {
        "" | "=" | "==" if exact => version == low,
        "" | "=" | "==" => inside(wanted.given),
        "!=" if exact => version != low,
        "!=" => !inside(wanted.given),
        ">" if exact => version > low,
        ">" => wanted
            .after(wanted.given)
            .is_some_and(|high| *version >= high),
        "<" => version < low,
        ">=" | "=>" => version >= low,
        "<=" | "=<" if exact => version <= low,
        "<=" | "=<" => below(wanted.given),
        "~" | "~>" => inside(wanted.given.min(2)),
        "^" => inside(match (low.major, low.minor, wanted.given) {
            (_, _, given @ 0..=1) => given,
            (1.., _, _) => 1,
            (0, 1.., _) | (0, 0, 2) => 2,
            (0, 0, _) => 3,
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_meet_constraints() {
        for (version, constraint, wanted) in [
            ("1.2.3", ">= 1.2, < 2", Some(true)),
            ("1.2.3", ">=1.2 <1.2.3", Some(false)),
            ("v1.2.3", "1.2.x", Some(true)),
            ("1.2.3", "1.2", Some(true)),
            ("1.2.3", "~1.2.1", Some(true)),
            ("1.3.0", "~1.2.1", Some(false)),
            ("1.9.0", "^1.2", Some(true)),
            ("0.3.0", "^0.2.1", Some(false)),
            ("0.0.4", "^0.0.3", Some(false)),
            ("1.5.0", "1.2 - 1.4.5", Some(false)),
            ("3.1.9", "< 2 || ~3.1", Some(true)),
            ("1.3.0", "> 1.2", Some(true)),
            ("1.2.9", "> 1.2", Some(false)),
            ("1.2.3", "!= 1.2.3", Some(false)),
            ("2.0.0-rc.1", ">= 1.0", Some(false)),
            ("2.0.0-rc.1", ">= 2.0.0-alpha", Some(true)),
            ("1.0.0", "*", Some(true)),
            ("1.0.0", "nothing", None),
            ("1.0.0", "", None),
        ] {
            let version = parse(version).unwrap().version;
            assert_eq!(
                meets(&version, constraint),
                wanted,
                "{version} {constraint}"
            );
        }
    }
}
