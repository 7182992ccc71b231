//! `taglint eval`.

use super::{FAILED, print, terminal};
use crate::cli::{EvalArgs, EvalFormat};
use crate::eval::expr;

/// Evaluates one Actions expression over the contexts of a file.
///
/// # Errors
/// A context file that cannot be read, or output that cannot be written.
pub fn run(args: &EvalArgs) -> Result<u8, String> {
    let contexts = match &args.context {
        Some(path) => {
            let shown = path.display();
            let text = crate::discover::read_named_text(path, crate::discover::MAX_FILE_BYTES)
                .map_err(|error| format!("{shown}: {}", crate::discover::plain(&error)))?;
            serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))?
        }
        None => serde_json::json!({}),
    };
    match expr::evaluate_to_json(&args.expression, &contexts) {
        Ok(value) => {
            let text = match args.format {
                EvalFormat::Json => value.to_string(),
                EvalFormat::Text => value
                    .get("string")
                    .and_then(serde_json::Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
            };
            print(&format!("{text}\n"))?;
            Ok(0)
        }
        Err(error) => {
            terminal::complain(&format!("column {}: {}", error.offset + 1, error.message));
            Ok(FAILED)
        }
    }
}
