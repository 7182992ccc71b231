//! `strategy.matrix`: from axes, `exclude` and `include` to the instances of a job.

use thiserror::Error;

use super::unknown::Mark;
use super::value::{Object, Truth, Value, equal};

/// More combinations than this are not built: GitHub starts 256 jobs at most.
const MAX_COMBINATIONS: usize = 4_096;

/// The instances of a job.
#[derive(Debug, Clone)]
pub enum Matrix {
    /// These, in order.
    Jobs(Vec<Instance>),
    /// They depend on something that is not known.
    Unknown(Mark),
}

/// One instance of a job.
#[derive(Debug, Clone)]
pub struct Instance {
    /// The value of each axis, then what `include` adds.
    pub values: Object,
    /// What stands in the job's display name: the scalars of the axes, `linux, x64`.
    pub name: String,
}

/// Why GitHub refuses a matrix.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct MatrixError(String);

fn refuse<T>(message: impl Into<String>) -> Result<T, MatrixError> {
    Err(MatrixError(message.into()))
}

struct Axis<'v> {
    name: &'v str,
    values: &'v [Value],
}

/// Expands a matrix.
///
/// # Errors
/// GitHub would refuse the matrix.
pub fn expand(matrix: &Value) -> Result<Matrix, MatrixError> {
    let object = match matrix {
        Value::Unknown(mark) => return Ok(Matrix::Unknown(*mark)),
        Value::Object(object) => object,
        _ => return refuse("a matrix must be a mapping"),
    };
    if let Some(mark) = object.open.or_else(|| unknown_part(object)) {
        return Ok(Matrix::Unknown(mark));
    }
    let mut axes = Vec::new();
    let (mut include, mut exclude) = (Vec::new(), Vec::new());
    for (name, value) in object.iter() {
        match &**name {
            "include" => include = mappings("include", value)?,
            "exclude" => exclude = mappings("exclude", value)?,
            name => axes.push(axis(name, value)?),
        }
    }
    if axes.is_empty() && include.is_empty() {
        return refuse("a matrix must have at least one axis");
    }
    let mut combinations = product(&axes)?;
    for filter in &exclude {
        if filter.is_empty() {
            return refuse("an item of `exclude` must not be empty");
        }
        for (key, _) in filter.iter() {
            if !axes.iter().any(|axis| axis.name.eq_ignore_ascii_case(key)) {
                return refuse(format!("`exclude` names `{key}`, which is no axis"));
            }
        }
        combinations.retain(|combination| !agrees(filter, combination));
    }
    let instances = included(&axes, combinations, &include)?;
    Ok(Matrix::Jobs(instances))
}

/// An axis or list that is unknown as a whole, or an item of one that is.
fn unknown_part(object: &Object) -> Option<Mark> {
    object.iter().find_map(|(_, value)| match value {
        Value::Unknown(mark) => Some(*mark),
        Value::Array(array) => array.open.or_else(|| {
            array.items.iter().find_map(|item| match item {
                Value::Unknown(mark) => Some(*mark),
                _ => None,
            })
        }),
        _ => None,
    })
}

fn axis<'v>(name: &'v str, value: &'v Value) -> Result<Axis<'v>, MatrixError> {
    match value {
        Value::Array(array) if array.items.is_empty() => {
            refuse(format!("the axis `{name}` has no values"))
        }
        Value::Array(array) => Ok(Axis {
            name,
            values: &array.items,
        }),
        _ => refuse(format!("the axis `{name}` must be a list")),
    }
}

fn mappings(key: &str, value: &Value) -> Result<Vec<Object>, MatrixError> {
    let Value::Array(array) = value else {
        return refuse(format!("`{key}` must be a list"));
    };
    array
        .items
        .iter()
        .map(|item| match item {
            Value::Object(object) => Ok((**object).clone()),
            _ => refuse(format!("an item of `{key}` must be a mapping")),
        })
        .collect()
}

