//! Corners of JavaScript's regular expressions.

use super::*;

fn matches(pattern: &str, flags: &str, text: &str) -> Option<Vec<Option<String>>> {
    Pattern::new(pattern, flags).unwrap().matches(text).unwrap()
}

fn first(pattern: &str, text: &str) -> Option<String> {
    matches(pattern, "", text)?.swap_remove(0)
}

#[test]
fn patterns_match_as_in_javascript() {
    for (pattern, text, found) in [
        (r"v(\d.\d.\d)", "app-v1.2.3", Some("v1.2.3")),
        ("", "x", Some("")),
        ("a|ab", "abc", Some("a")),
        ("(?:a|ab)c", "abc", Some("abc")),
        ("a{2,3}?", "aaaa", Some("aa")),
        ("a{,3}", "a{,3}", Some("a{,3}")),
        ("x{1", "x{1", Some("x{1")),
        ("^$", "", Some("")),
        ("$", "a\n", Some("")),
        ("[^]", "\n", Some("\n")),
        ("[]", "a", None),
        (r"[\d-x]+", "1-x", Some("1-x")),
        (r"[\w-]+", "a-b", Some("a-b")),
        (r"(?<=v)\d+", "v12", Some("12")),
        (r"(?<!v)\d+", "v12", Some("2")),
        (r"\d+(?!-)", "12-", Some("1")),
        (r"(?<=(\d+)(\d+))$", "1053", Some("")),
        (r"\101\x41\u0041\cA", "AAA\u{1}", Some("AAA\u{1}")),
        (r"\8\_\-", "8_-", Some("8_-")),
        (r"(a)|\1b", "b", Some("b")),
        (r"(?:(a)|b)*\1", "ab", Some("ab")),
        (r"(z)((a+)?(b+)?(c))*", "zaacbbbcac", Some("zaacbbbcac")),
        (r"(?=(a+))a*b\1", "baaabac", Some("aba")),
        (r"(?<n>a)\k<n>", "aa", Some("aa")),
        (r"\k<n>", "k<n>", Some("k<n>")),
        ("(?i:A)b", "ab", Some("ab")),
        ("(a*)*", "b", Some("")),
        ("(?:a*?)*?b", "aab", Some("aab")),
        (r"\bfoo\b", "a foo.", Some("foo")),
    ] {
        assert_eq!(first(pattern, text).as_deref(), found, "{pattern}");
    }
}

#[test]
fn captures_of_a_round_are_forgotten_in_the_next() {
    let groups = matches(r"(z)((a+)?(b+)?(c))*", "", "zaacbbbcac").unwrap();
    let groups: Vec<Option<&str>> = groups.iter().map(Option::as_deref).collect();
    let wanted = [
        Some("zaacbbbcac"),
        Some("z"),
        Some("ac"),
        Some("a"),
        None,
        Some("c"),
    ];
    assert_eq!(groups, wanted);
    let groups = matches(r"(?<=(\d+)(\d+))$", "", "1053").unwrap();
    assert_eq!(groups[1].as_deref(), Some("1"));
    assert_eq!(groups[2].as_deref(), Some("053"));
}

#[test]
fn flags_change_what_matches() {
    assert!(matches("V", "i", "v").is_some());
    assert!(matches("[^v]", "i", "V").is_none());
    assert_eq!(
        matches(r"\d", "g", "a1b2").unwrap(),
        [Some("1".into()), Some("2".into())]
    );
    assert_eq!(matches("x*", "g", "ax").unwrap().len(), 3);
    assert!(matches("b", "y", "ab").is_none());
    assert!(matches("^b.c$", "ms", "a\nb\nc").is_some());
}

#[test]
fn wrong_patterns_are_refused() {
    for pattern in [
        "(",
        ")",
        "*",
        "a**",
        "[",
        "[b-a]",
        "a{2,1}",
        r"\",
        "(?<n",
        "(?x)",
        "(?<=a)*",
        "^*",
        "{1}",
        "(?<a>.)(?<a>.)",
        r"(?<a>.)\k<b>",
        "(?<1>a)",
        "(?:",
    ] {
        let error = Pattern::new(pattern, "").map(|_| ());
        assert!(matches!(error, Err(PatternError::Invalid(_))), "{pattern}");
    }
    for (pattern, flags) in [
        ("a", "z"),
        ("a", "gg"),
        ("a", "uv"),
        (r"\-", "u"),
        ("a{", "u"),
    ] {
        assert!(Pattern::new(pattern, flags).is_err(), "{pattern} {flags}");
    }
}

#[test]
fn hostile_patterns_end() {
    for (pattern, text) in [
        ("(a+)+$", "a".repeat(60) + "b"),
        ("(?:a|a)*b", "a".repeat(200)),
        ("(a*)*b", "a".repeat(60)),
        (r"(?:(?=(a+))a)*c", "a".repeat(400)),
    ] {
        let pattern = Pattern::new(pattern, "").unwrap();
        let _ = pattern.matches(&text);
    }
    let deep = "(".repeat(10_000);
    assert!(Pattern::new(&deep, "").is_err());
    let many = "a{1000}".repeat(100);
    assert_eq!(Pattern::new(&many, "").unwrap().matches("a"), Ok(None));
}
