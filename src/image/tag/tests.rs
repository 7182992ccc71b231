use super::*;
use crate::image::{Pin, Precision};

fn told(tag: &str) -> String {
    let read = Tag::parse(tag);
    let variant = read.variant().unwrap_or_default();
    match read {
        Tag::Version { version, .. } => {
            let precision = match version.precision() {
                Precision::Full => "version",
                Precision::Major | Precision::Minor => "partial",
            };
            let pre = version.prerelease().map(|pre| format!(" pre {pre}"));
            let build = version.build().map(|build| format!(" build {build}"));
            let (pre, build) = (pre.unwrap_or_default(), build.unwrap_or_default());
            format!("{precision}{pre}{build} [{variant}]")
        }
        Tag::Channel { name, .. } => format!("{name} [{variant}]"),
        other => format!("{other:?}"),
    }
}

fn tell(cases: &[(&str, &str)]) {
    for (tag, expected) in cases {
        assert_eq!(told(tag), *expected, "{tag}");
    }
}

#[test]
fn versions_with_variants() {
    tell(&[
        ("1.27.4", "version []"),
        ("v1.27.4-alpine3.20-slim", "version [alpine3.20-slim]"),
        ("1.2.3-bookworm", "version [bookworm]"),
        ("1.2.3_slim", "version [slim]"),
        (
            "12.1.0-cudnn8-devel-ubuntu22.04",
            "version [cudnn8-devel-ubuntu22.04]",
        ),
        ("1.2.3-", "version []"),
        ("5.0.0.Final", "version build Final []"),
        ("8u392", "version []"),
        ("8u392-jre-alpine", "version [jre-alpine]"),
        ("2024.03.1", "version []"),
        ("2.20260804.1", "version []"),
        ("v1.0.20210914", "version []"),
        ("release-1.6.0", "version []"),
        ("release-6.3.0.10514", "version []"),
        ("version-0.6.18", "version []"),
        ("cuda-1.2.3", "version [cuda]"),
        ("cuda-1.2.3-slim", "version [cuda-slim]"),
        ("debug-v0.16.0", "version [debug]"),
    ]);
    let Tag::Version {
        leading_v,
        prefix,
        suffix,
        ..
    } = Tag::parse("debug-v0.16.0-x")
    else {
        panic!("no version");
    };
    assert!(leading_v);
    assert_eq!((prefix.as_str(), suffix.as_str()), ("debug", "x"));
    assert!(matches!(
        Tag::parse("dev1-1.2.3"),
        Tag::Version {
            leading_v: false,
            ..
        }
    ));
}

#[test]
fn builds_of_a_version() {
    tell(&[
        ("17.0.9_9-jre", "version build 9 [jre]"),
        ("1.2.3-debian-12-r5", "version build r5 [debian-12]"),
        ("1.2.3-1", "version build 1 []"),
        ("1.136.0-01", "version build 01 []"),
        ("8.9-1160", "version build 1160 []"),
        ("3.8_1", "version build 1 []"),
        ("1-34.1599745032", "version build 34.1599745032 []"),
        ("16-3.4-alpine", "partial build 3.4 [alpine]"),
        ("1.2.3-20240311", "version build 20240311 []"),
        ("2026.2.16-8e824017d", "version build 8e824017d []"),
        ("1.2.3-5-g1a2b3c4", "version build 5-g1a2b3c4 []"),
        ("v1.28.3-eks-a-1", "version [eks-a-1]"),
        ("10.8.6-nanoserver-1809", "version [nanoserver-1809]"),
    ]);
}

#[test]
fn prereleases() {
    tell(&[
        ("v1.2.3-rc.1-full", "version pre rc.1 [full]"),
        ("1.2.3rc1", "version pre rc1 []"),
        ("2.0.0-beta2", "version pre beta2 []"),
        ("1.2.3b1-alpine", "version pre b1 [alpine]"),
        ("1.0.0-alpha", "version pre alpha []"),
        ("1.0.0-SNAPSHOT", "version pre SNAPSHOT []"),
        ("3.0.0-M1", "version pre M1 []"),
        ("1.2.3.dev4", "version pre dev4 []"),
        ("1.2.3-preview.2-slim", "version pre preview.2 [slim]"),
        ("21-ea-1", "version pre ea-1 []"),
        ("3.14-rc", "partial pre rc []"),
        ("3.14-rc-slim", "partial pre rc [slim]"),
        ("1.2.3-devel", "version [devel]"),
    ]);
}

