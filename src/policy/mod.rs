//! What a repository wants: environments, and the variant scheme of its images.

mod environment;
mod scheme;

pub use environment::{Environment, Reason};
pub use scheme::{
    Affix, Form, Scheme, VersionTag, names_processor, tag_names_processor, version_tag,
};
