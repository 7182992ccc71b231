//! The templates in attributes: `{{branch}}`, `{{date 'YYYYMMDD'}}`, `{{#if prerelease}}…{{/if}}`.
//!
//! They are Handlebars templates. Lexer, parser, the dropping of blanks and the rendering follow
//! that language as far as it can reach from an attribute; partials do not exist there, and
//! decorators render as unknown.

mod builtin;
mod expression;
mod inside;
mod lexer;
mod parser;
mod render;
mod scope;
mod token;
mod tree;
mod value;
mod whitespace;

pub(crate) use value::{Arguments, Names, Value};

use super::super::unknown::{Unknowns, first_mark};
use tree::{Expression, Statement};

/// Renders a template. Where an unknown part stands in the tags of the template, or it fails while
/// it holds unknown parts, nothing is known of the result.
///
/// # Errors
/// The message with which the run fails.
pub(crate) fn render(
    template: &str,
    names: &dyn Names,
    unknowns: &Unknowns,
) -> Result<String, String> {
    if !template.contains("{{") {
        return Ok(template.to_owned());
    }
    let mark = first_mark(template);
    let rendered = match mark {
        Some(mark) if parser::has_unknown_names(template) => Ok(mark.as_char().to_string()),
        _ => parser::parse(template).and_then(|program| render::render(&program, names, unknowns)),
    };
    match (rendered, mark) {
        (Err(_), Some(mark)) => Ok(mark.as_char().to_string()),
        (rendered, _) => rendered,
    }
}

/// Whether a template is the one statement `{{raw}}`, in whatever spelling.
pub(crate) fn is_raw_statement(template: &str) -> bool {
    let Ok(program) = parser::parse_only(template) else {
        return false;
    };
    let [Statement::Mustache { call, .. }] = program.body.as_slice() else {
        return false;
    };
    matches!(&call.path, Expression::Path(path) if path.parts == ["raw"])
}

#[cfg(test)]
mod tests;
