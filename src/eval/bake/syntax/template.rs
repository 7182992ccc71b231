//! Templates: text with `${…}` and `%{…}`, and the blanks that `~` takes away.

use hcl_edit::expr::Expression;
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::native::{Reader, literal};
use super::{Expr, Names, Node, Part};
use crate::eval::bake::error::{At, Fault, Outcome};

/// Reads the text of a JSON string: all of it stands at one place.
pub(super) fn parse_text(text: &str, at: At) -> Outcome<Expr> {
    if !text.contains("${") && !text.contains("%{") {
        return Ok(Expr {
            node: literal(text, at),
            at,
        });
    }
    let template = hcl_edit::parser::parse_template(text)
        .map_err(|error| Fault::at(at, error.message().to_owned()))?;
    let reader = Reader {
        file: at.file,
        all: Some(at),
        indent: 0,
    };
    let parts = parts(&reader, &template)?;
    let node = match parts.as_slice() {
        [Part::Literal(text)] => literal(text, at),
        _ => Node::Template(parts),
    };
    Ok(Expr { node, at })
}

/// The parts of a template, blanks taken away.
pub(super) fn parts<'t>(
    reader: &Reader,
    template: impl IntoIterator<Item = &'t Element>,
) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    let mut trim_next = false;
    for element in template {
        let (before, after) = edges(element);
        if before {
            trim_end(&mut parts);
        }
        match element {
            Element::Literal(text) => {
                let text = text.value().as_str();
                let text = if trim_next { text.trim_start() } else { text };
                parts.push(Part::Literal(text.to_owned()));
            }
            Element::Interpolation(hole) => {
                let reader = Reader {
                    indent: 0,
                    ..*reader
                };
                parts.push(Part::Hole(reader.expression(&hole.expr)?));
            }
            Element::Directive(directive) => parts.push(self::directive(reader, directive)?),
        }
        trim_next = after;
    }
    Ok(parts)
}

fn directive(reader: &Reader, directive: &Directive) -> Outcome<Part> {
    match directive {
        Directive::If(tree) => {
            let condition = boxed(reader, &tree.if_expr.cond_expr)?;
            let otherwise = tree.else_expr.as_ref();
            let end = tree.endif_expr.strip;
            let next = otherwise.map_or(end, |tree| tree.strip);
            let chosen = inside(reader, &tree.if_expr.template, tree.if_expr.strip, next)?;
            let other = match otherwise {
                Some(tree) => inside(reader, &tree.template, tree.strip, end)?,
                None => Vec::new(),
            };
            Ok(Part::If(condition, chosen, other))
        }
        Directive::For(tree) => {
            let tree_for = &tree.for_expr;
            let names = Names {
                key: tree_for.key_var.as_ref().map(|name| name.as_str().into()),
                value: tree_for.value_var.as_str().into(),
            };
            let end = tree.endfor_expr.strip;
            Ok(Part::For(
                names,
                boxed(reader, &tree_for.collection_expr)?,
                inside(reader, &tree_for.template, tree_for.strip, end)?,
            ))
        }
    }
}

fn boxed(reader: &Reader, tree: &Expression) -> Outcome<Box<Expr>> {
    Ok(Box::new(reader.expression(tree)?))
}

/// The template between two directives, trimmed as the two ask.
fn inside(reader: &Reader, template: &Template, open: Strip, close: Strip) -> Outcome<Vec<Part>> {
    let mut parts = parts(reader, template)?;
    for part in &mut parts {
        if let Part::Literal(text) = part {
            *text = dedent(text, reader.indent);
        }
    }
    if takes_after(open)
        && let Some(Part::Literal(text)) = parts.first_mut()
    {
        *text = text.trim_start().to_owned();
    }
    if takes_before(close) {
        trim_end(&mut parts);
    }
    Ok(parts)
}

/// The text without the first blanks of each line that starts in it.
fn dedent(text: &str, blanks: usize) -> String {
    let mut lines = text.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let own = line.len() - line.trim_start_matches(' ').len();
        out.push('\n');
        out.push_str(line.get(own.min(blanks)..).unwrap_or_default());
    }
    out
}

fn trim_end(parts: &mut [Part]) {
    if let Some(Part::Literal(text)) = parts.last_mut() {
        text.truncate(text.trim_end().len());
    }
}

/// Whether an element takes the blanks before and after it.
fn edges(element: &Element) -> (bool, bool) {
    let (open, close) = match element {
        Element::Literal(_) => (Strip::None, Strip::None),
        Element::Interpolation(hole) => (hole.strip, hole.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(tree) => (tree.if_expr.strip, tree.endif_expr.strip),
            Directive::For(tree) => (tree.for_expr.strip, tree.endfor_expr.strip),
        },
    };
    (takes_before(open), takes_after(close))
}

fn takes_before(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn takes_after(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}
