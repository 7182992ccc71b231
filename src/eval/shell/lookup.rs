//! Variables: what they hold, and setting them.

use super::Variable;
use super::interpreter::{LONGEST_TEXT, Shell};
use super::outputs;
use super::state::{Item, Var};
use super::syntax::Raw;
use super::truth::Status;

/// How many elements a list may have.
const LONGEST_LIST: usize = 2_000;

/// What a name stands for.
pub(super) enum Held {
    Unset,
    Text(String),
    /// All elements of a list: `@` as words of their own, `*` as one.
    Items(Vec<Item>),
}

/// Variables that every shell has, with values that a reader of the script cannot know.
const RUN_TIME: [&str; 9] = [
    "RANDOM",
    "SECONDS",
    "EPOCHSECONDS",
    "EPOCHREALTIME",
    "SRANDOM",
    "HOSTNAME",
    "PWD",
    "HOME",
    "PATH",
];

impl Shell<'_> {
    /// A variable of the script, or of what it runs in.
    pub(super) fn variable(&self, name: &str) -> Var {
        if let Some(value) = self.state.variables.get(name) {
            return value.clone();
        }
        self.outer_variable(name)
    }

    pub(super) fn outer_variable(&self, name: &str) -> Var {
        if let Some(path) = outputs::path_of(name) {
            return Var::Text(path.to_owned());
        }
        match self.around.variable(name) {
            Variable::Known(text) => Var::Text(text),
            Variable::Unknown(mark) => Var::Text(mark.as_char().to_string()),
            Variable::Unset if RUN_TIME.contains(&name) => {
                Var::Text(self.unknown(&format!("${name}"), "it is set when the script runs"))
            }
            Variable::Unset => match &self.state.foreign {
                Some(script) => {
                    let reason = format!("`{script}` may set it, which is not evaluated");
                    Var::Text(self.unknown(&format!("${name}"), &reason))
                }
                None => Var::Unset,
            },
        }
    }

    /// What `name` or `name[subscript]` holds.
    pub(super) fn held(&mut self, name: &str, subscript: Option<&str>) -> Held {
        match name {
            "@" | "*" => return Held::Items(self.state.positional.clone()),
            "#" => return Held::Text(self.state.positional.len().to_string()),
            "?" => {
                return Held::Text(match self.status {
                    Status::Success | Status::Assumed => "0".to_owned(),
                    Status::Failure => "1".to_owned(),
                    Status::Unknown => self.unknown("$?", "the status of a command is not known"),
                });
            }
            "$" | "!" => return Held::Text(self.unknown(&format!("${name}"), "a process number")),
            "-" => return Held::Text("eh".to_owned()),
            "0" => {
                let script = self.state.script.clone();
                return Held::Text(script.unwrap_or_else(|| "bash".to_owned()));
            }
            _ => {}
        }
        if let Ok(index) = name.parse::<usize>() {
            let item = self.state.positional.get(index.wrapping_sub(1)).cloned();
            return item.map_or(Held::Unset, |item| Held::Text(self.item_text(item)));
        }
        let value = self.variable(name);
        match (value, subscript) {
            (Var::Unset, Some("@" | "*")) => Held::Items(Vec::new()),
            (Var::Unset, _) => Held::Unset,
            (Var::Text(text), None) => Held::Text(text),
            (Var::Text(text), Some("@" | "*")) => Held::Items(vec![Item::new(text)]),
            (Var::List(items), Some("@" | "*")) => Held::Items(items),
            (Var::Map(pairs), Some("@" | "*")) => Held::Items(
                pairs
                    .into_iter()
                    .map(|(_, value)| Item::new(value))
                    .collect(),
            ),
            (Var::Map(pairs), key) => {
                let key = self.key(key.unwrap_or("0"));
                let found = pairs.into_iter().find(|(own, _)| *own == key);
                found.map_or(Held::Unset, |(_, value)| Held::Text(value))
            }
            (Var::Text(text), Some(index)) => match self.index(index, 1) {
                Some(0) => Held::Text(text),
                Some(_) => Held::Unset,
                None => Held::Text(
                    self.unknown(&format!("${{{name}[{index}]}}"), "the index is not known"),
                ),
            },
            (Var::List(items), index) => {
                let written = index.unwrap_or("0");
                let Some(index) = self.index(written, items.len()) else {
                    return Held::Text(
                        self.unknown(&format!("${{{name}[{written}]}}"), "the index is not known"),
                    );
                };
                let shifted = items.iter().take(index).any(|item| !item.certain);
                match items.get(index) {
                    Some(_) if shifted => Held::Text(self.unknown(
                        &format!("${{{name}[{written}]}}"),
                        "the list is filled under a condition that is not known",
                    )),
                    Some(item) => Held::Text(self.item_text(item.clone())),
                    None => Held::Unset,
                }
            }
        }
    }

    fn item_text(&self, item: Item) -> String {
        if item.certain {
            return item.text;
        }
        self.unknown(
            &item.text,
            "it is there under a condition that is not known",
        )
    }

    /// A key of an associative array, expanded.
    fn key(&mut self, written: &str) -> String {
        self.text(&self.raw_here(written))
    }

    /// Text as if it stood where the running command does.
    pub(super) fn raw_here(&self, text: &str) -> Raw {
        Raw {
            text: text.into(),
            at: self.here.clone(),
            exact: false,
        }
    }

    /// An index into a list of this length; negative ones count from its end.
    fn index(&mut self, written: &str, length: usize) -> Option<usize> {
        let index = self.calculate(&self.raw_here(written))?;
        if index < 0 {
            return length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?);
        }
        usize::try_from(index).ok()
    }

    /// Runs an assignment as written: `A=b`, `A+=b`, `A[1]=b`, `A=(b c)`.
    pub(super) fn assign(&mut self, raw: &Raw) -> Option<String> {
        let (name, subscript, append, value) = parse_assignment(raw)?;
        if let Some(inner) = value
            .text
            .strip_prefix('(')
            .and_then(|t| t.strip_suffix(')'))
        {
            let inner = Raw {
                text: inner.into(),
                at: value.part(1, value.text.len().saturating_sub(1)),
                exact: value.exact,
            };
            self.assign_list(&name, append, &inner);
            return Some(name);
        }
        let text = self.text(&value);
        match subscript {
            Some(subscript) => self.set_element(&name, &subscript, text, append),
            None if append => match self.variable(&name) {
                Var::Text(before) => self.set_text(&name, before + &text),
                Var::List(_) | Var::Map(_) => self.set_element(&name, "0", text, true),
                Var::Unset => self.set_text(&name, text),
            },
            None => self.set_text(&name, text),
        }
        Some(name)
    }

    pub(super) fn set_text(&mut self, name: &str, text: String) {
        let text = if text.len() > LONGEST_TEXT {
            self.unknown(&format!("${name}"), "it grows too long")
        } else {
            text
        };
        self.state.set(name, Var::Text(text));
    }

    fn assign_list(&mut self, name: &str, append: bool, inner: &Raw) {
        let chars: Vec<char> = inner.text.chars().collect();
        let mut items = Vec::new();
        let is_map = matches!(self.state.variables.get(name), Some(Var::Map(_)));
        let mut pairs = Vec::new();
        for (start, end) in super::scan::words(&chars, |_| 0) {
            let text = super::scan::text_of(&chars, start, end);
            let raw = Raw {
                text: text.as_str().into(),
                at: inner.at.clone(),
                exact: false,
            };
            if let Some((key, value)) = text
                .strip_prefix('[')
                .and_then(|rest| rest.split_once("]="))
            {
                let value = self.text(&self.raw_here(value));
                if is_map {
                    let key = self.key(key);
                    pairs.push((key, value));
                } else {
                    items.push(Item::new(value));
                }
                continue;
            }
            let words = self.words(&raw);
            items.extend(Self::items(&words));
        }
        let before = if append {
            self.variable(name)
        } else {
            Var::Unset
        };
        let value = match before {
            _ if is_map => {
                let mut all = match before {
                    Var::Map(before) => before,
                    _ => Vec::new(),
                };
                for (key, value) in pairs {
                    all.retain(|(own, _)| *own != key);
                    all.push((key, value));
                }
                Var::Map(all)
            }
            Var::List(mut before) => {
                before.extend(items);
                before.truncate(LONGEST_LIST);
                Var::List(before)
            }
            Var::Text(before) => {
                items.insert(0, Item::new(before));
                Var::List(items)
            }
            _ => Var::List(items),
        };
        self.state.set(name, value);
    }

    fn set_element(&mut self, name: &str, subscript: &str, text: String, append: bool) {
        if let Var::Map(mut pairs) = self.variable(name) {
            let key = self.key(subscript);
            match pairs.iter_mut().find(|(own, _)| *own == key) {
                Some((_, own)) if append => own.push_str(&text),
                Some((_, own)) => *own = text,
                None => pairs.push((key, text)),
            }
            pairs.truncate(LONGEST_LIST);
            self.state.set(name, Var::Map(pairs));
            return;
        }
        let mut items = match self.variable(name) {
            Var::List(items) => items,
            Var::Text(text) => vec![Item::new(text)],
            _ => Vec::new(),
        };
        match self.index(subscript, items.len()) {
            Some(index) if index < items.len() => {
                if let Some(item) = items.get_mut(index) {
                    if append {
                        item.text.push_str(&text);
                    } else {
                        *item = Item::new(text);
                    }
                }
            }
            // A gap in a list is closed: nothing here reads a list by the numbers of its gaps.
            Some(_) => items.push(Item::new(text)),
            None => items.push(Item {
                text,
                certain: false,
            }),
        }
        items.truncate(LONGEST_LIST);
        self.state.set(name, Var::List(items));
    }
}

/// The parts of an assignment: name, subscript, whether it appends, value.
fn parse_assignment(raw: &Raw) -> Option<(String, Option<String>, bool, Raw)> {
    let text = &*raw.text;
    let length = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|length| *length > 0)?;
    let (name, mut rest) = text.split_at_checked(length)?;
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut subscript = None;
    if let Some(inner) = rest.strip_prefix('[') {
        let (index, after) = inner.split_once("]=").or_else(|| {
            let (index, after) = inner.split_once("]+=")?;
            Some((index, inner.get(inner.len() - after.len() - 2..)?))
        })?;
        subscript = Some(index.to_owned());
        rest = if after.starts_with("+=") {
            after
        } else {
            inner.get(index.len() + 1..)?
        };
    }
    let append = rest.starts_with("+=");
    let value = rest.strip_prefix("+=").or_else(|| rest.strip_prefix('='))?;
    let start = text.len() - value.len();
    let value = Raw {
        text: value.into(),
        at: raw.part(start, text.len()),
        exact: raw.exact,
    };
    Some((name.to_owned(), subscript, append, value))
}

/// Whether a word as written is an assignment.
pub(super) fn is_assignment(raw: &Raw) -> bool {
    parse_assignment(raw).is_some()
}
