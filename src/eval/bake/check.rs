//! What bake refuses when it turns targets into builds, and how it writes their contexts.

use super::attribute::Field;
use super::config::Fields;
use super::error::{Fault, Outcome};
use super::path;
use crate::eval::unknown;

/// The context as bake prints it: a local path in its short form, without `cwd://`.
pub(super) fn context(context: &str) -> String {
    if let Some(path) = context.strip_prefix("cwd://") {
        return path::clean(path);
    }
    let open = unknown::first_mark(context).is_some_and(|mark| context.starts_with(mark.as_char()));
    if open || is_remote(context) {
        return context.to_owned();
    }
    path::clean(context)
}

/// Whether a context is fetched from elsewhere.
fn is_remote(context: &str) -> bool {
    let schemes = [
        "http://",
        "https://",
        "git://",
        "ssh://",
        "github.com/",
        "git@",
    ];
    if schemes.iter().any(|scheme| context.starts_with(scheme)) {
        return true;
    }
    // user@host:path, as git writes it.
    context.split_once(':').is_some_and(|(host, _)| {
        host.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !host.is_empty() && !host.contains('/') && !user.contains('/')
        })
    })
}

const SYSTEMS: [&str; 16] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "macos",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasi",
    "windows",
];

const ARCHITECTURES: [&str; 27] = [
    "386", "aarch64", "amd64", "arm", "arm64", "armbe", "armel", "armhf", "i386", "loong64",
    "mips", "mips64", "mips64le", "mipsle", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390",
    "s390x", "sparc", "sparc64", "wasm", "x86-64", "x86_64", "amd64p32",
];

/// Whether a platform can be read.
fn is_platform(text: &str) -> bool {
    if !unknown::is_known(text) || text.eq_ignore_ascii_case("local") {
        return true;
    }
    let parts: Vec<&str> = text.split('/').collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '(' | ')'))
    };
    match parts.as_slice() {
        [single] => {
            let single = single.to_ascii_lowercase();
            SYSTEMS.contains(&&*single) || ARCHITECTURES.contains(&&*single)
        }
        [_, _] | [_, _, _] => parts.iter().all(plain),
        _ => false,
    }
}

/// Refuses what cannot be built.
pub(super) fn check(fields: &Fields) -> Outcome<()> {
    for name in ["context", "dockerfile"] {
        if let Some(text) = fields.text(name).filter(|text| &*text.text == "-") {
            let message = format!("the {name} cannot come from standard input");
            return Err(Fault::at(text.at.unwrap_or_default(), message));
        }
    }
    for platform in fields.texts("platforms") {
        // One text may name several.
        let mut all = platform.text.split(',').map(str::trim);
        if let Some(single) = all.find(|single| !is_platform(single)) {
            let message = format!("`{single}` is no platform");
            return Err(Fault::at(platform.at.unwrap_or_default(), message));
        }
    }
    if let Some(Field::Entries(outputs)) = fields.get("output") {
        let text = |entry: &super::entry::Entry, name: &str| {
            let text = entry.get(name).and_then(serde_json::Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        for output in outputs {
            if text(output, "type") == "local" && text(output, "dest").is_empty() {
                return Err(Fault::new("a local output needs a destination"));
            }
        }
    }
    if let Some(size) = fields.text("shm-size")
        && unknown::is_known(&size.text)
        && bytes(&size.text).is_none()
    {
        let message = format!("`{}` is no size", size.text);
        return Err(Fault::at(size.at.unwrap_or_default(), message));
    }
    Ok(())
}

/// The bytes that a number with an optional unit says: `128m`, `1.5GiB`.
pub(super) fn bytes(text: &str) -> Option<f64> {
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(unit_at)?;
    let unit = unit.trim_start().to_ascii_lowercase();
    let unit = unit
        .strip_suffix("ib")
        .or(unit.strip_suffix('b'))
        .unwrap_or(&unit);
    let power = match unit {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    number
        .parse()
        .ok()
        .map(|number: f64| number * 1024_f64.powi(power))
}
