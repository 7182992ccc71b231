#![allow(clippy::string_slice)]

use super::*;

fn texts(text: &str) -> Vec<String> {
    let yaml = Yaml::parse(text);
    yaml.documents()
        .filter_map(|root| root.path(&["a", "b"])?.text().map(str::to_owned))
        .collect()
}

#[test]
fn spans_cover_the_scalar_as_written() {
    let text = "名: 値\r\na:\r\n  b: \"x:1\" # note\r\n  c: [p, 'q']\r\n";
    let yaml = Yaml::parse(text);
    let root = yaml.first().unwrap();
    let b = root.path(&["a", "b"]).unwrap().scalar().unwrap();
    assert_eq!(&text[b.span.start..b.span.end], "\"x:1\"");
    let content = b.content_span();
    assert_eq!(&text[content.start..content.end], "x:1");
    let comment = yaml.comments()[0];
    assert_eq!(&text[comment.start..comment.end], "# note");
    let c = root.path(&["a", "c"]).unwrap();
    assert_eq!(&text[c.span().start..c.span().end], "[p, 'q']");
    assert_eq!(c.items().count(), 2);
}

#[test]
fn places_end_with_the_file() {
    for text in [
        "f: |\n  tex",
        "f: |\n  te\n\n",
        "f: >-\n  ä",
        "f: \"a\\\n  ä\"",
    ] {
        let yaml = Yaml::parse(text);
        let scalar = yaml.first().unwrap().get("f").unwrap().scalar().unwrap();
        let map = scalar.source_map();
        for (at, c) in scalar.text.char_indices() {
            let span = map.span(at..at + c.len_utf8());
            assert!(
                text.get(span.start..span.end).is_some(),
                "{text:?} {span:?}"
            );
        }
    }
}

#[test]
fn blank_lines_before_a_block_scalars_first_belong_to_it() {
    for text in [
        "a: |\n\n  docker push x\n  docker tag y\n",
        "a: &b >-\n \n\n  > docker push x\n\n  docker tag y\n",
        "a: |\r\n\r\n    | docker push x\r\n    docker tag y",
        "a: |2-\n   docker push x\n  docker tag y\n",
    ] {
        let yaml = Yaml::parse(text);
        let scalar = yaml.first().unwrap().get("a").unwrap().scalar().unwrap();
        let map = scalar.source_map();
        for word in ["push x", "docker tag", "y"] {
            let at = scalar.text.find(word).unwrap();
            let span = map.span(at..at + word.len());
            assert_eq!(&text[span.start..span.end], word, "{text:?}");
            assert_eq!(map.range(span), Some(at..at + word.len()), "{text:?}");
        }
    }
}

#[test]
fn a_block_scalar_at_the_end_has_the_line_feeds_that_are_there() {
    for (text, wanted) in [
        ("a: |\n  x", "x"),
        ("a: |\n  x\n", "x\n"),
        ("a: |\n  x\n\n", "x\n"),
        ("a: |+\n  x\n\n", "x\n\n"),
        ("a: |-\n  x\n", "x"),
        ("a: >\n  x\n  y", "x y"),
        ("a: |\n  x\n  y", "x\ny"),
    ] {
        let yaml = Yaml::parse(text);
        let scalar = yaml.first().unwrap().get("a").unwrap().scalar().unwrap();
        assert_eq!(scalar.text, wanted, "{text:?}");
    }
}

#[test]
fn block_scalars_map_each_line_to_its_place() {
    let text = "run: |\n    first -t a\n      more\n\n    last\nnext: x\n";
    let yaml = Yaml::parse(text);
    let scalar = yaml.first().unwrap().get("run").unwrap().scalar().unwrap();
    assert_eq!(scalar.text, "first -t a\n  more\n\nlast\n");
    let map = scalar.source_map();
    for word in ["first", "-t a", "more", "last"] {
        let at = scalar.text.find(word).unwrap();
        let span = map.span(at..at + word.len());
        assert_eq!(&text[span.start..span.end], word);
    }
}

#[test]
fn folded_and_quoted_scalars_map_too() {
    let text = "a: >-\n  one two\n  three\nb: \"x\\ty\\\"z w\"\nc: plain over\n  two lines\n";
    let yaml = Yaml::parse(text);
    for (key, words) in [
        ("a", vec!["one", "two", "three"]),
        ("b", vec!["z", "w"]),
        ("c", vec!["plain", "two", "lines"]),
    ] {
        let scalar = yaml.first().unwrap().get(key).unwrap().scalar().unwrap();
        let map = scalar.source_map();
        for word in words {
            let at = scalar.text.find(word).unwrap();
            let span = map.span(at..at + word.len());
            assert_eq!(&text[span.start..span.end], word, "{key}");
        }
    }
}

#[test]
fn types_follow_the_core_schema() {
    let text = "[3.10, 08, 0x10, 1e3, true, null, yes, on, '1', ~, -.inf, 1.2.3, 0o7, .5, '', -1]";
    let yaml = Yaml::parse(text);
    let typed: Vec<_> = yaml
        .first()
        .unwrap()
        .items()
        .map(|item| item.scalar().unwrap().typed())
        .collect();
    assert_eq!(
        typed,
        [
            Typed::Number(3.1),
            Typed::Number(8.0),
            Typed::Number(16.0),
            Typed::Number(1000.0),
            Typed::Bool(true),
            Typed::Null,
            Typed::Text("yes"),
            Typed::Text("on"),
            Typed::Text("1"),
            Typed::Null,
            Typed::Number(f64::NEG_INFINITY),
            Typed::Text("1.2.3"),
            Typed::Number(7.0),
            Typed::Number(0.5),
            Typed::Text(""),
            Typed::Number(-1.0),
        ]
    );
}

#[test]
fn merge_keys_and_aliases_are_followed() {
    let text = "base: &base {b: 1, c: 2}\na:\n  <<: [*base, {d: 4}]\n  c: 3\n";
    let yaml = Yaml::parse(text);
    let a = yaml.first().unwrap().get("a").unwrap();
    let found: Vec<_> = a
        .entries()
        .into_iter()
        .map(|(key, _, value)| (key, value.text().unwrap()))
        .collect();
    assert_eq!(found, [("c", "3"), ("b", "1"), ("d", "4")]);
    assert_eq!(a.get("d").unwrap().text(), Some("4"));
}

#[test]
fn a_fault_costs_its_own_document_only() {
    let text = "a: {b: 1}\n---\na: [b: \n---\na: {b: 3}\n";
    assert_eq!(texts(text), ["1", "3"]);
    assert_eq!(Yaml::parse(text).errors().len(), 1);
}

#[test]
fn hostile_input_is_an_error_and_no_panic() {
    let deep = "[".repeat(100_000);
    assert!(!Yaml::parse(&deep).errors().is_empty());
    let deep: String = (0..5_000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    assert!(!Yaml::parse(&deep).errors().is_empty());
    let own = Yaml::parse("a: &a\n  <<: *a\n  b: *a\n");
    assert!(own.first().unwrap().path(&["a", "b", "b", "c"]).is_none());
    let _ = own.first().unwrap().get("a").unwrap().entries();
    assert_eq!(Yaml::parse("a: *nothing\n").errors().len(), 1);
    assert!(Yaml::parse("").first().is_none());
}
