//! The `images` input: names without tags, each enabled or not.

use super::error::{Input, MetadataError};
use super::input::{Located, fields, lines};
use crate::eval::unknown::{first_mark, is_known};
use std::ops::Range;

/// An image that the tags are put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The name in lower case; it may hold unknown parts.
    pub name: String,
    /// Whether it surely is in the list and enabled.
    pub certain: bool,
    /// Its entry in the raw `images` input.
    pub range: Range<usize>,
}

/// The enabled images, in order.
pub(crate) fn read(raw: &str) -> Result<Vec<Image>, MetadataError> {
    let lines = lines(Input::Images, raw)?;
    if let [line] = lines.as_slice() {
        let names = fields(Input::Images, line)?;
        if names.iter().all(|name| name.split_all().is_none()) {
            return Ok(names.iter().map(plain).collect());
        }
    }
    let alone = lines.len() == 1;
    let mut images = Vec::new();
    for line in &lines {
        if let Some(mut image) = described(line)? {
            // A line that is unknown as a whole may as well be no line.
            image.certain &= alone || !only_marks(&line.text());
            images.push(image);
        }
    }
    Ok(images)
}

/// Whether the text is nothing but unknown parts, and so might be empty.
pub(crate) fn only_marks(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| crate::eval::unknown::Mark::from_char(c).is_some())
}

fn plain(name: &Located) -> Image {
    let name = name.trim();
    Image {
        name: name.text().to_lowercase(),
        certain: true,
        range: name.range(),
    }
}

/// The image of one line; `None` where it is disabled.
fn described(line: &Located) -> Result<Option<Image>, MetadataError> {
    let mut name = String::new();
    let mut enabled = true;
    let mut certain = true;
    for field in fields(Input::Images, line)? {
        let Some((key, value)) = field.split_all() else {
            name = field.trim().text().to_lowercase();
            continue;
        };
        let (key, value) = (key.trim(), value.trim().text());
        match key.text().to_lowercase().as_str() {
            "name" => name = value.to_lowercase(),
            "enable" => match value.as_str() {
                "true" => (enabled, certain) = (true, true),
                "false" => (enabled, certain) = (false, true),
                unknown if !is_known(unknown) => (enabled, certain) = (true, false),
                _ => {
                    let message = format!("image `enable` is `{value}`: write `true` or `false`");
                    return Err(MetadataError::new(Input::Images, field.range(), message));
                }
            },
            unknown if first_mark(unknown).is_some() => certain = false,
            other => {
                let message = format!("unknown image attribute `{other}`");
                return Err(MetadataError::new(Input::Images, key.range(), message));
            }
        }
    }
    if name.is_empty() {
        let message = "the image has no name";
        return Err(MetadataError::new(Input::Images, line.range(), message));
    }
    let range = line.range();
    Ok(enabled.then_some(Image {
        name,
        certain,
        range,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    fn names(raw: &str) -> Vec<String> {
        read(raw).unwrap().into_iter().map(|i| i.name).collect()
    }

    #[test]
    fn one_line_of_bare_names_is_a_list() {
        assert_eq!(names("A/b,c/d"), ["a/b", "c/d"]);
        assert_eq!(names("a/b,"), ["a/b", ""]);
        assert_eq!(names("a/b,c/d\ne/f"), ["c/d", "e/f"]);
    }

    #[test]
    fn attributes_are_checked() {
        assert_eq!(names("name=a,enable=false\nb"), ["b"]);
        assert_eq!(names("name=a=b"), ["a"]);
        for raw in ["name=a,enable=yes", "name=", "a,tag=1", "a\n,"] {
            assert!(read(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn what_is_unknown_stays_so() {
        let mark = Unknowns::default().note("x", "y").as_char();
        let images = read(&format!("name=a,enable={mark}\n{mark}/b\n{mark}")).unwrap();
        let certain: Vec<bool> = images.iter().map(|i| i.certain).collect();
        assert_eq!(certain, [false, true, false]);
        assert!(read(&mark.to_string()).unwrap()[0].certain);
    }
}
