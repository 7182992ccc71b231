//! The functions that GoReleaser adds to templates.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::scene::Scene;
use super::version::Version;
use crate::eval::go_template::{Access, Host, Map, TemplateError, Value, time};
use crate::eval::unknown::{self, Mark, Unknowns};

/// Names, and how many arguments each takes; `None` for any number.
const FUNCTIONS: &[(&str, Option<usize>)] = &[
    ("abs", Some(1)),
    ("base", Some(1)),
    ("blake2b", Some(1)),
    ("blake2s", Some(1)),
    ("blake3", Some(1)),
    ("contains", Some(2)),
    ("crc32", Some(1)),
    ("dir", Some(1)),
    ("englishJoin", Some(1)),
    ("envOrDefault", Some(2)),
    ("filter", Some(2)),
    ("in", Some(2)),
    ("incmajor", Some(1)),
    ("incminor", Some(1)),
    ("incpatch", Some(1)),
    ("indexOrDefault", Some(3)),
    ("isEnvSet", Some(1)),
    ("list", None),
    ("map", None),
    ("md5", Some(1)),
    ("mdv2escape", Some(1)),
    ("mustReadFile", Some(1)),
    ("reReplaceAll", Some(3)),
    ("readFile", Some(1)),
    ("replace", Some(3)),
    ("reverseFilter", Some(2)),
    ("sha1", Some(1)),
    ("sha224", Some(1)),
    ("sha256", Some(1)),
    ("sha384", Some(1)),
    ("sha3_224", Some(1)),
    ("sha3_256", Some(1)),
    ("sha3_384", Some(1)),
    ("sha3_512", Some(1)),
    ("sha512", Some(1)),
    ("split", Some(2)),
    ("time", Some(1)),
    ("title", Some(1)),
    ("tolower", Some(1)),
    ("toupper", Some(1)),
    ("trim", Some(1)),
    ("trimprefix", Some(2)),
    ("trimsuffix", Some(2)),
    ("urlPathEscape", Some(1)),
];

pub(super) fn knows(name: &str) -> bool {
    FUNCTIONS.iter().any(|(own, _)| *own == name)
}

type Outcome = Result<Value, TemplateError>;

