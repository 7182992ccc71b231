//! What a repository wants: environments, and the variant scheme of its images; and the file that
//! says so, `taglint.yaml`.
//!
//! Without a policy, environments follow from names and schemes from what releases publish. How a
//! policy's file is found is not known here.

mod allow;
mod declared;
mod environment;
mod environments;
mod file;
mod glob;
mod level;
mod load;
mod schema;
mod scheme;
mod schemes;
mod sets;
mod view;
mod wanted;

pub use allow::Allow;
pub use declared::{Channel, DeclaredScheme, Follows, Variant, version_form};
pub use environment::{Environment, Evidence, Reason};
pub use environments::{DeclaredEnvironment, Requirement};
pub use glob::{Pattern, image_names, without_tag};
pub use level::Level;
pub use load::{PolicyFault, parse};
pub use schema::SCHEMA;
pub use scheme::{
    Affix, Form, Scheme, VersionTag, names_processor, tag_names_processor, version_tag,
};
pub use sets::ComposeSet;
pub use wanted::{Declared, Named};

use std::path::Path;

use crate::source::FileId;

/// The names that the file of a policy goes by; the first wins where both lie in one folder, which is a
/// fault.
pub const FILE_NAMES: [&str; 2] = ["taglint.yaml", ".taglint.yaml"];

/// Whether the last part of a path is one of these.
#[must_use]
pub fn is_file_name(path: &Path) -> bool {
    let own = path.file_name().unwrap_or_default();
    FILE_NAMES.iter().any(|name| own == *name)
}

/// One policy, sound as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its file.
    pub file: FileId,
    /// Its file's name, for messages: `taglint.yaml`.
    pub shown: String,
    /// The schemes, in the order of the file.
    pub schemes: Vec<DeclaredScheme>,
    /// The environments, in the order of the file.
    pub environments: Vec<DeclaredEnvironment>,
    /// What a file deploys to that nothing marks.
    pub unmarked: Option<Environment>,
    /// Compose files that are loaded together.
    pub compose: Vec<ComposeSet>,
    /// Levels of rules.
    pub rules: Vec<(String, Level)>,
    /// Exceptions.
    pub allow: Vec<Allow>,
}

impl Policy {
    /// The level that it gives a rule.
    #[must_use]
    pub fn level(&self, rule: &str) -> Option<Level> {
        let mut rules = self.rules.iter();
        rules
            .find(|(name, _)| name == rule)
            .map(|(_, level)| *level)
    }

    /// Whether it asks for digests anywhere.
    #[must_use]
    pub fn requires_digests(&self) -> bool {
        let mut environments = self.environments.iter();
        environments.any(|one| one.require == Some(Requirement::Digest))
    }

    /// What it declares for an image: the first scheme that is for it.
    #[must_use]
    pub fn declared(&self, image: &str) -> Option<Declared> {
        self.schemes.iter().find_map(|scheme| {
            let variants = scheme.variants_of(image)?;
            Some(Declared {
                variants: variants.unwrap_or_default(),
                channels: scheme.channels.clone(),
                versions: scheme.versions.clone(),
                signed: scheme.signed,
                at: scheme.at,
            })
        })
    }
}
