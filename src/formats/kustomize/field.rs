//! Which fields of an object the image transformer reaches.

use std::borrow::Cow;

use crate::yaml::{Kind, NodeRef, Scalar};

/// Objects nested deeper than this are not walked.
const MAX_DEPTH: usize = 64;

/// One step from an object's root to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<K = Cow<'static, str>> {
    /// The value under a key.
    Key(K),
    /// An item of a list.
    Item(usize),
}

impl<K: AsRef<str>> Step<K> {
    /// The key that it follows, if any.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key.as_ref()),
            Self::Item(_) => None,
        }
    }

    /// The same, to be kept beyond its file.
    #[must_use]
    pub fn kept(&self) -> Step {
        match self {
            Self::Key(key) => Step::Key(kept(key.as_ref())),
            Self::Item(index) => Step::Item(*index),
        }
    }
}

/// Keys on the way to most images: there are many of each, and none of these is held twice.
const COMMON: [&str; 14] = [
    "containers",
    "digest",
    "image",
    "initContainers",
    "jobTemplate",
    "newTag",
    "reference",
    "registry",
    "repository",
    "spec",
    "tag",
    "template",
    "values",
    "volumes",
];

fn kept(key: &str) -> Cow<'static, str> {
    match COMMON.into_iter().find(|common| *common == key) {
        Some(common) => Cow::Borrowed(common),
        None => Cow::Owned(key.to_owned()),
    }
}

/// A field that a transformer is told to change, as `configurations` and kustomize itself have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldSpec {
    /// Keys from the root, separated by `/`; lists on the way are entered.
    pub path: String,
    /// The group of the objects concerned; any where empty.
    pub group: String,
    /// The version of the objects concerned; any where empty.
    pub version: String,
    /// The kind of the objects concerned; any where empty.
    pub kind: String,
}

/// The fields that kustomize knows by itself.
const BUILT_IN: &[&[&str]] = &[
    &["spec", "containers", "image"],
    &["spec", "initContainers", "image"],
    &["spec", "template", "spec", "containers", "image"],
    &["spec", "template", "spec", "initContainers", "image"],
    &["spec", "volumes", "image", "reference"],
    &["spec", "template", "spec", "volumes", "image", "reference"],
];

/// Whether a field is one that kustomize knows by itself.
#[must_use]
pub fn is_built_in<K: AsRef<str>>(path: &[Step<K>]) -> bool {
    BUILT_IN
        .iter()
        .any(|spec| leads(spec.iter().copied(), path))
}

/// Whether the older search meets a field: the `image` of an item under `containers` or
/// `initContainers`, at any depth.
#[must_use]
pub fn is_container_image<K: AsRef<str>>(path: &[Step<K>]) -> bool {
    let [.., Step::Key(list), Step::Item(_), Step::Key(image)] = path else {
        return false;
    };
    image.as_ref() == "image" && matches!(list.as_ref(), "containers" | "initContainers")
}

fn leads<'a, K: AsRef<str>>(keys: impl Iterator<Item = &'a str>, path: &[Step<K>]) -> bool {
    keys.eq(path.iter().filter_map(Step::key))
}

impl FieldSpec {
    /// Whether it means this field of an object of a version and kind.
    #[must_use]
    pub fn reaches<K: AsRef<str>>(&self, api_version: &str, kind: &str, path: &[Step<K>]) -> bool {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        fits(&self.kind, kind)
            && fits(&self.group, group)
            && fits(&self.version, version)
            && leads(self.keys().iter().map(String::as_str), path)
    }

    /// The keys of its path: a slash behind a backslash belongs to its key.
    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for part in self.path.split('/') {
            match keys.last_mut().filter(|last| last.ends_with('\\')) {
                Some(last) => {
                    last.pop();
                    last.push('/');
                    last.push_str(part);
                }
                None => keys.push(part.to_owned()),
            }
        }
        let plain = |key: String| key.strip_suffix("[]").map(str::to_owned).unwrap_or(key);
        keys.into_iter().map(plain).collect()
    }
}

/// Calls back with every scalar of an object and the way to it. Aliases are not followed: what
/// they stand for is met at its anchor.
pub fn scalars<'d>(root: NodeRef<'d, '_>, visit: &mut impl FnMut(&[Step<&'d str>], Scalar<'d>)) {
    walk(root, &mut Vec::new(), visit);
}

fn walk<'d>(
    node: NodeRef<'d, '_>,
    path: &mut Vec<Step<&'d str>>,
    visit: &mut impl FnMut(&[Step<&'d str>], Scalar<'d>),
) {
    if path.len() > MAX_DEPTH || node.is_alias() {
        return;
    }
    match node.kind() {
        Kind::Scalar => {
            if let Some(scalar) = node.scalar() {
                visit(path, scalar);
            }
        }
        Kind::Sequence => {
            for (index, item) in node.items().enumerate() {
                path.push(Step::Item(index));
                walk(item, path, visit);
                path.pop();
            }
        }
        Kind::Mapping => {
            for (key, value) in node.pairs() {
                path.push(Step::Key(key.text().unwrap_or_default()));
                walk(value, path, visit);
                path.pop();
            }
        }
        Kind::Missing => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<Step> {
        let step = |part: &str| match part.parse() {
            Ok(index) => Step::Item(index),
            Err(_) => Step::Key(part.to_owned().into()),
        };
        text.split('/').map(step).collect()
    }

    #[test]
    fn fields_are_reached_by_their_keys() {
        for (field, built_in, by_search) in [
            ("spec/containers/0/image", true, true),
            ("spec/template/spec/initContainers/1/image", true, true),
            (
                "spec/jobTemplate/spec/template/spec/containers/0/image",
                false,
                true,
            ),
            (
                "spec/template/spec/ephemeralContainers/0/image",
                false,
                false,
            ),
            ("spec/volumes/0/image/reference", true, false),
            ("spec/image", false, false),
            ("spec/containers/image", true, false),
        ] {
            assert_eq!(is_built_in(&path(field)), built_in, "{field}");
            assert_eq!(is_container_image(&path(field)), by_search, "{field}");
        }
    }

    #[test]
    fn specs_may_name_group_version_and_kind() {
        let spec = |path: &str, group: &str, kind: &str| FieldSpec {
            path: path.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            ..FieldSpec::default()
        };
        let field = path("spec/tools/0/image");
        let reaches = |spec: FieldSpec| spec.reaches("acme.io/v1", "Robot", &field);
        assert!(reaches(spec("spec/tools/image", "", "")));
        assert!(reaches(spec("spec/tools[]/image", "acme.io", "Robot")));
        assert!(!reaches(spec("spec/tools[]/image", "", "Pod")));
        assert!(!reaches(spec("spec/tools[]/image", "apps", "")));
        let annotated = [
            path("metadata/annotations"),
            vec![Step::Key("a.io/b".into())],
        ]
        .concat();
        assert!(spec("metadata/annotations/a.io\\/b", "", "").reaches("v1", "Pod", &annotated));
        assert!(!spec("metadata/annotations/a.io/b", "", "").reaches("v1", "Pod", &annotated));
    }
}
