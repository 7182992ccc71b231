//! Compose files as bake definitions.

use super::config::Config;
use super::error::Outcome;
use super::{BakeFile, Request};

pub(super) fn is_compose(file: &BakeFile<'_>) -> bool {
    let name = file.name.to_ascii_lowercase();
    name.ends_with(".yml") || name.ends_with(".yaml")
}

pub(super) fn read(_request: &Request<'_>, _files: &[usize], _config: &mut Config) -> Outcome<()> {
    Ok(())
}
