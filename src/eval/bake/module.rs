//! What the files of a definition say together, before anything is evaluated.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::error::{At, Fault, Outcome};
use super::syntax::{Block, Body, Expr, Level, Node, Reference};
use super::value::Kind;
use super::variable::kind_of;
use super::{BakeFile, function, syntax};
use crate::eval::memo::Memo;

/// Names that bake itself gives.
pub(super) const GIVEN: [&str; 2] = ["BAKE_CMD_CONTEXT", "BAKE_LOCAL_PLATFORM"];

const PLAIN: Level = Level { blocks: &[] };
const VARIABLE: Level = Level {
    blocks: &[("validation", false, &PLAIN)],
};
const FILE: Level = Level {
    blocks: &[
        ("target", true, &PLAIN),
        ("group", true, &PLAIN),
        ("variable", true, &VARIABLE),
        ("function", true, &PLAIN),
    ],
};

/// All files in one.
#[derive(Default)]
pub(super) struct Module {
    pub(super) attributes: BTreeMap<Rc<str>, Rc<Expr>>,
    pub(super) variables: BTreeMap<Rc<str>, Variable>,
    pub(super) functions: BTreeMap<Rc<str>, Function>,
    /// Targets and groups, in order.
    pub(super) blocks: Vec<Block>,
}

/// A variable.
pub(super) struct Variable {
    pub(super) default: Option<Rc<Expr>>,
    pub(super) kind: Option<Kind>,
    pub(super) validations: Vec<Validation>,
    pub(super) at: At,
}

/// What a variable has to fulfil.
pub(super) struct Validation {
    pub(super) condition: Option<Rc<Expr>>,
    pub(super) message: Option<Rc<Expr>>,
    pub(super) at: At,
}

/// A function of the definition's own.
pub(super) struct Function {
    pub(super) parameters: Vec<Rc<str>>,
    pub(super) rest: Option<Rc<str>>,
    pub(super) result: Rc<Expr>,
    pub(super) at: At,
}

/// Bodies by their text.
type Bodies = Rc<Memo<String, Outcome<Body>>>;

thread_local! {
    static BODIES: RefCell<BTreeMap<usize, Bodies>> = RefCell::default();
}

impl Module {
    /// Reads an HCL or JSON file and adds what it says.
    pub(super) fn add(&mut self, file: &BakeFile<'_>, index: usize) -> Outcome<()> {
        let name = file.name.to_ascii_lowercase();
        let body = if name.ends_with(".json") {
            syntax::parse_json(file.text, index)?.body(&FILE)?
        } else {
            // Places tell files apart by their index.
            let memo = BODIES.with_borrow_mut(|known| Rc::clone(known.entry(index).or_default()));
            memo.of(file.text, file.text.len(), |text| {
                syntax::parse_native(text, index)
            })?
        };
        self.add_body(body)
    }

    fn add_body(&mut self, body: Body) -> Outcome<()> {
        for attribute in body.attributes {
            let reserved = GIVEN.contains(&&*attribute.name)
                || matches!(&*attribute.name, "target" | "group" | "function");
            if !reserved {
                self.attributes.insert(attribute.name, attribute.value);
            }
        }
        for block in body.blocks {
            if !matches!(&*block.kind, "target" | "group" | "variable" | "function") {
                continue;
            }
            let [label] = block.labels.as_slice() else {
                let message = format!("a `{}` block needs exactly one name", block.kind);
                return Err(Fault::at(block.at, message));
            };
            let label = Rc::clone(label);
            match &*block.kind {
                "variable" => {
                    let variable = variable(block)?;
                    if !GIVEN.contains(&&*label) {
                        self.variables.insert(label, variable);
                    }
                }
                "function" => {
                    let function = function(block)?;
                    self.functions.insert(label, function);
                }
                _ => self.blocks.push(block),
            }
        }
        Ok(())
    }

    /// Everything that a function needs is there, and no function needs itself.
    pub(super) fn check_functions(&self) -> Outcome<()> {
        let mut checked = Vec::new();
        for name in self.functions.keys() {
            self.check_function(name, &mut Vec::new(), &mut checked)?;
        }
        Ok(())
    }

    fn check_function<'m>(
        &'m self,
        name: &'m str,
        within: &mut Vec<&'m str>,
        checked: &mut Vec<&'m str>,
    ) -> Outcome<()> {
        let Some(function) = self.functions.get(name) else {
            return Ok(());
        };
        if checked.contains(&name) || function::exists(name) {
            return Ok(());
        }
        if within.contains(&name) {
            let message = format!("the function `{name}` calls itself");
            return Err(Fault::at(function.at, message));
        }
        if within.len() > 64 {
            return Err(Fault::at(function.at, "functions are nested too deeply"));
        }
        within.push(name);
        let mut bound: Vec<&str> = function.parameters.iter().map(|name| &**name).collect();
        bound.extend(function.rest.as_deref());
        let mut called = Vec::new();
        let mut missing = None;
        function.result.references(&mut bound, &mut |reference| {
            let (name, there) = match reference {
                Reference::Variable(name) => (name, self.has_variable(name)),
                Reference::Function(name) => {
                    called.push(&**name);
                    let there = function::exists(name) || self.functions.contains_key(name);
                    (name, there)
                }
            };
            if !there {
                missing.get_or_insert(name);
            }
        });
        if let Some(missing) = missing {
            let message = format!("`{missing}`, which the function `{name}` uses, does not exist");
            return Err(Fault::at(function.at, message));
        }
        for name in called {
            self.check_function(name, within, checked)?;
        }
        within.pop();
        checked.push(name);
        Ok(())
    }

    fn has_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
            || self.attributes.contains_key(name)
            || GIVEN.contains(&name)
    }
}

fn variable(block: Block) -> Outcome<Variable> {
    let body = block.body;
    let kind = body
        .attribute("type")
        .map(|kind| kind_of(kind))
        .transpose()?;
    let validations = body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind == "validation")
        .map(|inner| Validation {
            condition: inner.body.attribute("condition").cloned(),
            message: inner.body.attribute("error_message").cloned(),
            at: inner.at,
        })
        .collect();
    Ok(Variable {
        default: body.attribute("default").cloned(),
        kind,
        validations,
        at: block.at,
    })
}

fn function(block: Block) -> Outcome<Function> {
    let at = block.at;
    let body = block.body;
    for attribute in &body.attributes {
        if !matches!(&*attribute.name, "params" | "variadic_params" | "result") {
            let message = format!("a function has no `{}`", attribute.name);
            return Err(Fault::at(attribute.value.at, message));
        }
    }
    let needed = |name: &str| {
        let message = format!("a function needs `{name}`");
        body.attribute(name).ok_or_else(|| Fault::at(at, message))
    };
    let result = Rc::clone(needed("result")?);
    let parameters = match &needed("params")?.node {
        Node::Tuple(items) => items.iter().map(keyword).collect::<Outcome<_>>()?,
        _ => return Err(Fault::at(at, "`params` must be a list of names")),
    };
    Ok(Function {
        parameters,
        rest: body
            .attribute("variadic_params")
            .map(|rest| keyword(rest))
            .transpose()?,
        result,
        at,
    })
}

/// A name: as itself in HCL, as text in JSON.
fn keyword(expr: &Expr) -> Outcome<Rc<str>> {
    match (&expr.node, expr.as_text()) {
        (Node::Variable(name), _) => Ok(Rc::clone(name)),
        (_, Some(text)) => Ok(text.into()),
        _ => Err(Fault::at(expr.at, "a parameter must be a name")),
    }
}
