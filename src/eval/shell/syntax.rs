//! The statements of a script, as the interpreter wants them: flat lists, words as written.
//!
//! Words keep their raw text; they are taken apart when they are expanded, and not before.

use std::ops::Range;
use std::rc::Rc;

/// A piece of script text and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) text: Rc<str>,
    pub(super) at: Range<usize>,
    /// Whether an offset in `text` is an offset in the script once `at.start` is added.
    pub(super) exact: bool,
}

impl Raw {
    /// Where the part `start..end` of the text stands.
    pub(super) fn part(&self, start: usize, end: usize) -> Range<usize> {
        if self.exact {
            // The line break that is added to a script for the parser lies beyond it.
            let place = |offset: usize| self.at.start.saturating_add(offset).min(self.at.end);
            place(start)..place(end)
        } else {
            self.at.clone()
        }
    }
}

/// One statement.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

/// A list of statements.
pub(super) type Block = Vec<Statement>;

/// What a statement is.
#[derive(Debug)]
pub(super) enum Kind {
    /// `A=1 name word …`, with no name when it only assigns. A declaration's words (`export A=1`)
    /// are expanded like assignments.
    Command {
        assignments: Vec<Raw>,
        words: Vec<Raw>,
        declaration: bool,
    },
    /// `[ … ]` or `[[ … ]]`: what stands between the brackets.
    Test { double: bool, text: Raw },
    /// `(( … ))`: what stands between.
    Arithmetic(Raw),
    /// The conditions with what each guards, and what runs when none holds.
    If {
        branches: Vec<(Block, Block)>,
        otherwise: Block,
    },
    /// `for NAME in …`; no words means the positional parameters.
    For {
        variable: String,
        words: Option<Vec<Raw>>,
        body: Block,
    },
    /// `for ((…;…;…))`.
    CountingFor {
        start: Raw,
        condition: Raw,
        step: Raw,
        body: Block,
    },
    /// `while` and `until`.
    While {
        until: bool,
        condition: Block,
        body: Block,
    },
    /// `case … in`.
    Case { value: Raw, arms: Vec<Arm> },
    /// `{ … }`.
    Group(Block),
    /// `( … )`.
    Subshell(Block),
    /// `a | b`.
    Pipeline(Vec<Statement>),
    /// `a && b || c`: the link says how a statement follows the ones before it.
    Chain(Vec<(Link, Statement)>),
    /// `! a`.
    Not(Box<Statement>),
    /// `name() { … }`.
    Function { name: String, body: Rc<Statement> },
    /// A statement with redirections.
    Redirected {
        body: Box<Statement>,
        redirects: Vec<Redirect>,
    },
    /// What could not be read; the statements inside that could.
    Broken(Block),
}

/// How a statement of a chain follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    First,
    And,
    Or,
}

/// One arm of a `case`.
#[derive(Debug)]
pub(super) struct Arm {
    pub(super) patterns: Vec<Raw>,
    pub(super) body: Block,
    pub(super) falls_through: bool,
}

/// A redirection.
#[derive(Debug, Clone)]
pub(super) enum Redirect {
    /// `< file`
    Input(Raw),
    /// `> file`, `>> file`, `&> file`; nothing is kept of what goes to another descriptor.
    Output { to: Raw, append: bool },
    /// `>&2`: standard output goes where standard error goes.
    ToError,
    /// A here-document: its text, and whether expansions in it are left alone.
    Document { text: Raw, literal: bool },
    /// `<<< word`
    Text(Raw),
    /// One that changes nothing that is followed here, such as `2>&1` or `2>/dev/null`.
    Other,
}
