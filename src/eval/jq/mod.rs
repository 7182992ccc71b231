//! `jq`: its command line and its language, over values that may hold unknown parts.
//!
//! Text with unknown parts is copied, joined and taken apart by name like any other. Where a result
//! depends on what is not known, there is none; nor is there where a program uses what is not
//! evaluated here, or takes too many steps. Numbers, errors and the order of keys are those of
//! jq 1.7, which the runners have.

mod array;
mod command;
mod construct;
mod environment;
mod evaluate;
mod fold;
mod format;
mod function;
mod iterate;
mod json;
mod lex;
mod native;
mod number;
mod operator;
mod parse;
mod parse_term;
mod path;
mod pattern;
mod place;
mod prelude;
mod run;
mod substitute;
mod syntax;
mod text;
mod time;
mod update;
mod value;

#[cfg(test)]
mod tests;

pub use command::{Call, Named};
pub use run::{Ended, World};
