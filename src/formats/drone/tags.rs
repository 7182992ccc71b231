//! The tags that the container plugins make from the git ref, where `auto_tag` is set.

/// Whether the plugin runs at all with `auto_tag`: for git tags and the default branch.
#[must_use]
pub fn applies(reference: &str, default_branch: &str) -> bool {
    reference.starts_with("refs/tags/")
        || reference.strip_prefix("refs/heads/").unwrap_or(reference) == default_branch
}

/// The tags of Drone's plugins for a git ref.
///
/// # Errors
/// What is wrong with a git tag that is no version of three numbers; the step fails with it.
pub fn of_drone(reference: &str, suffix: &str) -> Result<Vec<String>, String> {
    let tags = match reference.strip_prefix("refs/tags/") {
        None => vec!["latest".to_owned()],
        Some(tag) => versions(tag.strip_prefix('v').unwrap_or(tag))?,
    };
    Ok(with_suffix(tags, "latest", suffix))
}

/// The tags of Woodpecker's plugin: dates stay as they are, versions may lack parts.
///
/// # Errors
/// What is wrong with a git tag that is no version; the step fails with it.
pub fn of_woodpecker(
    reference: &str,
    default_tag: &str,
    suffix: &str,
) -> Result<Vec<String>, String> {
    let tags = match reference.strip_prefix("refs/tags/") {
        None => vec![default_tag.to_owned()],
        Some(tag) if is_date(tag) => vec![tag.to_owned()],
        Some(tag) => lenient(tag)?,
    };
    Ok(with_suffix(tags, default_tag, suffix))
}

fn with_suffix(tags: Vec<String>, default: &str, suffix: &str) -> Vec<String> {
    let add = |tag: String| {
        if suffix.is_empty() {
            tag
        } else if tag == default {
            suffix.to_owned()
        } else {
            format!("{tag}-{suffix}")
        }
    };
    tags.into_iter().map(add).collect()
}

/// Splits off what follows a character; nothing is left of an empty rest.
fn split_off(text: &str, at: char) -> (&str, &str) {
    text.split_once(at).unwrap_or((text, ""))
}

fn is_identifier(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}

/// A version of three numbers gives its major, minor and patch tags, zeros before the numbers kept;
/// one with a pre-release part or metadata gives itself alone, without them.
fn versions(text: &str) -> Result<Vec<String>, String> {
    let (rest, metadata) = split_off(text, '+');
    let (core, pre) = split_off(rest, '-');
    let parts: Vec<&str> = core.splitn(3, '.').collect();
    let [major, minor, patch] = parts.as_slice() else {
        return Err(format!("{core} is not in dotted-tri format"));
    };
    for identifier in [pre, metadata] {
        if !is_identifier(identifier) {
            return Err(format!("{identifier} is not a valid semver identifier"));
        }
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let parsed = text.parse::<i64>().ok().filter(|_| digits);
        parsed.ok_or_else(|| format!("`{text}` is no number"))
    };
    let numbers = [number(major)?, number(minor)?, number(patch)?];
    if !pre.is_empty() || !metadata.is_empty() {
        let [major, minor, patch] = numbers;
        let mut version = format!("{major}.{minor}.{patch}");
        for (sign, part) in [('-', pre), ('+', metadata)] {
            if !part.is_empty() {
                version.push(sign);
                version.push_str(part);
            }
        }
        return Ok(vec![version]);
    }
    let mut tags = vec![
        format!("{major}.{minor}"),
        format!("{major}.{minor}.{patch}"),
    ];
    if numbers.first() != Some(&0) {
        tags.insert(0, (*major).to_owned());
    }
    Ok(tags)
}

fn is_date(tag: &str) -> bool {
    let shape: String = tag
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "00000000" || shape == "0000-00-00"
}

fn lenient(tag: &str) -> Result<Vec<String>, String> {
    let refused = || format!("`{tag}` is no version");
    let text = tag.strip_prefix('v').unwrap_or(tag);
    let (rest, metadata) = split_off(text, '+');
    let (core, pre) = split_off(rest, '-');
    let mut numbers = Vec::new();
    for part in core.split('.') {
        let digits = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let number = part.parse::<i64>().ok().filter(|_| digits);
        numbers.push(number.ok_or_else(refused)?);
    }
    if numbers.len() > 3 || !is_identifier(pre) || !is_identifier(metadata) {
        return Err(refused());
    }
    numbers.resize(3, 0);
    let [major, minor, patch] = numbers.as_slice() else {
        return Err(refused());
    };
    let version = format!("{major}.{minor}.{patch}");
    if !pre.is_empty() || !metadata.is_empty() {
        let mut version = version;
        for (sign, part) in [('-', pre), ('+', metadata)] {
            if !part.is_empty() {
                version.push(sign);
                version.push_str(part);
            }
        }
        return Ok(vec![version]);
    }
    if (1000..10_000).contains(major) && *minor == 0 && *patch == 0 {
        return Ok(vec![major.to_string()]);
    }
    let mut tags = vec![format!("{major}.{minor}"), version];
    if *major != 0 {
        tags.insert(0, major.to_string());
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn woodpecker_is_lenient() {
        let tags = |tag: &str, suffix: &str| {
            of_woodpecker(&format!("refs/tags/{tag}"), "latest", suffix).unwrap_or_default()
        };
        assert_eq!(tags("v1.2", ""), ["1", "1.2", "1.2.0"]);
        assert_eq!(tags("20240131", "x"), ["20240131-x"]);
        assert_eq!(tags("v1.2.3-rc.1", ""), ["1.2.3-rc.1"]);
        assert_eq!(tags("0.3.1", "slim"), ["0.3-slim", "0.3.1-slim"]);
        assert_eq!(tags("x1", ""), Vec::<String>::new());
        assert_eq!(
            of_woodpecker("refs/heads/main", "next", "").unwrap(),
            ["next"]
        );
        assert_eq!(
            of_woodpecker("refs/heads/main", "next", "slim").unwrap(),
            ["slim"]
        );
    }
}
