//! The tokens of a template.

/// A token of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Content(String),
    Comment(Strip),
    /// `{{`, `{{&`: the flag is whether the output is escaped.
    Open {
        strip: bool,
        escaped: bool,
    },
    /// `{{{`.
    OpenUnescaped {
        strip: bool,
    },
    /// `{{*`, `{{#*`, `{{>`, `{{#>`.
    OpenOther {
        strip: bool,
        kind: Other,
    },
    /// `{{#`.
    OpenBlock {
        strip: bool,
    },
    /// `{{/`.
    OpenEnd {
        strip: bool,
    },
    /// `{{^}}` and `{{else}}`.
    Inverse(Strip),
    /// `{{^`.
    OpenInverse {
        strip: bool,
    },
    /// `{{else` with something after it.
    OpenChain {
        strip: bool,
    },
    /// `{{{{`, `}}}}`, and `{{{{/name}}}}`.
    OpenRaw,
    CloseRaw,
    EndRaw(String),
    /// `}}`.
    Close {
        strip: bool,
    },
    /// `}}}`.
    CloseUnescaped {
        strip: bool,
    },
    OpenCall,
    CloseCall,
    Equals,
    /// A name; `literal` where it was written in brackets.
    Id {
        text: String,
        literal: bool,
    },
    Separator(char),
    Text(String),
    Number(f64),
    Bool(bool),
    Undefined,
    Null,
    Data,
    OpenParams,
    CloseParams,
    Invalid,
}

/// What opens with more than a plain brace pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Other {
    Decorator,
    DecoratorBlock,
    Partial,
    PartialBlock,
}

/// Which of its neighbours' blanks a mustache takes away (`~`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Strip {
    pub(super) open: bool,
    pub(super) close: bool,
}
