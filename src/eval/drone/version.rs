//! Versions as the two plugins read them.

/// Three numbers, their digits kept as written, and what follows.
pub(super) struct Strict<'a> {
    numbers: [&'a str; 3],
    prerelease: &'a str,
    metadata: &'a str,
}

impl<'a> Strict<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        // What comes after the first `+` is metadata, after the first `-` before it a pre-release.
        let (rest, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (rest, prerelease) = rest.split_once('-').unwrap_or((rest, ""));
        let mut parts = rest.splitn(3, '.');
        let (Some(major), Some(minor), Some(patch)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("{rest} is not in dotted-tri format"));
        };
        for (what, part) in [("pre-release", prerelease), ("metadata", metadata)] {
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            if !part.chars().all(letters) {
                return Err(format!("`{part}` is no {what} of a version"));
            }
        }
        let numbers = [major, minor, patch];
        for number in numbers {
            // A sign is a number's as well, in the language of the plugin.
            let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(format!("parsing \"{number}\": invalid syntax"));
            }
            if number.parse::<i64>().is_err() {
                return Err(format!("parsing \"{number}\": value out of range"));
            }
        }
        Ok(Self {
            numbers,
            prerelease,
            metadata,
        })
    }

    pub(super) fn tags(&self) -> Vec<String> {
        let [major, minor, patch] = self.numbers;
        let whole = format!("{major}.{minor}.{patch}");
        if !self.prerelease.is_empty() || !self.metadata.is_empty() {
            let value = |text: &str| text.parse::<i64>().unwrap_or_default();
            let mut tag = format!("{}.{}.{}", value(major), value(minor), value(patch));
            for (mark, part) in [('-', self.prerelease), ('+', self.metadata)] {
                if !part.is_empty() {
                    tag.push(mark);
                    tag.push_str(part);
                }
            }
            return vec![tag];
        }
        let short = format!("{major}.{minor}");
        if major.parse::<i64>() == Ok(0) {
            vec![short, whole]
        } else {
            vec![major.to_owned(), short, whole]
        }
    }
}

/// Up to three numbers, a missing one being 0, and what follows.
pub(super) struct Lenient {
    numbers: [u64; 3],
    rest: String,
}

impl Lenient {
    pub(super) fn parse(tag: &str) -> Result<Self, String> {
        let refused = || format!("Malformed version: {tag}");
        let text = tag.strip_prefix('v').unwrap_or(tag);
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (dotted, rest) = text.split_at_checked(end).ok_or_else(refused)?;
        let mut numbers = [0; 3];
        let parts: Vec<&str> = dotted.split('.').collect();
        if parts.len() > 3 {
            return Err(refused());
        }
        for (number, part) in numbers.iter_mut().zip(parts) {
            *number = part.parse().map_err(|_| refused())?;
        }
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | '~');
        if !rest.chars().all(letters) || rest.len() == 1 {
            return Err(refused());
        }
        Ok(Self {
            numbers,
            rest: rest.to_owned(),
        })
    }

    pub(super) fn tags(&self) -> Vec<String> {
        let [major, minor, patch] = self.numbers;
        let whole = format!("{major}.{minor}.{patch}");
        if !self.rest.is_empty() {
            return vec![format!("{whole}{}", self.rest)];
        }
        // A lone year is a date.
        if (1000..10_000).contains(&major) && minor == 0 && patch == 0 {
            return vec![major.to_string()];
        }
        let short = format!("{major}.{minor}");
        if major == 0 {
            vec![short, whole]
        } else {
            vec![major.to_string(), short, whole]
        }
    }
}
