//! What a script has set so far, and the join of two ways that it may have gone.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::syntax::Statement;

/// One element of a list, which may be there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) text: String,
    pub(super) certain: bool,
}

impl Item {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            certain: true,
        }
    }
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Var {
    Unset,
    Text(String),
    List(Vec<Item>),
    Map(Vec<(String, String)>),
}

/// A local variable's name with what it hid.
type Hidden = (String, Option<Var>);

/// Everything that a statement can change, but for what it writes for others to read.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) variables: Rc<HashMap<String, Var>>,
    pub(super) exported: Rc<BTreeMap<String, ()>>,
    pub(super) files: Rc<BTreeMap<String, String>>,
    pub(super) functions: Rc<HashMap<String, Rc<Statement>>>,
    pub(super) positional: Vec<Item>,
    /// Where commands run, seen from where the script started.
    pub(super) directory: String,
    /// The local variables of the functions that are running, innermost last.
    pub(super) frames: Vec<Vec<Hidden>>,
    /// What was written to standard output where it is captured.
    pub(super) output: String,
    /// The script that runs, where it is a file of the repository.
    pub(super) script: Option<String>,
    /// How many scripts of the repository run one another.
    pub(super) scripts: usize,
    /// A script that was sourced and could not be read: it may have set any variable.
    pub(super) foreign: Option<String>,
}

impl State {
    pub(super) fn set(&mut self, name: &str, value: Var) {
        Rc::make_mut(&mut self.variables).insert(name.to_owned(), value);
    }

    /// Makes a variable of the running function's own; outside of functions this does nothing.
    pub(super) fn make_local(&mut self, name: &str) {
        let hidden = self.variables.get(name).cloned();
        if let Some(frame) = self.frames.last_mut()
            && !frame.iter().any(|(own, _)| own == name)
        {
            frame.push((name.to_owned(), hidden));
            self.set(name, Var::Unset);
        }
    }

    /// Ends a function: its local variables are as they were outside.
    pub(super) fn leave_frame(&mut self) {
        for (name, hidden) in self.frames.pop().unwrap_or_default() {
            match hidden {
                Some(value) => self.set(&name, value),
                None => {
                    Rc::make_mut(&mut self.variables).remove(&name);
                }
            }
        }
    }

    /// The state after one way or the other. `outside` is the value of a variable that only one of
    /// them set; `unsettled` makes the text for two values that differ.
    pub(super) fn join(
        self,
        other: Self,
        outside: &mut dyn FnMut(&str) -> Var,
        unsettled: &mut dyn FnMut(&str, &str, &str) -> String,
    ) -> Self {
        let mut joined = self;
        if !Rc::ptr_eq(&joined.variables, &other.variables) {
            let mut names: Vec<&String> = joined
                .variables
                .keys()
                .chain(other.variables.keys())
                .collect();
            names.sort();
            names.dedup();
            let mut merged = HashMap::with_capacity(names.len());
            for name in names {
                let left = joined.variables.get(name).cloned();
                let right = other.variables.get(name).cloned();
                let left = left.unwrap_or_else(|| outside(name));
                let right = right.unwrap_or_else(|| outside(name));
                merged.insert(name.clone(), join_values(name, left, right, unsettled));
            }
            joined.variables = Rc::new(merged);
        }
        if !Rc::ptr_eq(&joined.exported, &other.exported) {
            let names = other.exported.iter().map(|(name, ())| (name.clone(), ()));
            Rc::make_mut(&mut joined.exported).extend(names);
        }
        if !Rc::ptr_eq(&joined.files, &other.files) {
            let files = Rc::make_mut(&mut joined.files);
            for (path, right) in other.files.iter() {
                let left = files.get(path).cloned().unwrap_or_default();
                if left != *right {
                    files.insert(path.clone(), unsettled(path, &left, right));
                }
            }
        }
        if !Rc::ptr_eq(&joined.functions, &other.functions) {
            let functions = Rc::make_mut(&mut joined.functions);
            for (name, body) in other.functions.iter() {
                functions
                    .entry(name.clone())
                    .or_insert_with(|| body.clone());
            }
        }
        if joined.positional != other.positional {
            joined.positional = join_lists(&joined.positional, &other.positional);
        }
        if joined.directory != other.directory {
            joined.directory = unsettled("the directory", &joined.directory, &other.directory);
        }
        joined.foreign = joined.foreign.or(other.foreign);
        if joined.output != other.output {
            joined.output = unsettled("the output", &joined.output, &other.output);
        }
        joined
    }
}

fn join_values(
    name: &str,
    left: Var,
    right: Var,
    unsettled: &mut dyn FnMut(&str, &str, &str) -> String,
) -> Var {
    match (left, right) {
        (left, right) if left == right => left,
        (Var::Text(left), Var::Text(right)) => Var::Text(unsettled(name, &left, &right)),
        (Var::Text(text), Var::Unset) | (Var::Unset, Var::Text(text)) => {
            if text.is_empty() {
                return Var::Text(text);
            }
            Var::Text(unsettled(name, "", &text))
        }
        (Var::Map(left), Var::Map(right)) => {
            let mut merged = left.clone();
            for (key, value) in right {
                match merged.iter_mut().find(|(own, _)| *own == key) {
                    Some((_, own)) if *own != value => *own = unsettled(name, own, &value),
                    Some(_) => {}
                    None => {
                        let value = unsettled(name, "", &value);
                        merged.push((key, value));
                    }
                }
            }
            Var::Map(merged)
        }
        (left, right) => Var::List(join_lists(&items(left), &items(right))),
    }
}

fn items(value: Var) -> Vec<Item> {
    match value {
        Var::Unset => Vec::new(),
        Var::Text(text) => vec![Item::new(text)],
        Var::List(items) => items,
        Var::Map(pairs) => pairs
            .into_iter()
            .map(|(_, value)| Item::new(value))
            .collect(),
    }
}

/// The elements that both have, in order, as they are; the others as ones that may be there.
fn join_lists(left: &[Item], right: &[Item]) -> Vec<Item> {
    let same = left
        .iter()
        .zip(right)
        .take_while(|(a, b)| a.text == b.text)
        .count();
    let mut joined: Vec<Item> = left
        .iter()
        .zip(right)
        .take(same)
        .map(|(a, b)| Item {
            text: a.text.clone(),
            certain: a.certain && b.certain,
        })
        .collect();
    let rest = left.iter().skip(same).chain(right.iter().skip(same));
    joined.extend(rest.map(|item| Item {
        text: item.text.clone(),
        certain: false,
    }));
    joined
}
