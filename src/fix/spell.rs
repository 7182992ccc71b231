//! Writes a text as the scalar at a place would have it: plain, quoted, or a part of a block.

use std::ops::Range;

use crate::source::Span;
use crate::yaml::{Scalar, ScalarStyle, SourceMap, Typed, Yaml};

/// A change of a scalar as bytes of its file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelled {
    /// The bytes replaced.
    pub(super) span: Span,
    /// What stands there afterwards.
    pub(super) bytes: String,
    /// The range of the scalar's text that is replaced.
    pub(super) range: Range<usize>,
    /// What the range says afterwards.
    pub(super) text: String,
}

/// Spells a change of a scalar; `None` where the span is no text of it, or its style cannot hold
/// the text.
pub(super) fn spell(
    yaml: &Yaml<'_>,
    source: &str,
    scalar: &Scalar<'_>,
    span: Span,
    text: &str,
) -> Option<Spelled> {
    let map = scalar.source_map();
    let whole = span == scalar.span || span == scalar.content_span();
    if let Some(indent) = map.indent() {
        return block(source, scalar, &map, indent, span, whole, text);
    }
    let range = if whole {
        0..scalar.text.len()
    } else {
        map.range(span)?
    };
    let before = scalar.text.get(..range.start)?;
    let after = scalar.text.get(range.end..)?;
    let value = format!("{before}{text}{after}");
    let inside = if whole { scalar.content_span() } else { span };
    let own = match scalar.style {
        ScalarStyle::Plain => {
            plain(&value, yaml.is_in_flow(scalar.span.start)).then(|| text.to_owned())
        }
        ScalarStyle::SingleQuoted => one_line(text).then(|| text.replace('\'', "''")),
        _ => Some(escaped(text)),
    };
    Some(match own {
        Some(bytes) => Spelled {
            span: inside,
            bytes,
            range,
            text: text.to_owned(),
        },
        // The style cannot hold it: the whole scalar gets quotes that can.
        None => Spelled {
            span: scalar.span,
            bytes: quoted(&value),
            range: 0..scalar.text.len(),
            text: value,
        },
    })
}

/// A change inside of a block scalar: further lines get the indentation of the block.
fn block(
    source: &str,
    scalar: &Scalar<'_>,
    map: &SourceMap,
    indent: usize,
    span: Span,
    whole: bool,
    text: &str,
) -> Option<Spelled> {
    let lines = text.contains('\n');
    if !printable(text) || (lines && scalar.style == ScalarStyle::Folded) {
        return None;
    }
    let range = if whole {
        // What ends the block, by its header, stays.
        0..scalar.text.trim_end_matches('\n').len()
    } else {
        map.range(span)?
    };
    let replaced = scalar.text.get(range.clone())?;
    // What begins or ends in another line would leave an indentation behind.
    if replaced.contains('\n') {
        return None;
    }
    let span = if range.is_empty() {
        Span::at(map.offset(range.start))
    } else {
        map.span(range.clone())
    };
    let rest = source.get(span.end..)?;
    let line = rest.split_inclusive('\n').next().unwrap_or_default();
    let ending = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
    let next = format!("{ending}{}", " ".repeat(indent));
    Some(Spelled {
        span,
        bytes: text.replace('\n', &next),
        range,
        text: text.to_owned(),
    })
}

fn printable(text: &str) -> bool {
    let odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{2028}' | '\u{2029}');
    !text.contains(odd) && !text.contains('\u{feff}')
}

fn one_line(text: &str) -> bool {
    printable(text) && !text.contains('\n')
}

/// Whether a text may stand without quotes, and is then read as text by YAML 1.2 and 1.1.
fn plain(text: &str, flow: bool) -> bool {
    let first = text.chars().next();
    let leads = |c: char| "-?:,[]{}#&*!|>'\"%@`".contains(c);
    let dash = |rest: &str| !rest.is_empty() && !rest.starts_with(' ');
    let opens = match first {
        Some('-' | '?' | ':') => !text.get(1..).is_some_and(dash),
        Some(c) => leads(c),
        None => true,
    };
    let breaks = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let flow = flow && text.contains([',', '[', ']', '{', '}']);
    let trimmed = text.trim() == text;
    one_line(text) && trimmed && !opens && !breaks && !flow && is_text(text)
}

/// Whether a plain scalar is neither a number nor a truth nor nothing, in YAML 1.2 and in 1.1.
fn is_text(text: &str) -> bool {
    let yaml = Yaml::parse(text);
    let root = yaml.first().and_then(|root| root.scalar());
    let core = root.is_some_and(|scalar| matches!(scalar.typed(), Typed::Text(_)));
    let old = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "",
    ];
    let lower = text.to_ascii_lowercase();
    // 1.1 reads `1_000` and `12:30` as numbers.
    let digits = text
        .trim_start_matches(['+', '-'])
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'_' | b':'));
    core && !old.contains(&lower.as_str()) && !digits
}

/// A text between double quotes, or between single ones where that is enough and reads better.
fn quoted(text: &str) -> String {
    let simple = one_line(text) && !text.contains('\'');
    if simple && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    format!("\"{}\"", escaped(text))
}

/// A text as it stands between double quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if printable(c.encode_utf8(&mut [0; 4])) => out.push(c),
            c => out.push_str(&match u32::from(c) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    out
}
