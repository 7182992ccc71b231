use super::*;
use crate::source::{FileId, Place, Span};

fn audit(tags: &[(&str, u8)]) -> Audit {
    let mut observed = Observed::listed("docker.io/emqx/nanomq", Vec::new());
    for (tag, number) in tags {
        let digest = format!("sha256:{number:064x}");
        let seen = Seen {
            digest: (*number > 0).then(|| crate::image::Digest::parse(&digest).unwrap()),
            ..Seen::default()
        };
        observed.tags.insert((*tag).to_owned(), seen);
    }
    let at = Place {
        file: FileId(0),
        span: Span::default(),
    };
    Audit::new(observed, None, at)
}

fn standings(audit: &Audit) -> Vec<String> {
    let told = audit.channels.iter().map(|channel| {
        let stands = match audit.standing(channel) {
            Standing::Absent => "absent".to_owned(),
            Standing::Unknown => "unknown".to_owned(),
            Standing::Newest(release) => format!("newest {}", release.spelled),
            Standing::Other(_, tag) => format!("other {tag}"),
            Standing::Crossed(_, _, tag) => format!("crossed {tag}"),
            Standing::Orphan => "orphan".to_owned(),
        };
        format!("{}: {stands}", channel.wanted)
    });
    told.collect()
}

#[test]
fn channels_stand_on_versions() {
    let audit = audit(&[
        ("0.24.9", 1),
        ("0.24.9-slim", 2),
        ("0.24.9-full", 3),
        ("0.24.8", 4),
        ("0.24.8-slim", 5),
        ("0.24.8-full", 6),
        ("0.25.0-rc.1", 7),
        ("latest", 2),
        ("latest-slim", 5),
        ("latest-full", 3),
    ]);
    let names: Vec<String> = (0..3).map(|index| audit.variant_name(index)).collect();
    assert_eq!(names, ["base", "full", "slim"]);
    let rows: Vec<&str> = audit
        .releases
        .iter()
        .map(|row| row.spelled.as_str())
        .collect();
    assert_eq!(rows, ["0.25.0-rc.1", "0.24.9", "0.24.8"]);
    assert_eq!(
        standings(&audit),
        [
            "latest: crossed 0.24.9-slim",
            "latest-full: newest 0.24.9",
            "latest-slim: other 0.24.8-slim"
        ]
    );
}

#[test]
fn nothing_is_concluded_from_what_was_not_seen() {
    let unseen = audit(&[("1.2.3", 0), ("1.2.2", 1), ("latest", 1)]);
    assert_eq!(standings(&unseen), ["latest: unknown"]);
    let seen = audit(&[("1.2.3", 2), ("1.2.2", 1), ("latest", 3)]);
    assert_eq!(standings(&seen), ["latest: orphan"]);
    let part = audit(&[("1.2.3", 2), ("1.2.2", 0), ("latest", 3)]);
    assert_eq!(standings(&part), ["latest: unknown"]);
    let mut cut = audit(&[("1.2.3", 2), ("1.2.2", 1)]);
    cut.observed.complete = false;
    assert_eq!(standings(&cut), ["latest: unknown"]);
    let none = audit(&[("latest", 3)]);
    assert_eq!(standings(&none), Vec::<String>::new());
}

#[test]
fn one_odd_tag_makes_no_variant() {
    let audit = audit(&[("1.2.3", 1), ("1.2.2", 2), ("1.2.2-hotfix", 3), ("1.2", 4)]);
    assert_eq!(audit.scheme.variants.len(), 1);
    assert_eq!(audit.newest_tags(1), ["1.2.3"]);
}

#[test]
fn what_was_seen_is_read_again() {
    let audit = audit(&[("1.2.3", 1)]);
    let saved = Saved::of(vec![audit.observed]);
    assert_eq!(Saved::read(&saved.text()), Ok(saved));
    for bad in [
        "",
        "{}",
        r#"{"schema":2,"images":[]}"#,
        r#"{"schema":1,"images":[{"image":"a","tags":{"x":{"digest":"y"}}}]}"#,
    ] {
        assert!(Saved::read(bad).is_err(), "{bad}");
    }
}

/// Every version with every suffix, and no digest known.
fn grid(rows: &[(&str, &[&str])]) -> Audit {
    let tags = rows.iter().flat_map(|(version, suffixes)| {
        suffixes
            .iter()
            .map(move |suffix| format!("{version}{suffix}"))
    });
    let tags: Vec<String> = tags.collect();
    let tags: Vec<(&str, u8)> = tags.iter().map(|tag| (tag.as_str(), 0)).collect();
    audit(&tags)
}

/// The variants that are missing somewhere, with where.
fn missing(audit: &Audit) -> Vec<String> {
    let told = (0..audit.scheme.variants.len()).filter_map(|variant| {
        let presence = audit.presence(variant)?;
        let since = if presence.given_up {
            &[][..]
        } else {
            &presence.since
        };
        let all: Vec<&Release> = since.iter().chain(&presence.gaps).copied().collect();
        let name = audit.variant_name(variant);
        (!all.is_empty()).then(|| format!("{name}: {}", in_words(&all)))
    });
    told.collect()
}

#[test]
fn slips_are_told_from_ends_and_lines() {
    let slim = &["", "-slim"][..];
    let base = &[""][..];
    // Forgotten, once and from one version on.
    let forgotten = grid(&[("1.2.4", slim), ("1.2.3", base), ("1.2.2", slim)]);
    assert_eq!(missing(&forgotten), ["slim: 1.2.3"]);
    let minor = grid(&[("1.4.0", slim), ("1.3.0", base), ("1.2.0", slim)]);
    assert_eq!(missing(&minor), ["slim: 1.3.0"]);
    let stopped = grid(&[
        ("1.2.4", base),
        ("1.2.3", base),
        ("1.2.2", slim),
        ("1.2.1", slim),
    ]);
    assert_eq!(missing(&stopped), ["slim: 1.2.3 and 1.2.4"]);
    // A variant that is new in two lines is not missing from the newer one before that.
    let lines = grid(&[
        ("1.3.1", slim),
        ("1.3.0", base),
        ("1.2.9", slim),
        ("1.2.8", base),
    ]);
    assert_eq!(missing(&lines), Vec::<String>::new());
    // Given up with a new major version.
    let major = grid(&[
        ("2.0.1", base),
        ("2.0.0", base),
        ("1.9.0", slim),
        ("1.8.0", slim),
    ]);
    assert_eq!(missing(&major), Vec::<String>::new());
}

#[test]
fn successors_are_no_slips() {
    let old = &["", "-bookworm", "-alpine3.20"][..];
    let new = &["", "-trixie", "-alpine3.21"][..];
    let both = &["", "-bookworm", "-trixie", "-alpine3.21"][..];
    for rows in [
        [
            ("1.2.4", new),
            ("1.2.3", new),
            ("1.2.2", old),
            ("1.2.1", old),
        ],
        [
            ("1.2.4", new),
            ("1.2.3", new),
            ("1.2.2", both),
            ("1.2.1", old),
        ],
    ] {
        assert_eq!(missing(&grid(&rows)), Vec::<String>::new());
    }
}
