//! The syntax of the part of `jq` that is evaluated.

use serde_json::Value;

pub(super) enum Filter {
    Identity,
    Literal(Value),
    Field(Box<Filter>, Box<Filter>),
    Each(Box<Filter>),
    Pipe(Box<Filter>, Box<Filter>),
    Comma(Box<Filter>, Box<Filter>),
    Add(Box<Filter>, Box<Filter>),
    Otherwise(Box<Filter>, Box<Filter>),
    Compare(Box<Filter>, bool, Box<Filter>),
    Array(Option<Box<Filter>>),
    Call(String, Vec<Filter>),
}

pub(super) struct Reader<'t> {
    pub(super) rest: &'t str,
    pub(super) named: &'t [(String, Value)],
    pub(super) depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    pub(super) fn pipe(&mut self) -> Option<Filter> {
        self.depth = self.depth.checked_sub(1)?;
        let mut left = self.comma()?;
        while !self.rest.trim_start().starts_with("||") && self.take("|") {
            left = Filter::Pipe(Box::new(left), Box::new(self.comma()?));
        }
        self.depth += 1;
        Some(left)
    }

    fn comma(&mut self) -> Option<Filter> {
        let mut left = self.otherwise()?;
        while self.take(",") {
            left = Filter::Comma(Box::new(left), Box::new(self.otherwise()?));
        }
        Some(left)
    }

    fn otherwise(&mut self) -> Option<Filter> {
        let mut left = self.compare()?;
        while self.take("//") {
            left = Filter::Otherwise(Box::new(left), Box::new(self.compare()?));
        }
        Some(left)
    }

    fn compare(&mut self) -> Option<Filter> {
        let left = self.sum()?;
        if self.take("==") {
            return Some(Filter::Compare(Box::new(left), true, Box::new(self.sum()?)));
        }
        if self.take("!=") {
            return Some(Filter::Compare(
                Box::new(left),
                false,
                Box::new(self.sum()?),
            ));
        }
        Some(left)
    }

    fn sum(&mut self) -> Option<Filter> {
        let mut left = self.postfix()?;
        while self.take("+") {
            left = Filter::Add(Box::new(left), Box::new(self.postfix()?));
        }
        Some(left)
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest;
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        self.rest = after;
        Some(name.to_owned())
    }

    fn string(&mut self) -> Option<String> {
        // The text up to the closing quote is a JSON string, unless it interpolates.
        let rest = self.rest;
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find_map(|(at, c)| {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == '"' {
                return Some(at + 1);
            }
            None
        })?;
        let (text, after) = rest.split_at_checked(end)?;
        self.rest = after;
        serde_json::from_str(text).ok()
    }

    fn postfix(&mut self) -> Option<Filter> {
        let mut filter = self.term()?;
        loop {
            if self.rest.starts_with('[') {
                filter = self.index(filter)?;
            } else if self.rest.starts_with('.') && !self.rest.starts_with("..") {
                self.rest = self.rest.strip_prefix('.')?;
                filter = self.field(filter)?;
            } else if self.rest.starts_with('?') && !self.rest.starts_with("?/") {
                self.rest = self.rest.strip_prefix('?')?;
            } else {
                return Some(filter);
            }
        }
    }

    fn field(&mut self, of: Filter) -> Option<Filter> {
        if self.rest.starts_with('[') {
            return self.index(of);
        }
        let name = if self.rest.starts_with('"') {
            self.string()?
        } else {
            self.name()?
        };
        Some(Filter::Field(
            Box::new(of),
            Box::new(Filter::Literal(Value::String(name))),
        ))
    }

    fn index(&mut self, of: Filter) -> Option<Filter> {
        self.rest = self.rest.strip_prefix('[')?;
        if self.take("]") {
            return Some(Filter::Each(Box::new(of)));
        }
        let index = self.pipe()?;
        self.take("]")
            .then(|| Filter::Field(Box::new(of), Box::new(index)))
    }

    fn term(&mut self) -> Option<Filter> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        match first {
            '.' => {
                self.rest = self.rest.strip_prefix('.')?;
                if self.rest.starts_with(['"', '['])
                    || self
                        .rest
                        .starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                {
                    return self.field(Filter::Identity);
                }
                if self.rest.starts_with('.') {
                    return None;
                }
                Some(Filter::Identity)
            }
            '"' => Some(Filter::Literal(Value::String(self.string()?))),
            '(' => {
                self.rest = self.rest.strip_prefix('(')?;
                let inner = self.pipe()?;
                self.take(")").then_some(inner)
            }
            '[' => {
                self.rest = self.rest.strip_prefix('[')?;
                if self.take("]") {
                    return Some(Filter::Array(None));
                }
                let inner = self.pipe()?;
                self.take("]").then(|| Filter::Array(Some(Box::new(inner))))
            }
            '$' => {
                self.rest = self.rest.strip_prefix('$')?;
                let name = self.name()?;
                let found = self.named.iter().find(|(own, _)| *own == name)?;
                Some(Filter::Literal(found.1.clone()))
            }
            c if c.is_ascii_digit() || c == '-' => {
                let end = self
                    .rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| !c.is_ascii_digit())
                    .map_or(self.rest.len(), |(at, _)| at);
                let (number, after) = self.rest.split_at_checked(end)?;
                self.rest = after;
                Some(Filter::Literal(Value::from(number.parse::<i64>().ok()?)))
            }
            _ => {
                let name = self.name()?;
                let mut arguments = Vec::new();
                if self.rest.starts_with('(') {
                    self.rest = self.rest.strip_prefix('(')?;
                    loop {
                        arguments.push(self.pipe()?);
                        if self.take(";") {
                            continue;
                        }
                        if self.take(")") {
                            break;
                        }
                        return None;
                    }
                }
                Some(match name.as_str() {
                    "true" => Filter::Literal(Value::Bool(true)),
                    "false" => Filter::Literal(Value::Bool(false)),
                    "null" => Filter::Literal(Value::Null),
                    _ => Filter::Call(name, arguments),
                })
            }
        }
    }
}
