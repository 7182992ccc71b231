//! Targets and groups as the files give them, merged by name.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::attribute::{self, Field};
use super::budget::NAMES;
use super::error::{At, Fault, Outcome};
use super::scope::Scope;
use super::{entry, value::Text};

/// The attributes of one target.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(pub(super) BTreeMap<&'static str, Field>);

/// One target, not resolved.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) name: Rc<str>,
    pub(super) fields: Fields,
    /// Where its name stands, the first time.
    pub(super) at: At,
}

/// One group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) name: Rc<str>,
    pub(super) targets: Vec<Rc<str>>,
}

/// All targets and groups.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) targets: Vec<Draft>,
    pub(super) groups: Vec<Group>,
    /// What may hold more targets and is not read, and where that is said.
    pub(super) open: Vec<(Rc<str>, At)>,
}

impl Config {
    pub(super) fn target(&self, name: &str) -> Option<&Draft> {
        self.targets.iter().find(|target| &*target.name == name)
    }

    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| &*group.name == name)
    }

    /// Adds a target, merged onto one of the same name.
    pub(super) fn add_target(&mut self, draft: Draft) {
        let known = self.targets.iter_mut().find(|t| t.name == draft.name);
        match known {
            Some(target) => target.fields.merge(draft.fields),
            None => self.targets.push(draft),
        }
    }

    /// Adds a group, in place of one of the same name.
    pub(super) fn add_group(&mut self, name: &Rc<str>, targets: Vec<Rc<str>>) {
        let mut group = Group {
            name: Rc::clone(name),
            targets: Vec::new(),
        };
        for target in targets {
            if !group.targets.contains(&target) {
                group.targets.push(target);
            }
        }
        match self.groups.iter_mut().find(|known| known.name == *name) {
            Some(known) => *known = group,
            None => self.groups.push(group),
        }
    }

    /// Evaluates everything that HCL and JSON files say and adds it.
    pub(super) fn add_module(&mut self, scope: &Scope<'_>) -> Outcome<()> {
        for (name, variable) in &scope.module.variables {
            scope
                .variable(name)
                .map_err(|fault| fault.or_at(variable.at))?;
        }
        scope.validate_variables()?;
        scope.module.check_functions()?;
        scope.expand_blocks()?;
        let instances = scope.instances.get().map_or(&[][..], Vec::as_slice);
        let mut renamed: BTreeMap<(&str, &Rc<str>), Vec<Rc<str>>> = BTreeMap::new();
        for (index, (block, instances)) in scope.module.blocks.iter().zip(instances).enumerate() {
            check_body(block)?;
            for instance in instances {
                if let Some(label) = block.labels.first() {
                    let names = renamed.entry((&block.kind, label)).or_default();
                    if !names.contains(&instance.name) {
                        names.push(Rc::clone(&instance.name));
                    }
                }
                let mut fields = Fields::default();
                for rule in attribute::rules(&block.kind) {
                    if let Some((field, _)) = scope.field(index, instance, rule.name)? {
                        fields.set(rule.name, field);
                    }
                }
                if &*block.kind == "group" {
                    let targets = fields.texts("targets");
                    if targets.len() > NAMES {
                        return Err(Fault::at(block.at, "a group has too many members"));
                    }
                    let targets = targets.iter();
                    let targets = targets.map(|text| Rc::clone(&text.text)).collect();
                    self.add_group(&instance.name, targets);
                    continue;
                }
                self.add_target(Draft {
                    name: Rc::clone(&instance.name),
                    fields,
                    at: block.at,
                });
            }
        }
        for ((_, label), names) in renamed {
            // A block that became others is a group of them, unless there is such a group.
            let same = matches!(names.as_slice(), [name] if name == label);
            if !same && self.group(label).is_none() {
                self.add_group(label, names);
            }
        }
        for (name, expr) in &scope.module.attributes {
            scope.variable(name).map_err(|fault| fault.or_at(expr.at))?;
        }
        Ok(())
    }
}

/// A block holds only what its kind knows.
fn check_body(block: &super::syntax::Block) -> Outcome<()> {
    if let Some(inner) = block.body.blocks.first() {
        let message = format!("a {} holds no `{}` blocks", block.kind, inner.kind);
        return Err(Fault::at(inner.at, message));
    }
    for attribute in &block.body.attributes {
        let of_matrix = matches!(&*attribute.name, "name" | "matrix");
        if !of_matrix && attribute::rule(&block.kind, &attribute.name).is_none() {
            let message = format!("a {} has no attribute `{}`", block.kind, attribute.name);
            return Err(Fault::at(attribute.value.at, message));
        }
    }
    if &*block.kind == "group" && block.body.attribute("targets").is_none() {
        return Err(Fault::at(block.at, "a group needs `targets`"));
    }
    Ok(())
}

impl Fields {
    pub(super) fn get(&self, name: &str) -> Option<&Field> {
        self.0.get(name)
    }

    pub(super) fn set(&mut self, name: &'static str, field: Field) {
        self.0.insert(name, field);
    }

    pub(super) fn text(&self, name: &str) -> Option<&Text> {
        match self.get(name) {
            Some(Field::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn texts(&self, name: &str) -> &[Text] {
        match self.get(name) {
            Some(Field::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// Takes the texts of an attribute, to be set again.
    pub(super) fn take_texts(&mut self, name: &str) -> Vec<Text> {
        match self.0.remove(name) {
            Some(Field::Texts(texts)) => texts,
            _ => Vec::new(),
        }
    }

    pub(super) fn map(&self, name: &str) -> Option<&BTreeMap<Rc<str>, Option<Rc<str>>>> {
        match self.get(name) {
            Some(Field::Map(map)) => Some(map),
            _ => None,
        }
    }

    /// Lays later attributes over these.
    pub(super) fn merge(&mut self, later: Self) {
        for (name, field) in later.0 {
            let earlier = self.0.remove(name);
            let merged = match attribute::rule("target", name) {
                Some(rule) => rule.merge(earlier, field),
                None => field,
            };
            self.0.insert(name, merged);
        }
    }

    /// Takes out what is empty or stands twice.
    pub(super) fn normalize(&mut self) {
        for (name, field) in &mut self.0 {
            match field {
                Field::Texts(texts) if *name != "inherits" => {
                    let mut seen = BTreeSet::new();
                    texts
                        .retain(|text| !text.text.is_empty() && seen.insert(Rc::clone(&text.text)));
                }
                Field::Entries(entries) => {
                    let family = attribute::rule("target", name).and_then(attribute::Rule::family);
                    if let Some(family) = family {
                        *entries = entry::without_doubles(family, std::mem::take(entries));
                    }
                }
                Field::Map(map) if *name == "contexts" => {
                    map.retain(|_, text| text.as_deref() != Some(""));
                }
                _ => {}
            }
        }
        if self
            .text("network")
            .is_some_and(|text| &*text.text == "host")
        {
            let mut entitlements = self.take_texts("entitlements");
            if !entitlements
                .iter()
                .any(|text| &*text.text == "network.host")
            {
                entitlements.push(Text {
                    text: "network.host".into(),
                    at: None,
                });
            }
            self.set("entitlements", Field::Texts(entitlements));
        }
    }
}
