//! Whether two texts are the same document: what an edit must leave as it was.

use std::collections::BTreeMap;

use super::node::Data;
use super::{Scalar, Yaml};

impl<'s> Yaml<'s> {
    /// Every scalar as written, with its number among all nodes, in order of place.
    pub fn scalars(&self) -> impl Iterator<Item = (usize, Scalar<'_>)> {
        let nodes = self.nodes.iter().enumerate();
        nodes.filter_map(|(index, node)| Some((index, node.scalar(self.text)?)))
    }

    /// Whether a place lies in a collection written with brackets or braces.
    #[must_use]
    pub fn is_in_flow(&self, offset: usize) -> bool {
        let opens = |at: usize| matches!(self.text.as_bytes().get(at), Some(b'{' | b'['));
        self.nodes.iter().any(|node| {
            matches!(node.data, Data::Sequence(_) | Data::Mapping(_))
                && (node.span.start..node.span.end).contains(&offset)
                && opens(node.span.start)
        })
    }

    /// Whether both have the same documents, but for the scalars of these numbers: those have the
    /// text given, or any text where none is given. Comments are not looked at.
    #[must_use]
    pub fn is_same_but(&self, other: &Yaml<'_>, changed: &BTreeMap<usize, Option<String>>) -> bool {
        let same_shape = self.nodes.len() == other.nodes.len()
            && self.roots == other.roots
            && self.children == other.children
            && self.errors.len() == other.errors.len();
        let mut pairs = self.nodes.iter().zip(&other.nodes).enumerate();
        same_shape
            && pairs.all(|(index, (own, theirs))| {
                let data = match (&own.data, &theirs.data, changed.get(&index)) {
                    (Data::Scalar(..), Data::Scalar(text, _), Some(wanted)) => {
                        wanted.as_ref().is_none_or(|wanted| *wanted == **text)
                    }
                    (Data::Scalar(a, style), Data::Scalar(b, other), None) => {
                        a == b && style == other
                    }
                    (Data::Sequence(a), Data::Sequence(b), None)
                    | (Data::Mapping(a), Data::Mapping(b), None) => {
                        (a.start, a.end) == (b.start, b.end)
                    }
                    (Data::Alias(a), Data::Alias(b), None) => a == b,
                    _ => false,
                };
                data && own.tag == theirs.tag
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str, changed: &[(usize, Option<&str>)]) -> bool {
        let changed = changed
            .iter()
            .map(|(index, text)| (*index, text.map(str::to_owned)));
        Yaml::parse(a).is_same_but(&Yaml::parse(b), &changed.collect())
    }

    #[test]
    fn only_the_scalars_named_may_differ() {
        // The root is node 0, `a` 1, its value 2.
        for (a, b, changed, wanted) in [
            ("a: 1", "a: 1 # x\n", &[][..], true),
            ("a: 1", "a: 2", &[], false),
            ("a: 1", "a: 2", &[(2, Some("2"))], true),
            ("a: 1", "a: 2", &[(2, None)], true),
            ("a: 1", "a: 2", &[(2, Some("3"))], false),
            ("a: 1", "a: '1'", &[], false),
            ("a: x", "a: [x]", &[(2, None)], false),
            ("a: x", "a: !t x", &[], false),
            ("a: &x 1\nb: *x", "a: 1\nb: *x", &[], false),
            ("a: 1\n---\nb: 2", "a: 1\n", &[], false),
        ] {
            assert_eq!(same(a, b, changed), wanted, "{a:?} {b:?}");
        }
    }

    #[test]
    fn flow_is_told_by_brackets() {
        let text = "a: [x, {y: z}]\nb: w\n";
        let yaml = Yaml::parse(text);
        for (word, wanted) in [("x", true), ("z", true), ("w", false), ("b", false)] {
            let at = text.find(word).unwrap();
            assert_eq!(yaml.is_in_flow(at), wanted, "{word}");
        }
    }
}
