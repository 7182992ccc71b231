//! The order of versions against Renovate's, where both read a tag alike.
//!
//! Renovate compares any two tags; here only those are asked for that it calls compatible (the same
//! suffix, as many numbers). It calls `-rc1` and `-1` suffixes, which are a pre-release and a build
//! here, so that two tags which differ in these are compatible for neither.

use std::cmp::Ordering;

use taglint::image::Tag;

use crate::vectors::{self, Tally};

#[test]
fn compatible_versions_have_the_same_order() {
    let Some(data) = vectors::json("renovate-docker-versioning.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let (Some(a), Some(b)) = (case["a"].as_str(), case["b"].as_str()) else {
            continue;
        };
        if case["expected"]["compatible"] != true {
            continue;
        }
        // A lone long number is a date or a build to us, and never newer than `1`.
        let (Tag::Version { version: one, .. }, Tag::Version { version: two, .. }) =
            (Tag::parse(a), Tag::parse(b))
        else {
            continue;
        };
        let wanted = case["expected"]["compare"].as_i64().unwrap().cmp(&0);
        let got = one.cmp(&two);
        tally.case(got == wanted, || {
            format!("{a} {b}: wanted {wanted:?}, got {got:?}")
        });
    }
    tally.finish("renovate-docker-versioning");
}

#[test]
fn numbers_are_read_alike() {
    let Some(data) = vectors::json("renovate-docker-versioning.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let (Some(tag), Some(parsed)) = (case["a"].as_str(), case["expected"].get("parsed")) else {
            continue;
        };
        // What follows `u` is a number of Java's versions, and no pre-release as Renovate has it.
        if tag.starts_with("8u") {
            continue;
        }
        if let Tag::Version {
            version, prefix, ..
        } = Tag::parse(tag)
            && prefix.is_empty()
            && let Some(release) = parsed["release"].as_array()
        {
            let release: Vec<u64> = release.iter().filter_map(|n| n.as_u64()).collect();
            tally.case(version.numbers().cmp(&release) == Ordering::Equal, || {
                format!("{tag}: wanted {release:?}, got {version}")
            });
        }
    }
    tally.finish("renovate-docker-versioning, numbers");
}
