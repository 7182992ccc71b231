//! The names that are bound where a part of a program runs.

use std::rc::Rc;

use super::syntax::{Definition, Filter};
use super::value::Value;

/// What a name is bound to.
pub(super) enum Bound<'p> {
    Variable(&'p str, Value),
    Function(&'p Definition),
    /// An argument: a filter with what is bound where it was written.
    Argument(&'p str, &'p Filter, Environment<'p>),
    Label(&'p str, usize),
}

struct Link<'p> {
    bound: Bound<'p>,
    outer: Environment<'p>,
}

/// Names, the innermost first.
#[derive(Clone, Default)]
pub(super) struct Environment<'p>(Option<Rc<Link<'p>>>);

/// A function that a program defines, or an argument that is called like one.
pub(super) enum Callee<'p> {
    Function(&'p Definition, Environment<'p>),
    Argument(&'p Filter, Environment<'p>),
}

impl<'p> Environment<'p> {
    pub(super) fn with(&self, bound: Bound<'p>) -> Self {
        Self(Some(Rc::new(Link {
            bound,
            outer: self.clone(),
        })))
    }

    fn links(&self) -> impl Iterator<Item = (&Self, &Link<'p>)> {
        let mut next = self;
        std::iter::from_fn(move || {
            let own = next;
            let link = own.0.as_deref()?;
            next = &link.outer;
            Some((own, link))
        })
    }

    pub(super) fn variable(&self, wanted: &str) -> Option<Value> {
        self.links().find_map(|(_, link)| match &link.bound {
            Bound::Variable(name, value) if *name == wanted => Some(value.clone()),
            _ => None,
        })
    }

    pub(super) fn label(&self, wanted: &str) -> Option<usize> {
        self.links().find_map(|(_, link)| match &link.bound {
            Bound::Label(name, label) if *name == wanted => Some(*label),
            _ => None,
        })
    }

    pub(super) fn function(&self, wanted: &str, arity: usize) -> Option<Callee<'p>> {
        self.links().find_map(|(own, link)| match &link.bound {
            Bound::Function(definition)
                if definition.name == wanted && definition.parameters.len() == arity =>
            {
                Some(Callee::Function(definition, own.clone()))
            }
            Bound::Argument(name, filter, environment) if arity == 0 && *name == wanted => {
                Some(Callee::Argument(filter, environment.clone()))
            }
            _ => None,
        })
    }
}
