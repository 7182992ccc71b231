//! `taglint schema`.

use super::print;
use crate::cli::SchemaName;

/// JSON Schema of `check --format json`.
pub const CHECK: &str = include_str!("../../schemas/check.schema.json");
/// JSON Schema of `plan --format json`.
pub const PLAN: &str = include_str!("../../schemas/plan.schema.json");

/// JSON Schema of `audit --format json`.
pub const AUDIT: &str = include_str!("../../schemas/audit.schema.json");

/// Prints a schema.
///
/// # Errors
/// Output that cannot be written.
pub fn run(name: SchemaName) -> Result<u8, String> {
    print(match name {
        SchemaName::Check => CHECK,
        SchemaName::Plan => PLAN,
        SchemaName::Audit => AUDIT,
        SchemaName::Policy => crate::policy::SCHEMA,
    })?;
    Ok(0)
}
