//! From what was asked for to the targets that are built: groups, inheritance, links.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::asked::Asked;
use super::attribute::Field;
use super::config::{Config, Fields, Group};
use super::error::{At, Fault, Outcome};
use super::overrides::Overrides;
use super::path;
use crate::eval::unknown;

/// A target with all that it inherits.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub(super) fields: Fields,
    pub(super) at: At,
    /// Whether it is built only because another target's context is its result.
    pub(super) linked: bool,
}

/// What was asked for.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    pub(super) groups: BTreeMap<Rc<str>, Vec<Rc<str>>>,
    pub(super) targets: BTreeMap<Rc<str>, Resolved>,
    /// Names that are not known, so that it is not known what they name.
    pub(super) open: Vec<Rc<str>>,
}

/// Inheritance, links and groups nested deeper than this are refused.
const MAX_DEPTH: usize = 100;

struct Resolver<'c> {
    config: &'c Config,
    overrides: Overrides,
    open: Vec<Rc<str>>,
    /// Targets merged so far: inheritance can be as wide as it is deep.
    steps: usize,
}

/// Resolves what a request asks for.
pub(super) fn resolve(config: &Config, request: &Asked<'_>) -> Outcome<Resolution> {
    let overrides = Overrides::read(request.set, config, &|name| request.environment(name))?;
    let mut resolver = Resolver {
        config,
        overrides,
        open: Vec::new(),
        steps: 0,
    };
    let mut wanted: Vec<Rc<str>> = Vec::new();
    for name in request.targets {
        for name in names_matching(config, &name.replace('.', "_"))? {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
        }
    }
    if wanted.is_empty() {
        wanted.push("default".into());
    }
    let mut found = Resolution::default();
    for name in &wanted {
        let (targets, groups) = resolver.group(name, &mut BTreeMap::new(), 0)?;
        for target in targets {
            if found.targets.contains_key(&target) {
                continue;
            }
            if config.target(&target).is_none() && !unknown::is_known(&target) {
                resolver.open.push(target);
                continue;
            }
            let resolved = resolver.target(&target)?;
            found.targets.insert(target, resolved);
        }
        for group in groups {
            if let Some(Group { name, targets }) = config.group(&group) {
                found.groups.insert(Rc::clone(name), targets.clone());
            }
        }
    }
    for name in &wanted {
        if &**name == "default" && found.groups.contains_key("default") {
            continue;
        }
        let targets = found.groups.entry("default".into()).or_default();
        targets.push(Rc::clone(name));
    }
    if let Some(targets) = found.groups.get_mut("default") {
        targets.sort();
        targets.dedup();
    }
    let names: Vec<Rc<str>> = found.targets.keys().cloned().collect();
    for name in names {
        resolver.links(&name, &mut found.targets, &mut Vec::new())?;
    }
    found.open = resolver.open;
    found
        .open
        .extend(config.open.iter().map(|(name, _)| Rc::clone(name)));
    Ok(found)
}

/// The groups and targets that a pattern names; a plain name is itself, whether there or not.
fn names_matching(config: &Config, pattern: &str) -> Outcome<Vec<Rc<str>>> {
    if !pattern.contains(['*', '?', '[', ']']) {
        return Ok(vec![pattern.into()]);
    }
    let groups = config.groups.iter().map(|group| &group.name);
    let targets = config.targets.iter().map(|target| &target.name);
    let names: Vec<Rc<str>> = groups
        .chain(targets)
        .filter(|name| path::matches(pattern, name) == Some(true))
        .cloned()
        .collect();
    if names.is_empty() {
        return Err(Fault::new(format!("no target matches `{pattern}`")));
    }
    Ok(names)
}

/// The targets and groups of a group.
type Members = (Vec<Rc<str>>, Vec<Rc<str>>);

