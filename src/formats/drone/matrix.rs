//! Woodpecker's `matrix`: the workflows that one file stands for.

use crate::formats::ci::tree::Tree;

/// More workflows than a matrix may reasonably stand for.
pub const MAX_INSTANCES: usize = 256;

/// Names and values of one instance.
pub type Instance = Vec<(String, String)>;

/// The instances, and whether these are all; one without values where there is no matrix.
#[must_use]
pub fn instances(matrix: Option<&Tree>) -> (Vec<Instance>, bool) {
    let Some(matrix) = matrix else {
        return (vec![Vec::new()], true);
    };
    let row = |tree: &Tree| -> Instance {
        let pairs = tree.pairs().iter();
        pairs
            .filter_map(|(key, value)| Some((key.text.clone(), value.scalar()?.text.clone())))
            .collect()
    };
    if let Some(include) = matrix.get("include") {
        let rows = include.items();
        let taken = rows.iter().take(MAX_INSTANCES).map(row);
        return (taken.collect(), rows.len() <= MAX_INSTANCES);
    }
    let mut whole = true;
    let mut all: Vec<Instance> = vec![Vec::new()];
    for (axis, values) in matrix.pairs() {
        let values: Vec<&str> = values.texts().collect();
        let mut next = Vec::new();
        for instance in &all {
            for value in &values {
                if next.len() == MAX_INSTANCES {
                    whole = false;
                    break;
                }
                let mut instance = instance.clone();
                instance.push((axis.text.clone(), (*value).to_owned()));
                next.push(instance);
            }
        }
        all = next;
    }
    (all, whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    #[test]
    fn axes_multiply_and_includes_are_all() {
        let rows = |text: &str| {
            let yaml = Yaml::parse(text);
            let row = |row: Instance| {
                row.into_iter()
                    .map(|(_, v)| v)
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            let (all, whole) = instances(Some(&Tree::read(yaml.first().unwrap())));
            assert!(whole);
            all.into_iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(rows("{A: [1, 2], B: [x, y]}"), ["1 x", "1 y", "2 x", "2 y"]);
        assert_eq!(rows("{include: [{A: 1, B: x}, {A: 2}]}"), ["1 x", "2"]);
    }
}
