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
