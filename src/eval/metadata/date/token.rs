//! The tokens of a format.

/// Tokens by their first character, longer ones first where one begins another.
const TOKENS: [&str; 74] = [
    "hmmss",
    "Hmmss",
    "hmm",
    "Hmm",
    "Mo",
    "MMMM",
    "MMM",
    "MM",
    "M",
    "Do",
    "DDDo",
    "DDDD",
    "DDD",
    "DD",
    "D",
    "dddd",
    "ddd",
    "dd",
    "do",
    "d",
    "wo",
    "w|",
    "ww",
    "w",
    "Wo",
    "W|",
    "WW",
    "W",
    "Qo",
    "Q",
    "NNNNN",
    "NNNN",
    "NNN",
    "NN",
    "N",
    "YYYYYY",
    "YYYYY",
    "YYYY",
    "YY",
    "yyyy",
    "yyy",
    "yy",
    "yo",
    "y",
    "ggggg",
    "gggg",
    "gg",
    "GGGGG",
    "GGGG",
    "GG",
    "hh",
    "h",
    "HH",
    "H",
    "kk",
    "k",
    "mm",
    "m",
    "ss",
    "s",
    "SSSSSSSSS",
    "SSSSSSSS",
    "SSSSSSS",
    "SSSSSS",
    "SSSSS",
    "SSSS",
    "SSS",
    "SS",
    "S",
    "zz",
    "z",
    "ZZ",
    "Z",
    "e",
];

/// Replaces the formats that stand for others: `L`, `LT`, `lll` and so on.
pub(super) fn expand(format: &str) -> String {
    let chars: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        if let Some(length) = bracketed(rest) {
            out.extend(rest.iter().take(length));
            at += length;
            continue;
        }
        let escaped = usize::from(*c == '\\');
        let length = local(rest.get(escaped..).unwrap_or_default());
        if length == 0 {
            out.push(*c);
            at += 1;
            continue;
        }
        let word: String = rest.iter().skip(escaped).take(length).collect();
        if escaped > 0 {
            out.push('\\');
            out.push_str(&word);
        } else {
            out.push_str(long(&word));
        }
        at += escaped + length;
    }
    out
}

/// How many characters a local format at the start has.
fn local(rest: &[char]) -> usize {
    let run = |wanted: char| rest.iter().take_while(|c| **c == wanted).count().min(4);
    match rest {
        ['L', 'T', 'S', ..] => 3,
        ['L', 'T', ..] => 2,
        _ => run('L').max(run('l')),
    }
}

fn long(word: &str) -> &str {
    match word {
        "LTS" => "h:mm:ss A",
        "LT" => "h:mm A",
        "L" => "MM/DD/YYYY",
        "LL" => "MMMM D, YYYY",
        "LLL" => "MMMM D, YYYY h:mm A",
        "LLLL" => "dddd, MMMM D, YYYY h:mm A",
        "l" => "M/D/YYYY",
        "ll" => "MMM D, YYYY",
        "lll" => "MMM D, YYYY h:mm A",
        "llll" => "ddd, MMM D, YYYY h:mm A",
        other => other,
    }
}

/// How many characters `[…]` at the start has.
fn bracketed(rest: &[char]) -> Option<usize> {
    if rest.first() != Some(&'[') {
        return None;
    }
    let inside = rest.iter().skip(1).take_while(|c| **c != '[');
    let inside: Vec<&char> = inside.collect();
    let close = inside.iter().rposition(|c| **c == ']')?;
    Some(close + 2)
}

/// How many characters the token at the start has, a backslash in front included.
pub(super) fn token(rest: &[char]) -> usize {
    if let Some(length) = bracketed(rest) {
        return length;
    }
    let escaped = usize::from(rest.first() == Some(&'\\'));
    let rest = rest.get(escaped..).unwrap_or_default();
    let begins = |token: &&&str| {
        let mut chars = rest.iter();
        token.chars().all(|c| chars.next() == Some(&c))
    };
    let length = TOKENS.iter().find(begins).map(|token| token.len());
    match (length, rest.first()) {
        (Some(length), _) => escaped + length,
        (None, Some(c)) if !ends_line(*c) => escaped + 1,
        // Line ends match nothing and so are lost; a backslash before one is a token of its own.
        _ => 1,
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// What a token that stands for nothing leaves.
pub(super) fn literal(token: &str) -> String {
    if token.starts_with('[') && token.chars().count() > 1 {
        let inner = token.strip_prefix('[').unwrap_or(token);
        return inner.strip_suffix(']').unwrap_or(inner).to_owned();
    }
    token
        .chars()
        .filter(|c| *c != '\\' && !ends_line(*c))
        .collect()
}