impl Resolver<'_> {
    fn spend(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > 100_000 {
            return Err(Fault::new("the targets take too long to resolve"));
        }
        Ok(())
    }

    fn group(
        &mut self,
        name: &Rc<str>,
        visited: &mut BTreeMap<Rc<str>, Members>,
        depth: usize,
    ) -> Outcome<Members> {
        if let Some(known) = visited.get(name) {
            return Ok(known.clone());
        }
        self.spend()?;
        let Some(group) = self.config.group(name) else {
            return Ok((vec![Rc::clone(name)], Vec::new()));
        };
        if depth > MAX_DEPTH {
            return Err(Fault::new("groups are nested too deeply"));
        }
        visited.insert(Rc::clone(name), Members::default());
        let mut targets: Vec<Rc<str>> = Vec::new();
        let mut groups = vec![Rc::clone(name)];
        let add = |all: &mut Vec<Rc<str>>, more: Vec<Rc<str>>| {
            for one in more {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        };
        for member in &group.targets {
            let (inner, inner_groups) = self.group(member, visited, depth + 1)?;
            if inner.is_empty() {
                // A group within itself may share its name with a target.
                add(&mut targets, vec![Rc::clone(member)]);
            }
            add(&mut targets, inner);
            add(&mut groups, inner_groups);
        }
        let members = (targets, groups);
        visited.insert(Rc::clone(name), members.clone());
        Ok(members)
    }

    fn target(&mut self, name: &Rc<str>) -> Outcome<Resolved> {
        let fields = self.inherit(name, &mut BTreeMap::new(), 0)?;
        Ok(Resolved {
            fields: fields.unwrap_or_default(),
            at: self.config.target(name).map_or_else(At::default, |t| t.at),
            linked: false,
        })
    }

    /// A target with what it inherits: bases from left to right, its own attributes last, then what
    /// is set. `None` for a target that is being resolved already.
    fn inherit(
        &mut self,
        name: &Rc<str>,
        visited: &mut BTreeMap<Rc<str>, Option<Fields>>,
        depth: usize,
    ) -> Outcome<Option<Fields>> {
        if let Some(known) = visited.get(name) {
            return Ok(known.clone());
        }
        self.spend()?;
        if depth > MAX_DEPTH {
            return Err(Fault::new("targets inherit too deeply"));
        }
        visited.insert(Rc::clone(name), None);
        let Some(own) = self.config.target(name) else {
            return Err(Fault::new(format!("there is no target named `{name}`")));
        };
        let mut fields = Fields::default();
        for base in own.fields.texts("inherits") {
            let there = self.config.target(&base.text).is_some();
            if !there && !unknown::is_known(&base.text) {
                self.open.push(Rc::clone(&base.text));
                continue;
            }
            let inherited = self.inherit(&base.text, visited, depth + 1);
            let inherited = inherited.map_err(|fault| match base.at {
                Some(at) => fault.or_at(at),
                None => fault,
            })?;
            if let Some(mut inherited) = inherited {
                // It has been followed, and joined with others of its kind it would double each time.
                inherited.take_texts("inherits");
                fields.merge(inherited);
            }
        }
        fields.merge(own.fields.clone());
        self.overrides.apply(name, &mut fields)?;
        fields.normalize();
        visited.insert(Rc::clone(name), Some(fields.clone()));
        Ok(Some(fields))
    }

    /// Adds the targets whose results are contexts of a target.
    fn links(
        &mut self,
        name: &Rc<str>,
        targets: &mut BTreeMap<Rc<str>, Resolved>,
        visited: &mut Vec<Rc<str>>,
    ) -> Outcome<()> {
        self.spend()?;
        visited.push(Rc::clone(name));
        let linked: Vec<Rc<str>> = targets
            .get(name)
            .and_then(|target| target.fields.map("contexts"))
            .into_iter()
            .flat_map(|contexts| contexts.values().flatten())
            .filter_map(|text| text.strip_prefix("target:").map(Rc::from))
            .collect();
        for other in linked {
            if other == *name {
                return Err(Fault::new(format!("the target `{name}` links to itself")));
            }
            if visited.contains(&other) {
                let message = format!("the targets `{name}` and `{other}` link to each other");
                return Err(Fault::new(message));
            }
            if !targets.contains_key(&other) {
                if self.config.target(&other).is_none() && !unknown::is_known(&other) {
                    self.open.push(other);
                    continue;
                }
                let mut resolved = self.target(&other)?;
                let only_cache = [("type".to_owned(), "cacheonly".into())];
                let outputs = Field::Entries(vec![only_cache.into()]);
                resolved.fields.set("output", outputs);
                resolved.linked = true;
                targets.insert(Rc::clone(&other), resolved);
            }
            self.links(&other, targets, visited)?;
            join_entitlements(name, &other, targets);
            check_platforms(name, &other, targets)?;
        }
        visited.pop();
        Ok(())
    }
}

fn join_entitlements(name: &str, other: &str, targets: &mut BTreeMap<Rc<str>, Resolved>) {
    let more = match targets.get(other) {
        Some(other) => other.fields.texts("entitlements").to_vec(),
        None => return,
    };
    let Some(target) = targets.get_mut(name).filter(|_| !more.is_empty()) else {
        return;
    };
    let mut all = target.fields.take_texts("entitlements");
    for text in more {
        if !all.iter().any(|known| known.text == text.text) {
            all.push(text);
        }
    }
    target.fields.set("entitlements", Field::Texts(all));
}

/// A target that is used for several platforms must be built for all of them.
fn check_platforms(name: &str, other: &str, targets: &BTreeMap<Rc<str>, Resolved>) -> Outcome<()> {
    let platforms = |name: &str| {
        let target = targets.get(name);
        target.map_or(&[][..], |target| target.fields.texts("platforms"))
    };
    let (wanted, built) = (platforms(name), platforms(other));
    if wanted.len() < 2 || built.len() < 2 {
        return Ok(());
    }
    let known = wanted
        .iter()
        .chain(built)
        .all(|p| unknown::is_known(&p.text));
    let missing = |text: &str| !built.iter().any(|built| &*built.text == text);
    if known && wanted.iter().any(|wanted| missing(&wanted.text)) {
        return Err(Fault::new(format!(
            "`{name}` is built for platforms that `{other}`, which it uses, is not built for"
        )));
    }
    Ok(())
}

impl Resolution {
    /// Gives every target a build argument, where it has none of this name.
    pub(super) fn default_argument(&mut self, name: &str, value: &str) {
        for target in self.targets.values_mut() {
            let mut args = target.fields.map("args").cloned().unwrap_or_default();
            args.entry(name.into())
                .or_insert_with(|| Some(value.into()));
            target.fields.set("args", Field::Map(args));
        }
    }
}
