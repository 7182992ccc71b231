//! The `flavor` input: whether `latest` is added, and what stands around every tag.

use std::ops::Range;

use super::error::{Input, MetadataError};
use super::input::{fields, lines};
use crate::eval::unknown::{Mark, first_mark};

/// What `latest=` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Latest {
    /// The first entry that yields a tag decides by its type.
    #[default]
    Auto,
    /// Always, once any entry yields a tag.
    Always,
    /// Never.
    Never,
    /// It is not known what it says.
    Unknown(Mark),
}

/// A prefix or a suffix.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affix {
    /// The template as written; empty for none.
    pub text: String,
    /// Whether it also stands around `latest`; `None` where that is not known.
    pub on_latest: Option<bool>,
    /// Where the field that set it stands in the input.
    pub range: Option<Range<usize>>,
}

/// What the whole input says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Flavor {
    /// `latest=…`.
    pub latest: Latest,
    /// Where the field that set `latest` stands in the input; `None` for the default.
    pub latest_range: Option<Range<usize>>,
    /// `prefix=…`.
    pub prefix: Affix,
    /// `suffix=…`.
    pub suffix: Affix,
}

enum Side {
    None,
    Prefix,
    Suffix,
}

/// Reads the input.
pub(crate) fn read(raw: &str) -> Result<Flavor, MetadataError> {
    let mut flavor = Flavor::default();
    flavor.prefix.on_latest = Some(false);
    flavor.suffix.on_latest = Some(false);
    for line in lines(Input::Flavor, raw)? {
        // `onlatest` belongs to the affix before it on the same line, and to none otherwise.
        let mut side = Side::None;
        for field in fields(Input::Flavor, &line)? {
            let range = field.range();
            let refuse =
                |message: String| Err(MetadataError::new(Input::Flavor, range.clone(), message));
            let Some((key, value)) = field.split_all() else {
                let text = field.trim().text();
                match first_mark(&text) {
                    Some(mark) => flavor.blur(mark, &range),
                    None => return refuse(format!("flavor entry `{text}` has no `=`")),
                }
                continue;
            };
            let value = value.trim().text();
            match key.trim().text().to_lowercase().as_str() {
                "latest" => {
                    flavor.latest = match (value.as_str(), first_mark(&value)) {
                        ("auto", _) => Latest::Auto,
                        ("true", _) => Latest::Always,
                        ("false", _) => Latest::Never,
                        (_, Some(mark)) => Latest::Unknown(mark),
                        _ => {
                            return refuse(format!(
                                "flavor `latest` is `{value}`: write `auto`, `true` or `false`"
                            ));
                        }
                    };
                    flavor.latest_range = Some(range);
                }
                "prefix" => {
                    side = Side::Prefix;
                    flavor.prefix.text = value;
                    flavor.prefix.range = Some(range);
                }
                "suffix" => {
                    side = Side::Suffix;
                    flavor.suffix.text = value;
                    flavor.suffix.range = Some(range);
                }
                "onlatest" => {
                    let says = match (value.as_str(), first_mark(&value)) {
                        ("true", _) => Some(true),
                        ("false", _) => Some(false),
                        (_, Some(_)) => None,
                        _ => {
                            return refuse(format!(
                                "flavor `onlatest` is `{value}`: write `true` or `false`"
                            ));
                        }
                    };
                    match side {
                        Side::None => {}
                        Side::Prefix => flavor.prefix.on_latest = says,
                        Side::Suffix => flavor.suffix.on_latest = says,
                    }
                }
                other => match first_mark(other) {
                    Some(mark) => flavor.blur(mark, &range),
                    None => return refuse(format!("unknown flavor entry `{other}`")),
                },
            }
        }
    }
    Ok(flavor)
}

impl Flavor {
    /// A field that is not known may have set anything.
    fn blur(&mut self, mark: Mark, range: &Range<usize>) {
        self.latest = Latest::Unknown(mark);
        self.latest_range = Some(range.clone());
        for affix in [&mut self.prefix, &mut self.suffix] {
            affix.text = mark.as_char().to_string();
            affix.on_latest = None;
            affix.range = Some(range.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::Unknowns;

    #[test]
    fn onlatest_belongs_to_the_affix_before_it_on_its_line() {
        let raw = "prefix=a-,suffix=-b,onlatest=true\nonlatest=true";
        let flavor = read(raw).unwrap();
        assert_eq!(flavor.prefix.on_latest, Some(false));
        assert_eq!(flavor.suffix.on_latest, Some(true));
        assert_eq!(raw.get(flavor.suffix.range.unwrap()), Some("suffix=-b"));
    }

    #[test]
    fn a_value_ends_at_its_second_sign() {
        assert_eq!(read("suffix=-a=b").unwrap().suffix.text, "-a");
        assert_eq!(read("LATEST = true").unwrap().latest, Latest::Always);
    }

    #[test]
    fn wrong_entries_fail() {
        for raw in [
            "latest",
            "latest=yes",
            "onlatest=1",
            "bogus=1",
            "latest=auto,",
        ] {
            assert!(read(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn an_unknown_entry_makes_everything_unknown() {
        let mark = Unknowns::default().note("inputs.flavor", "an input");
        let flavor = read(&mark.as_char().to_string()).unwrap();
        assert_eq!(flavor.latest, Latest::Unknown(mark));
        assert_eq!(flavor.suffix.on_latest, None);
    }
}
