//! What names stand for while a definition is evaluated. Everything is evaluated once, when it is
//! first asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::asked::Asked;
use super::attribute::{self, Field};
use super::budget::{Budget, NESTING};
use super::error::{At, Fault, Outcome};
use super::expression::Locals;
use super::instance::Instance;
pub(super) use super::module::Function;
use super::module::Module;
use super::value::{Entries, Value};
use crate::eval::unknown::Mark;

/// A value on its way.
#[derive(Clone)]
pub(super) enum Slot<T> {
    Started,
    Done(T),
}

/// The names of one evaluation.
pub(super) struct Scope<'a> {
    pub(super) module: Module,
    pub(super) budget: Budget,
    request: &'a Asked<'a>,
    variables: RefCell<BTreeMap<Rc<str>, Slot<Option<Value>>>>,
    /// The instances of each block, known once all blocks have their names.
    pub(super) instances: OnceCell<Vec<Vec<Instance>>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(module: Module, request: &'a Asked<'a>) -> Self {
        Self {
            module,
            budget: Budget::new(),
            request,
            variables: RefCell::default(),
            instances: OnceCell::new(),
        }
    }

    /// The mark of something that is not known.
    pub(super) fn note(&self, what: &str, reason: &str) -> Mark {
        self.request.note(what, reason)
    }

    /// What the environment says of a variable, unless bake was told not to look.
    pub(super) fn environment(&self, name: &str) -> Option<String> {
        let switch = self
            .request
            .environment("BUILDX_BAKE_DISABLE_VARS_ENV_LOOKUP");
        if matches!(
            switch.as_deref(),
            Some("1" | "t" | "T" | "true" | "TRUE" | "True")
        ) {
            return None;
        }
        self.request.environment(name)
    }

    /// Whether a name stands for blocks and not for a variable.
    pub(super) fn is_block_kind(name: &str) -> bool {
        matches!(name, "target" | "group")
    }

    /// A function of the definition's own.
    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.module.functions.get(name)
    }

    /// The value of a variable; `None` where there is none of this name.
    pub(super) fn variable(&self, name: &Rc<str>) -> Outcome<Option<Value>> {
        let slot = self.variables.borrow().get(name).cloned();
        match slot {
            Some(Slot::Done(value)) => return Ok(value),
            Some(Slot::Started) => {
                return Err(Fault::new(format!("the variable `{name}` needs itself")));
            }
            None => {}
        }
        let started = Slot::Started;
        self.variables.borrow_mut().insert(Rc::clone(name), started);
        let value = self.resolve(name).and_then(|value| match value {
            Some(value) if !value.nests_within(NESTING) => {
                Err(Fault::new(format!("`{name}` is nested too deeply")))
            }
            value => Ok(value),
        });
        let mut variables = self.variables.borrow_mut();
        match value {
            Ok(value) => {
                variables.insert(Rc::clone(name), Slot::Done(value.clone()));
                Ok(value)
            }
            Err(fault) => {
                variables.remove(name);
                Err(fault)
            }
        }
    }

    /// The last instance of this kind and name, with its block's index.
    fn instance(&self, kind: &str, name: &str) -> Outcome<(usize, &Instance)> {
        let all = self.instances.get().map_or(&[][..], Vec::as_slice);
        self.budget.spend(all.len() / 8)?;
        all.iter()
            .enumerate()
            .filter(|(index, _)| {
                let block = self.module.blocks.get(*index);
                block.is_some_and(|block| &*block.kind == kind)
            })
            .flat_map(|(index, instances)| instances.iter().map(move |one| (index, one)))
            .filter(|(_, instance)| &*instance.name == name)
            .last()
            .ok_or_else(|| Fault::new(format!("there is no {kind} named `{name}`")))
    }

    /// The attribute of a target or a group, as an expression sees it.
    pub(super) fn block_attribute(
        &self,
        kind: &str,
        name: &str,
        attribute: &str,
    ) -> Outcome<Value> {
        let (index, instance) = self.instance(kind, name)?;
        if attribute == "name" {
            return Ok(Value::text(&instance.name));
        }
        let Some(rule) = attribute::rule(kind, attribute) else {
            let message = format!("a {kind} has no attribute `{attribute}`");
            return Err(Fault::new(message));
        };
        let field = self.field(index, instance, rule.name)?;
        Ok(field.map_or_else(|| rule.null(), |(field, _)| field.to_value()))
    }

    /// All attributes of a target or a group.
    pub(super) fn block_object(&self, kind: &str, name: &str) -> Outcome<Value> {
        let mut entries = Entries::new();
        entries.insert("name".into(), Value::text(name));
        for rule in attribute::rules(kind) {
            let value = self.block_attribute(kind, name, rule.name)?;
            entries.insert(rule.name.into(), value);
        }
        Ok(Value::object(entries))
    }

    /// One attribute of one instance, and where it stands; `None` where it is not set or null.
    pub(super) fn field(
        &self,
        block: usize,
        instance: &Instance,
        name: &'static str,
    ) -> Outcome<Option<(Field, At)>> {
        let Some(tree) = self.module.blocks.get(block) else {
            return Ok(None);
        };
        let (Some(expr), Some(rule)) =
            (tree.body.attribute(name), attribute::rule(&tree.kind, name))
        else {
            return Ok(None);
        };
        if let Some(mark) = instance.open {
            let field = rule.decode(&Value::Unknown(mark), expr.at)?;
            return Ok(field.map(|field| (field, expr.at)));
        }
        let slot = instance.fields.borrow().get(name).cloned();
        match slot {
            Some(Slot::Done(field)) => return Ok(field.map(|field| (field, expr.at))),
            Some(Slot::Started) => {
                let message = format!("`{}.{}.{name}` needs itself", tree.kind, instance.name);
                return Err(Fault::at(expr.at, message));
            }
            None => {}
        }
        instance.fields.borrow_mut().insert(name, Slot::Started);
        let locals = Locals {
            entries: &instance.locals,
            outer: None,
        };
        let field = self
            .evaluate(expr, &locals)
            .and_then(|value| Ok(rule.decode(&value, expr.at)?))
            .map_err(|fault| fault.or_at(expr.at))?;
        let done = Slot::Done(field.clone());
        instance.fields.borrow_mut().insert(name, done);
        Ok(field.map(|field| (field, expr.at)))
    }
}
