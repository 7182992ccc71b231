//! Names and ids of the jobs of a matrix, made from the values of their axes.

use std::collections::HashSet;
use std::rc::Rc;

use crate::eval::value::{Object, Value};

const MAX_NAME: usize = 100;
const MAX_ID: usize = 25;

/// Values lie no deeper than this; what does is not shown.
const MAX_DEPTH: usize = 100;

/// Ids that are taken.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// The id of a job of these values, and what follows its name. Null, empty text and collections
    /// have nothing to show.
    pub(super) fn name(&mut self, values: &Object) -> (String, String) {
        let mut segments = Vec::new();
        for (_, value) in values.iter() {
            leaves(value, 0, &mut segments);
        }
        let suffix = match segments.as_slice() {
            [] => String::new(),
            some => format!("({})", some.join(", ")),
        };
        (self.id(&segments), suffix)
    }

    fn id(&mut self, segments: &[Rc<str>]) -> String {
        let mut wanted = String::new();
        for segment in segments {
            let digit = |c: char| c.is_ascii_digit() || c == '-';
            if !wanted.is_empty() || segment.starts_with(digit) {
                wanted.push('_');
            }
            // One underscore for each UTF-16 unit of what may not stand in an id.
            for c in segment.chars() {
                match c {
                    'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => wanted.push(c),
                    _ => wanted.extend(std::iter::repeat_n('_', c.len_utf16())),
                }
            }
        }
        if wanted.is_empty() {
            wanted.push_str("job");
        }
        if wanted.starts_with("__") {
            wanted = format!("_{}", wanted.trim_start_matches('_'));
        }
        let bare = wanted == "_";
        for attempt in 1_usize.. {
            let suffix = match attempt {
                1 => String::new(),
                _ if bare => attempt.to_string(),
                _ => format!("_{attempt}"),
            };
            let kept = MAX_ID.saturating_sub(suffix.len());
            let id: String = wanted.chars().take(kept).chain(suffix.chars()).collect();
            if self.taken.insert(id.to_ascii_lowercase()) {
                return id;
            }
        }
        wanted
    }
}

/// The texts of all leaves of a value, in order.
fn leaves(value: &Value, depth: usize, segments: &mut Vec<Rc<str>>) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(array) => {
            for item in &array.items {
                leaves(item, depth + 1, segments);
            }
        }
        Value::Object(object) => {
            for (_, item) in object.iter() {
                leaves(item, depth + 1, segments);
            }
        }
        leaf => {
            let text = leaf.to_text();
            if !text.is_empty() {
                segments.push(text);
            }
        }
    }
}

/// A job's name with what tells it apart; what is too long ends in dots.
pub(super) fn of_job(job: &str, suffix: &str) -> String {
    let name = match suffix {
        "" => job.to_owned(),
        _ => format!("{job} {suffix}"),
    };
    if name.encode_utf16().count() <= MAX_NAME {
        return name;
    }
    let mut units = 0;
    let kept = name.chars().take_while(|c| {
        units += c.len_utf16();
        units <= MAX_NAME - 3
    });
    kept.chain("...".chars()).collect()
}
