//! What `docker buildx bake --print` would print: the targets of a definition with their tags,
//! evaluated without running bake.
//!
//! A definition is any number of HCL, JSON and compose files together. What the environment gives
//! may be unknown; such parts stay in the texts as marks, and everything that rests on them is
//! unknown with them.

mod asked;
mod attribute;
mod budget;
mod check;
mod compose;
mod config;
mod csv;
mod definition;
mod entry;
mod error;
mod expression;
mod function;
mod instance;
mod module;
mod overrides;
mod path;
mod resolve;
mod scope;
mod syntax;
mod value;
mod variable;

use std::rc::Rc;

use crate::eval::unknown::Unknowns;
use asked::Asked;
pub use definition::{Definition, TagText, Target};
pub use error::BakeError;
pub(super) use function::digest::md5_hex as md5;

/// The files that bake reads where none is named: all of these that exist, in this order.
pub const DEFAULT_FILES: &[&str] = &[
    "compose.yaml",
    "compose.yml",
    "docker-compose.yml",
    "docker-compose.yaml",
    "docker-bake.json",
    "docker-bake.hcl",
    "docker-bake.override.json",
    "docker-bake.override.hcl",
];

/// One file of a definition.
#[derive(Debug, Clone, Copy)]
pub struct BakeFile<'a> {
    /// Its name; the ending decides how it is read. Without an ending that bake knows, it is read as
    /// a compose file where it is one, and else as HCL.
    pub name: &'a str,
    /// What it holds.
    pub text: &'a str,
}

/// What bake is asked to do.
pub struct Request<'a> {
    /// The files, in the order in which they are named.
    pub files: &'a [BakeFile<'a>],
    /// The targets and groups to build; `default` where empty.
    pub targets: &'a [String],
    /// What `--set` says, `target.attribute=value` each.
    pub set: &'a [String],
    /// The environment; values may hold unknown parts. For compose files it should also give what
    /// `.env` says, for bake's own files not.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// Where unknown things are noted.
    pub unknowns: &'a Unknowns,
}

/// Evaluates a definition.
///
/// # Errors
/// What bake itself would refuse, or what would take too long to evaluate.
pub fn evaluate(request: &Request<'_>) -> Result<Rc<Definition>, BakeError> {
    asked::evaluate(request)
}

fn evaluated(request: &Asked<'_>) -> error::Outcome<Definition> {
    let mut composes = Vec::new();
    let mut module = module::Module::default();
    for (index, file) in request.files.iter().enumerate() {
        if compose::is_compose(file) {
            composes.push(index);
        } else {
            module.add(file, index)?;
        }
    }
    let mut config = config::Config::default();
    if !composes.is_empty() {
        compose::read(request, &composes, &mut config)?;
    }
    if composes.len() < request.files.len() {
        let scope = scope::Scope::new(module, request);
        config.add_module(&scope)?;
    }
    let mut resolution = resolve::resolve(&config, request)?;
    let epoch = request.environment("SOURCE_DATE_EPOCH");
    if let Some(epoch) = epoch.filter(|epoch| !epoch.is_empty()) {
        resolution.default_argument("SOURCE_DATE_EPOCH", &epoch);
    }
    Definition::new(resolution)
}

#[cfg(test)]
mod tests;
