//! YAML documents: every node lies in the text, and what is read of it leads back to its place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::yaml::{Kind, NodeRef, Yaml};
use taglint_fuzz::lies_in;

fn walk(text: &str, node: NodeRef<'_, '_>) {
    lies_in(node.span(), text);
    if node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Scalar => {
            let Some(scalar) = node.scalar() else { return };
            lies_in(scalar.span, text);
            lies_in(scalar.content_span(), text);
            let _ = scalar.typed();
            let map = scalar.source_map();
            lies_in(map.span(0..scalar.text.len()), text);
            for (at, c) in scalar.text.char_indices().take(64) {
                lies_in(map.span(at..at + c.len_utf8()), text);
            }
        }
        Kind::Sequence => node.items().for_each(|item| walk(text, item)),
        Kind::Mapping => {
            for (key, value) in node.pairs() {
                walk(text, key);
                walk(text, value);
            }
            let _ = node.entries();
        }
        Kind::Missing => {}
    }
}

fuzz_target!(|text: &str| {
    for yaml in [Yaml::parse(text), Yaml::parse_with_comments(text)] {
        yaml.documents().for_each(|root| walk(text, root));
        yaml.comments().into_iter().for_each(|comment| lies_in(comment, text));
        yaml.errors().iter().for_each(|error| lies_in(error.span, text));
    }
});
