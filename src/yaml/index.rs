//! Where the keys of large mappings stand: thousands of lookups in a mapping of thousands of keys, as
//! merge keys make them, must not each go through it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Yaml;
use super::node::{Data, NodeId, NodeRef};

/// A mapping of no more keys than this is looked through key by key.
pub(super) const FEW: usize = 64;

/// The keys of one mapping.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The first pair of each key, by the key's hash.
    first: HashMap<u64, u32>,
    /// The pairs of `<<`.
    merges: Vec<u32>,
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The indexes of all large mappings.
pub(super) fn of(yaml: &Yaml<'_>) -> HashMap<NodeId, Index> {
    let mut indexes = HashMap::new();
    for (number, node) in (0..).zip(&yaml.nodes) {
        let Data::Mapping(range) = &node.data else {
            continue;
        };
        if (range.end - range.start) as usize <= 2 * FEW {
            continue;
        }
        let id = NodeId(number);
        let mut index = Index::default();
        for (at, (key, _)) in (0..).zip(NodeRef::at(yaml, id).pairs()) {
            match key.text() {
                Some("<<") => index.merges.push(at),
                Some(text) => {
                    index.first.entry(hash(text)).or_insert(at);
                }
                None => {}
            }
        }
        indexes.insert(id, index);
    }
    indexes
}

impl Index {
    /// The pair that a key may be; of two keys with one hash the other has to be looked for.
    pub(super) fn pair(&self, name: &str) -> Option<usize> {
        self.first.get(&hash(name)).map(|at| *at as usize)
    }

    /// The pairs of `<<`.
    pub(super) fn merges(&self) -> impl Iterator<Item = usize> + '_ {
        self.merges.iter().map(|at| *at as usize)
    }
}
