//! Image references against distribution's own grammar.

use serde_json::Value;
use taglint::image::{AnyRef, ImageRef, ReferenceError};

use crate::vectors::{self, Tally};

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

#[test]
fn references_of_the_suite() {
    let Some(data) = vectors::json("image-reference.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["parse"].as_array().unwrap() {
        let input = text(case, "input");
        let got = ImageRef::parse(input);
        let agrees = match (&got, case.get("error")) {
            (Ok(image), None) => {
                image.name() == text(case, "repository")
                    && image.domain() == text(case, "domain")
                    && image.tag().unwrap_or_default() == text(case, "tag")
                    && image.digest().map_or("", |digest| digest.as_str()) == text(case, "digest")
            }
            (Err(error), Some(wanted)) => {
                let name = match error {
                    ReferenceError::Empty => "ErrNameEmpty",
                    ReferenceError::Format(_) => "ErrReferenceInvalidFormat",
                    ReferenceError::Uppercase(_) => "ErrNameContainsUppercase",
                    ReferenceError::TooLong => "ErrNameTooLong",
                    ReferenceError::DigestUnsupported => "digest.ErrDigestUnsupported",
                    ReferenceError::DigestLength => "digest.ErrDigestInvalidLength",
                    _ => "other",
                };
                wanted == name
            }
            _ => false,
        };
        tally.case(agrees, || format!("{case} got {got:?}"));
    }
    for case in data["normalize"].as_array().unwrap() {
        let names = ["FamiliarName", "FullName", "AmbiguousName"].map(|key| text(case, key));
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let got = ImageRef::parse_normalized(name);
            let agrees = got.as_ref().is_ok_and(|image| {
                image.path() == text(case, "RemoteName")
                    && image.name() == text(case, "FullName")
                    && image.familiar_name() == text(case, "FamiliarName")
                    && image.domain() == text(case, "Domain")
            });
            tally.case(agrees, || format!("{name}: {case} got {got:?}"));
        }
    }
    tally.finish("image-reference");
}

/// The program that gave these answers was built without SHA-256, and refuses every valid digest;
/// the suite's own answers, above, accept them.
fn refused_for_its_build(key: &str, input: &str, wanted: &Value) -> bool {
    let refused = text(wanted, "error") == "unsupported digest algorithm";
    // For want of the algorithm, a bare digest is read as the repository `sha256` with a tag.
    let misread = key == "any" && input.starts_with("sha256:");
    misread || (refused && input.contains("@sha256:"))
}

fn describes(image: &ImageRef, wanted: &Value) -> bool {
    image.to_string() == text(wanted, "string")
        && image.name() == text(wanted, "name")
        && image.path() == text(wanted, "path")
        && image.domain() == text(wanted, "domain")
        && image.familiar_name() == text(wanted, "familiar_name")
        && image.familiar() == text(wanted, "familiar")
        && image.tag().unwrap_or_default() == text(wanted, "tag")
}

#[test]
fn computed_references() {
    let Some(data) = vectors::json("image-reference-computed.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let input = text(case, "input");
        let normalized = || ImageRef::parse_normalized(input);
        let named = |result: Result<ImageRef, _>| result.map(AnyRef::Named);
        for (key, got) in [
            ("parse", named(ImageRef::parse(input))),
            ("normalized", named(normalized())),
            ("any", ImageRef::parse_any(input)),
            ("docker_ref", named(normalized().map(ImageRef::as_pulled))),
            (
                "tag_name_only",
                named(normalized().map(ImageRef::with_default_tag)),
            ),
        ] {
            let wanted = &case["expected"][key];
            if refused_for_its_build(key, input, wanted) {
                continue;
            }
            let agrees = match &got {
                Err(_) => wanted.get("error").is_some(),
                Ok(AnyRef::Digest(digest)) => digest.as_str() == text(wanted, "digest"),
                Ok(AnyRef::Named(image)) => {
                    wanted.get("error").is_none() && describes(image, wanted)
                }
            };
            tally.case(agrees, || {
                format!("{key} {input:?} wanted {wanted} got {got:?}")
            });
        }
    }
    tally.finish("image-reference-computed");
}