#[test]
fn parts_of_versions() {
    tell(&[
        ("1", "partial []"),
        ("v4", "partial []"),
        ("1.27-alpine", "partial [alpine]"),
        ("1.x", "partial []"),
        ("22.04", "partial []"),
        ("3.12-slim-bookworm", "partial [slim-bookworm]"),
        ("2.5-edge", "partial [edge]"),
        ("25.10-py3", "partial [py3]"),
        ("stable-1", "partial []"),
        ("release-1.6", "partial []"),
        ("cuda-12.4", "partial [cuda]"),
    ]);
}

#[test]
fn channels() {
    tell(&[
        ("latest", "latest []"),
        ("LATEST", "latest []"),
        ("latest-slim", "latest [slim]"),
        ("latest-Slim", "latest [Slim]"),
        ("latest_full", "latest [full]"),
        ("latest-py3", "latest [py3]"),
        ("slim-latest", "latest [slim]"),
        ("slim", "latest [slim]"),
        ("alpine", "latest [alpine]"),
        ("bookworm-slim", "latest [bookworm-slim]"),
        ("alpine3.20", "latest [alpine3.20]"),
        ("ubi9-minimal", "latest [ubi9-minimal]"),
        ("arm64v8", "latest [arm64v8]"),
        ("lts-alpine", "lts [alpine]"),
        ("nightly", "nightly []"),
        ("main", "main []"),
        ("edge-alpine3.20", "edge [alpine3.20]"),
        ("iron", "latest [iron]"),
    ]);
}

#[test]
fn commits_and_dates() {
    tell(&[
        ("sha-1a2b3c4", "Commit"),
        ("sha-1234567", "Commit"),
        ("main-1a2b3c4", "Commit"),
        ("1a2b3c4", "Commit"),
        ("deadbeef", "Commit"),
        ("860c1904a1ce19322e91ac35af1ab07466440c37", "Commit"),
        ("v1beta1-45c5727", "Commit"),
        ("v1-3f15cb8", "Commit"),
        ("20240910", "Date"),
        ("20240910-slim", "Date"),
        ("202409101530", "Date"),
        ("2024-09-10", "Date"),
        ("2024-09", "Date"),
        ("nightly-2024-09-10", "Date"),
        ("nightly-20240910", "Date"),
        ("bookworm-20240311", "Date"),
        ("3.20-20240311", "Date"),
        ("20230617_a144551", "Date"),
        ("RELEASE.2022-07-17T15-43-14Z", "Date"),
    ]);
}

#[test]
fn nothing_is_told_of_the_rest() {
    tell(&[
        ("1234567", "Other"),
        ("20249999", "Other"),
        ("homelab", "Other"),
        ("dummy", "Other"),
        ("k8s", "Other"),
        ("e2e", "Other"),
        ("pr-15", "Other"),
        ("main-15", "Other"),
        ("master-123", "Other"),
        ("build-123456", "Other"),
        ("3scale2.10", "Other"),
        ("latest-defaced", "latest [defaced]"),
        ("1.2.3+meta", "Other"),
        ("-1", "Other"),
        ("é", "Other"),
        ("", "Other"),
    ]);
}

#[test]
fn every_tag_has_a_pin() {
    for (tag, pin) in [
        ("1.2.3", Pin::Version),
        ("1.2", Pin::Partial),
        ("slim", Pin::Channel),
        ("deadbeef", Pin::Commit),
        ("20240910", Pin::Date),
        ("dummy", Pin::Other),
    ] {
        assert_eq!(Pin::of_tag(&Tag::parse(tag)), pin, "{tag}");
    }
}

#[test]
fn no_text_is_too_odd() {
    // Pieces that readers look for, in every order a small generator comes up with.
    const PIECES: &[&str] = &[
        "1",
        "v",
        ".",
        "-",
        "_",
        "rc",
        "20240910",
        "abcdef1",
        "latest",
        "slim",
        "é",
        ":",
        "@",
        "/",
        "sha256:",
        "x",
        "u9",
        "",
        "99999999999999999999",
        "T",
        "[",
        "]",
        "A",
    ];
    let mut seed = 1_u64;
    for _ in 0..50_000 {
        let mut text = String::new();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let index = usize::try_from(seed >> 33).unwrap() % PIECES.len();
            text.push_str(PIECES[index]);
        }
        let tag = Tag::parse(&text);
        let _ = (tag.variant(), Pin::of_tag(&tag));
        if let Ok(image) = crate::image::ImageRef::parse(&text) {
            assert_eq!(image.to_string(), text);
            assert_eq!(image.normalized(), image.normalized().normalized());
        }
        let _ = crate::image::ImageRef::parse_any(&text);
    }
}
