//! The tags that Drone's container plugins make from a git ref.

use taglint::formats::drone::tags;

use super::vectors::{self, Tally};

#[test]
fn automatic_tags_of_drone() {
    let Some(json) = vectors::json("drone-auto-tag.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in json["vectors"].as_array().expect("a list") {
        let text = |name: &str| case[name].as_str().expect("text");
        let (reference, suffix) = (text("ref"), text("suffix"));
        let expected = &case["expected"];
        let applies = tags::applies(reference, text("default_branch"));
        let found = tags::of_drone(reference, suffix);
        let wanted: Option<Vec<&str>> = expected["tags"]
            .as_array()
            .map(|tags| tags.iter().filter_map(|tag| tag.as_str()).collect());
        let same = match (&found, &wanted) {
            (Ok(found), Some(wanted)) => found == wanted,
            (Err(_), None) => true,
            _ => false,
        };
        let agrees = same && expected["use_default_tag"] == applies;
        tally.case(agrees, || {
            format!("{reference} {suffix}: {found:?} {applies}, not {expected}")
        });
    }
    tally.finish("drone-auto-tag.json");
}
