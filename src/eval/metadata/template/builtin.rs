//! The helpers that the language brings: `if`, `unless`, `each`, `with`, `lookup` and `log`.

use super::render::{Bodies, Frame, Rendered, Renderer};
use super::tree::Program;
use super::value::Value;

impl Renderer<'_> {
    /// The helpers that the language brings.
    pub(super) fn helper(
        &mut self,
        name: &str,
        values: &[Value],
        named: &[(String, Value)],
        bodies: Bodies,
    ) -> Rendered<Value> {
        match (name, values) {
            ("log", _) => Ok(Value::Undefined),
            ("lookup", [value, ..]) if value.truth() == Ok(false) && !is_list(value) => {
                Ok(value.clone())
            }
            ("lookup", [value, field]) => match field {
                Value::Unknown(mark) => Ok(Value::Unknown(*mark)),
                field => Ok(value.property(&field.write(self.names), self.names)),
            },
            ("if" | "unless" | "each" | "with", [value]) => {
                let value = match value {
                    Value::Function(function) => self.invoke(function, &[], None)?,
                    value => value.clone(),
                };
                let Some((program, inverse)) = bodies else {
                    return Err(format!("`{name}` needs a block"));
                };
                match name {
                    "if" => self.choose(&value, named, program, inverse),
                    "unless" => self.choose(&value, named, inverse, program),
                    "each" => self.each(&value, program, inverse),
                    _ => self.with(value, program, inverse),
                }
            }
            _ => Err(format!(
                "`{name}` is called with {} arguments",
                values.len()
            )),
        }
    }

    fn choose(
        &mut self,
        value: &Value,
        named: &[(String, Value)],
        yes: Option<&Program>,
        no: Option<&Program>,
    ) -> Rendered<Value> {
        let zero = matches!(value, Value::Number(number) if *number == 0.0);
        let include_zero = named
            .iter()
            .any(|(name, value)| name == "includeZero" && value.truth().unwrap_or(false));
        match value.truth() {
            Ok(truth) => self.optional(if truth || (zero && include_zero) {
                yes
            } else {
                no
            }),
            Err(mark) => {
                // Either may be what is rendered; it is known only if they are the same.
                let (yes, no) = (self.optional(yes), self.optional(no));
                match (yes, no) {
                    (Ok(yes), Ok(no)) if yes == no => Ok(yes),
                    (Err(error), Err(_)) => Err(error),
                    _ => Ok(Value::Unknown(mark)),
                }
            }
        }
    }

    fn with(
        &mut self,
        value: Value,
        program: Option<&Program>,
        inverse: Option<&Program>,
    ) -> Rendered<Value> {
        let zero = matches!(value, Value::Number(number) if number == 0.0);
        match value.truth() {
            Ok(false) if !zero => self.optional(inverse),
            _ => {
                let parameters = [value.clone()];
                self.within(value, &parameters, program)
            }
        }
    }

    pub(super) fn each(
        &mut self,
        value: &Value,
        program: Option<&Program>,
        inverse: Option<&Program>,
    ) -> Rendered<Value> {
        let number = |index: usize| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            Value::Number(f64::from(index))
        };
        let items: Vec<(Value, Value)> = match value {
            Value::Unknown(mark) => return Ok(Value::Unknown(*mark)),
            Value::List(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (number(at), item.clone())).collect()
            }
            Value::Root => {
                let names = self.names.names().iter();
                let item = |name: &&str| (Value::text(*name), self.names.get(name));
                names.map(item).collect()
            }
            Value::Object(list) => {
                let item = |(name, value): &(&str, Value)| (Value::text(*name), value.clone());
                list.iter().map(item).collect()
            }
            _ => Vec::new(),
        };
        if items.is_empty() {
            return self.optional(inverse);
        }
        let mut out = String::new();
        let count = items.len();
        for (at, (key, item)) in items.into_iter().enumerate() {
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or("the template never ends")?;
            self.frames.push(Frame {
                key: key.clone(),
                index: f64::from(u32::try_from(at).unwrap_or(u32::MAX)),
                first: at == 0,
                last: at + 1 == count,
            });
            let parameters = [item.clone(), key];
            let rendered = self.within(item, &parameters, program);
            self.frames.pop();
            out.push_str(&rendered?.write(self.names));
        }
        Ok(Value::text(out))
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value, Value::List(_))
}
