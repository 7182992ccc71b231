//! What `auto_tag` of Drone's Docker plugin makes of a ref.

use taglint::eval::drone::{AutoTag, Family};

use crate::vectors::{self, Tally};

#[test]
fn auto_tags_are_those_of_the_plugin() {
    let Some(data) = vectors::json("drone-auto-tag.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let auto = AutoTag {
            family: Family::Drone,
            reference: case["ref"].as_str().unwrap(),
            default_branch: case["default_branch"].as_str().unwrap(),
            suffix: case["suffix"].as_str().unwrap(),
            default_tag: "latest",
        };
        let expected = &case["expected"];
        let tags = auto.tags();
        let same = match (&tags, expected.get("tags")) {
            (Ok(tags), Some(wanted)) => *wanted == serde_json::json!(tags),
            (Err(_), None) => expected.get("error").is_some(),
            _ => false,
        };
        let builds = expected["use_default_tag"] == auto.builds();
        tally.case(same && builds, || {
            format!("{case}: got {tags:?}, {}", auto.builds())
        });
    }
    tally.finish("drone-auto-tag");
}
