use super::*;

fn version(text: &str) -> Version {
    Version::read(text).unwrap().0
}

#[test]
fn versions_are_ordered_by_their_numbers() {
    let sorted = [
        "1.9.0",
        "1.10.0-dev",
        "1.10.0-alpha.2",
        "1.10.0b1",
        "1.10.0-beta2",
        "1.10.0-M1",
        "1.10.0-rc.2",
        "1.10.0-rc.10",
        "1.10",
        "1.10.0",
        "1.10.0.1",
        "2",
        "8u66",
        "8u392",
        "17.0.9",
    ];
    let mut shuffled = sorted;
    shuffled.reverse();
    shuffled.swap(0, 7);
    shuffled.sort_by_key(|tag| version(tag));
    assert_eq!(shuffled, sorted);
}

#[test]
fn order_agrees_with_equality() {
    assert_eq!(version("v1.2.3"), version("1.2.3"));
    assert_ne!(
        version("1.2.3-rc1").cmp(&version("1.2.3-rc.1")),
        std::cmp::Ordering::Equal
    );
    let built = |build| version("1.2.3").with_build(build);
    assert!(built("r9") < built("r10"));
    assert!(version("1.2.3") < built("r1"));
}

#[test]
fn precision_is_whole_where_no_release_moves_it() {
    for (text, build, expected) in [
        ("1", "", Precision::Major),
        ("1.2", "", Precision::Minor),
        ("1.2.3", "", Precision::Full),
        ("1.2.3.4", "", Precision::Full),
        ("1.x", "", Precision::Major),
        ("1.2.x", "", Precision::Minor),
        ("8u392", "", Precision::Full),
        ("3.14-rc", "", Precision::Minor),
        ("3.14-rc1", "", Precision::Full),
        ("18beta1", "", Precision::Full),
        ("1.2.3-SNAPSHOT", "", Precision::Full),
        ("8.9", "1160", Precision::Full),
        ("1", "34.1599745032", Precision::Full),
        ("1.27", "r5", Precision::Full),
        ("16", "3.4", Precision::Major),
        ("16", "3", Precision::Major),
    ] {
        let version = version(text).with_build(build);
        assert_eq!(version.precision(), expected, "{text} {build}");
    }
}

#[test]
fn what_is_no_version_is_none() {
    for text in ["", "v", "latest", "x1", "99999999999999999999999999", "."] {
        assert!(Version::read(text).is_none(), "{text}");
    }
    assert_eq!(Version::read("1.2.").unwrap().1, ".");
    assert_eq!(Version::read("1.2.3-devel").unwrap().1, "-devel");
    assert_eq!(Version::read("1.2.3-b1234").unwrap().1, "-b1234");
}