pub(super) fn call(
    scene: &Scene<'_>,
    name: &str,
    arguments: &[Value],
    unknowns: &Unknowns,
) -> Outcome {
    let wanted = FUNCTIONS.iter().find(|(own, _)| *own == name);
    if let Some((_, Some(count))) = wanted
        && *count != arguments.len()
    {
        let got = arguments.len();
        let message = format!("wrong number of args for {name}: want {count} got {got}");
        return Err(TemplateError::new(message));
    }
    match name {
        "list" => return Ok(Value::List(Rc::new(arguments.to_vec()))),
        "map" => return pairs(arguments),
        "in" | "englishJoin" => return of_list(name, arguments, unknowns),
        "indexOrDefault" => return indexed(arguments),
        _ => {}
    }
    let mut texts = Vec::new();
    for argument in arguments {
        texts.push(match argument {
            Value::Text(text) => text.to_string(),
            Value::Unknown(mark) => mark.as_char().to_string(),
            other => {
                let kind = other.type_name();
                let message = format!("wrong type for value; expected string; got {kind}");
                return Err(TemplateError::new(message));
            }
        });
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    of_texts(scene, name, &texts, unknowns)
}

/// What a function makes of something unknown.
fn derived(unknowns: &Unknowns, name: &str, texts: &[&str]) -> Value {
    let mark = texts.iter().find_map(|text| unknown::first_mark(text));
    let (what, reason) = match mark.and_then(|mark| unknowns.get(mark)) {
        Some(unknown) => (unknown.what, unknown.reason),
        None => (String::new(), "it is not evaluated".to_owned()),
    };
    Value::Unknown(unknowns.note(format!("{name} of {what}"), reason))
}

fn of_texts(scene: &Scene<'_>, name: &str, texts: &[&str], unknowns: &Unknowns) -> Outcome {
    let known = texts.iter().all(|text| unknown::is_known(text));
    let unknown = || Ok(derived(unknowns, name, texts));
    let text = |text: String| Ok(Value::text(text));
    match (name, texts) {
        // Unknown parts pass through these as they are.
        ("tolower", [own]) => text(own.to_lowercase()),
        ("toupper", [own]) => text(own.to_uppercase()),
        ("trim", [own]) => text(own.trim().to_owned()),
        ("replace", [own, old, new]) if unknown::is_known(old) => text(own.replace(old, new)),
        ("trimprefix", [own, prefix]) if unknown::is_known(prefix) => {
            match own.strip_prefix(prefix) {
                Some(rest) => text(rest.to_owned()),
                None if own.starts_with(|c| Mark::from_char(c).is_some()) => unknown(),
                None => text((*own).to_owned()),
            }
        }
        ("trimsuffix", [own, suffix]) if unknown::is_known(suffix) => {
            match own.strip_suffix(suffix) {
                Some(rest) => text(rest.to_owned()),
                None if own.ends_with(|c| Mark::from_char(c).is_some()) => unknown(),
                None => text((*own).to_owned()),
            }
        }
        ("envOrDefault", [name, usual]) if unknown::is_known(name) => {
            let found = scene.entry(name, Access::Index);
            Ok(found.unwrap_or_else(|| Value::text(*usual)))
        }
        ("isEnvSet", [name]) if unknown::is_known(name) => {
            Ok(match scene.entry(name, Access::Index) {
                None => Value::Bool(false),
                Some(value) => match value.truth() {
                    Ok(truth) => Value::Bool(truth),
                    Err(mark) => Value::Unknown(mark),
                },
            })
        }
        ("split", [own, separator]) if unknown::is_known(separator) && !separator.is_empty() => {
            Ok(Value::texts(own.split(separator)))
        }
        ("readFile" | "mustReadFile", _) => unknown(),
        _ if !known => unknown(),
        ("split", [own, _]) => Ok(Value::texts(own.chars().map(String::from))),
        ("contains", [own, part]) => Ok(Value::Bool(own.contains(part))),
        ("title", [own]) => text(title(own)),
        ("base", [path]) => text(base(path)),
        ("dir", [path]) => text(dir(path)),
        ("time", [layout]) => Ok(match scene.situation.time {
            Some(now) => Value::text(time::format(now, layout)),
            None => Value::Unknown(unknowns.note("time", "the time of the run")),
        }),
        ("incmajor" | "incminor" | "incpatch", [own]) => match Version::read(own) {
            Some(version) => {
                let lead = if own.starts_with('v') { "v" } else { "" };
                text(format!("{lead}{}", version.next(name)))
            }
            None => Err(TemplateError::new(format!(
                "`{own}` is no semantic version"
            ))),
        },
        ("filter" | "reverseFilter", [own, pattern]) => {
            let pattern = pattern_of(pattern)?;
            let kept = own
                .split('\n')
                .filter(|line| pattern.is_match(line) == (name == "filter"));
            text(kept.collect::<Vec<_>>().join("\n"))
        }
        ("reReplaceAll", [pattern, own, new]) => {
            text(pattern_of(pattern)?.replace_all(own, *new).into_owned())
        }
        ("mdv2escape", [own]) => {
            let mut escaped = String::new();
            for c in own.chars() {
                if "_*[]()~`>#+-=|{}.!".contains(c) {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            text(escaped)
        }
        ("urlPathEscape", [own]) => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+:=@".contains(&byte);
            let bytes = own.bytes().map(|byte| match plain(byte) {
                true => char::from(byte).to_string(),
                false => format!("%{byte:02X}"),
            });
            text(bytes.collect())
        }
        _ => unknown(),
    }
}

fn pattern_of(pattern: &str) -> Result<regex::Regex, TemplateError> {
    regex::Regex::new(pattern).map_err(|_| TemplateError::new("the pattern cannot be read"))
}

fn pairs(arguments: &[Value]) -> Outcome {
    if !arguments.len().is_multiple_of(2) {
        let got = arguments.len();
        let message = format!("map expects even number of arguments, got {got}");
        return Err(TemplateError::new(message));
    }
    let mut entries = BTreeMap::new();
    for pair in arguments.chunks(2) {
        if let [key, value] = pair {
            entries.insert(key.print(), value.clone());
        }
    }
    Ok(Value::Map(Rc::new(Map {
        entries,
        of_text: true,
    })))
}

fn indexed(arguments: &[Value]) -> Outcome {
    match arguments {
        [Value::Map(map), key, usual] => {
            let found = map.entries.get(&key.print());
            Ok(found.unwrap_or(usual).clone())
        }
        [Value::Unknown(mark), ..] => Ok(Value::Unknown(*mark)),
        _ => Err(TemplateError::new("indexOrDefault wants a map")),
    }
}

fn of_list(name: &str, arguments: &[Value], unknowns: &Unknowns) -> Outcome {
    let Some(Value::List(items)) = arguments.first() else {
        return match arguments.first().and_then(Value::first_mark) {
            Some(_) => Ok(derived(unknowns, name, &[])),
            None => Err(TemplateError::new(format!("{name} wants a list"))),
        };
    };
    let texts: Vec<String> = items.iter().map(Value::print).collect();
    if name == "in" {
        let wanted = arguments.get(1).map(Value::print).unwrap_or_default();
        let unsure = texts
            .iter()
            .chain([&wanted])
            .any(|text| !unknown::is_known(text));
        return Ok(if texts.contains(&wanted) || !unsure {
            Value::Bool(texts.contains(&wanted))
        } else {
            derived(unknowns, name, &[&wanted])
        });
    }
    Ok(Value::text(match texts.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [start @ .., last] => format!("{}, and {last}", start.join(", ")),
    }))
}

fn title(text: &str) -> String {
    let mut inside = false;
    let mut titled = String::new();
    for c in text.chars() {
        let letter = c.is_alphanumeric() || c == '\'' || c == '_';
        match (letter, inside) {
            (true, false) => titled.extend(c.to_uppercase()),
            (true, true) => titled.extend(c.to_lowercase()),
            _ => titled.push(c),
        }
        inside = letter;
    }
    titled
}

fn base(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".".to_owned(),
        (_, "") => "/".to_owned(),
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed).to_owned(),
    }
}

fn dir(path: &str) -> String {
    match path.rsplit_once('/') {
        None => ".".to_owned(),
        Some((before, _)) => match before.trim_end_matches('/') {
            "" => "/".to_owned(),
            folder => folder.to_owned(),
        },
    }
}
