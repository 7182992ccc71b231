//! The names that an expression takes from outside.

use std::rc::Rc;

use super::{Expr, For, Names, Node, Part, Step};

/// A name that an expression uses.
pub(in crate::eval::bake) enum Reference<'e> {
    Variable(&'e Rc<str>),
    Function(&'e Rc<str>),
}

impl Expr {
    /// Visits every function that is called and every variable that the expression does not give
    /// itself.
    pub(in crate::eval::bake) fn references<'e>(
        &'e self,
        bound: &mut Vec<&'e str>,
        visit: &mut dyn FnMut(Reference<'e>),
    ) {
        match &self.node {
            Node::Literal(_) => {}
            Node::Variable(name) => {
                if !bound.contains(&&**name) {
                    visit(Reference::Variable(name));
                }
            }
            Node::Template(parts) => in_parts(parts, bound, visit),
            Node::Tuple(items) => all(items, bound, visit),
            Node::Object(entries) => {
                for (key, value) in entries {
                    key.references(bound, visit);
                    value.references(bound, visit);
                }
            }
            Node::Conditional(parts) => all(parts.as_slice(), bound, visit),
            Node::Call(name, arguments, _) => {
                visit(Reference::Function(name));
                all(arguments, bound, visit);
            }
            Node::Traversal(base, steps) => {
                base.references(bound, visit);
                for step in steps {
                    if let Step::Index(index) = step {
                        index.references(bound, visit);
                    }
                }
            }
            Node::Not(inner) | Node::Negate(inner) => inner.references(bound, visit),
            Node::Binary(_, sides) => all(sides.as_slice(), bound, visit),
            Node::For(tree) => in_for(tree, bound, visit),
        }
    }
}

fn all<'e>(items: &'e [Expr], bound: &mut Vec<&'e str>, visit: &mut dyn FnMut(Reference<'e>)) {
    for item in items {
        item.references(bound, visit);
    }
}

fn bind<'e>(names: &'e Names, bound: &mut Vec<&'e str>) {
    bound.extend(names.key.as_deref());
    bound.push(&names.value);
}

fn in_for<'e>(tree: &'e For, bound: &mut Vec<&'e str>, visit: &mut dyn FnMut(Reference<'e>)) {
    tree.collection.references(bound, visit);
    let before = bound.len();
    bind(&tree.names, bound);
    let inner = [
        tree.key.as_ref(),
        Some(&tree.value),
        tree.condition.as_ref(),
    ];
    for part in inner.into_iter().flatten() {
        part.references(bound, visit);
    }
    bound.truncate(before);
}

fn in_parts<'e>(parts: &'e [Part], bound: &mut Vec<&'e str>, visit: &mut dyn FnMut(Reference<'e>)) {
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Hole(hole) => hole.references(bound, visit),
            Part::If(condition, chosen, other) => {
                condition.references(bound, visit);
                in_parts(chosen, bound, visit);
                in_parts(other, bound, visit);
            }
            Part::For(names, collection, inner) => {
                collection.references(bound, visit);
                let before = bound.len();
                bind(names, bound);
                in_parts(inner, bound, visit);
                bound.truncate(before);
            }
        }
    }
}