/// Every combination of the axes' values, the last axis varying fastest.
fn product(axes: &[Axis<'_>]) -> Result<Vec<Object>, MatrixError> {
    let count = axes
        .iter()
        .try_fold(1_usize, |count, axis| count.checked_mul(axis.values.len()));
    if axes.is_empty() {
        return Ok(Vec::new());
    }
    if count.is_none_or(|count| count > MAX_COMBINATIONS) {
        return refuse("more than 256 jobs");
    }
    let mut combinations = vec![Object::default()];
    for axis in axes {
        let mut longer = Vec::with_capacity(combinations.len() * axis.values.len());
        for combination in &combinations {
            for value in axis.values {
                let mut next = combination.clone();
                next.insert(axis.name, value.clone());
                longer.push(next);
            }
        }
        combinations = longer;
    }
    Ok(combinations)
}

/// Whether a combination agrees with every leaf of a filter.
fn agrees(filter: &Object, combination: &Object) -> bool {
    filter.iter().all(|(key, wanted)| {
        let value = combination.get(key).unwrap_or(&Value::Null);
        leaves_agree(wanted, value, 0)
    })
}

fn leaves_agree(wanted: &Value, value: &Value, depth: usize) -> bool {
    match (wanted, value) {
        _ if depth > super::value::MAX_DEPTH => false,
        (Value::Object(wanted), Value::Object(value)) => wanted.iter().all(|(key, wanted)| {
            let value = value.get(key).unwrap_or(&Value::Null);
            leaves_agree(wanted, value, depth + 1)
        }),
        (Value::Array(wanted), Value::Array(value)) => {
            wanted.items.iter().enumerate().all(|(index, wanted)| {
                let value = value.items.get(index).unwrap_or(&Value::Null);
                leaves_agree(wanted, value, depth + 1)
            })
        }
        // A leaf inside an object or list is looked up in whatever stands there, and is null.
        (Value::Object(wanted), _) => wanted
            .iter()
            .all(|(_, wanted)| leaves_agree(wanted, &Value::Null, depth + 1)),
        (Value::Array(wanted), _) => wanted
            .items
            .iter()
            .all(|wanted| leaves_agree(wanted, &Value::Null, depth + 1)),
        _ => equal(wanted, value) == Truth::True,
    }
}

fn included(
    axes: &[Axis<'_>],
    combinations: Vec<Object>,
    include: &[Object],
) -> Result<Vec<Instance>, MatrixError> {
    let originals = combinations.clone();
    let mut instances = combinations;
    let mut own = Vec::new();
    for item in include {
        if item.is_empty() {
            return refuse("an item of `include` must not be empty");
        }
        let is_axis = |key: &str| axes.iter().any(|axis| axis.name.eq_ignore_ascii_case(key));
        let mut filter = Object::default();
        for (key, value) in item.iter().filter(|(key, _)| is_axis(key)) {
            filter.insert(key, value.clone());
        }
        let mut matched = false;
        for (original, instance) in originals.iter().zip(&mut instances) {
            if !agrees(&filter, original) {
                continue;
            }
            matched = true;
            for (key, value) in item.iter().filter(|(key, _)| !is_axis(key)) {
                instance.insert(key, value.clone());
            }
        }
        if !matched {
            // An instance of its own: what it says of axes, then the rest.
            for (key, value) in item.iter().filter(|(key, _)| !is_axis(key)) {
                filter.insert(key, value.clone());
            }
            own.push(filter);
        }
    }
    instances.extend(own);
    Ok(instances
        .into_iter()
        .map(|values| Instance {
            name: display_name(axes, &values),
            values,
        })
        .collect())
}

fn display_name(axes: &[Axis<'_>], values: &Object) -> String {
    let mut leaves = Vec::new();
    for (key, value) in values.iter() {
        if axes.is_empty() || axes.iter().any(|axis| axis.name.eq_ignore_ascii_case(key)) {
            scalars(value, &mut leaves, 0);
        }
    }
    leaves.join(", ")
}

fn scalars(value: &Value, leaves: &mut Vec<String>, depth: usize) {
    match value {
        _ if depth > super::value::MAX_DEPTH => {}
        Value::Array(array) => array
            .items
            .iter()
            .for_each(|item| scalars(item, leaves, depth + 1)),
        Value::Object(object) => object
            .iter()
            .for_each(|(_, value)| scalars(value, leaves, depth + 1)),
        scalar => {
            let text = scalar.to_text();
            if !text.is_empty() {
                leaves.push(text.to_string());
            }
        }
    }
}
