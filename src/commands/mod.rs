//! The subcommands: glue between the world (files, terminal) and the library.

pub mod audit;
pub mod check;
pub mod docs;
pub mod eval;
pub mod init;
pub mod install;
pub mod pin;
pub mod plan;
pub mod schema;

mod accept;
mod fix;
mod load;
mod online;
mod registry;
mod terminal;
mod write;

use std::io::Write;
use std::process::ExitCode;

use crate::cli::{Cli, Command};

/// The run itself failed: bad usage, a path that cannot be read.
pub const FAILED: u8 = 2;

/// Runs a command; the exit status is 0, 1 for findings, or 2.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    let result = match &cli.command {
        Command::Check(args) => check::run(args, cli.color),
        Command::Plan(args) => plan::run(args, cli.color),
        Command::Audit(args) => audit::run(args, cli.color),
        Command::Pin(args) => pin::pin(args),
        Command::Update(args) => pin::update(args),
        Command::Unpin(args) => pin::unpin(args),
        Command::Init(args) => init::run(args),
        Command::Eval(args) => eval::run(args),
        Command::Explain { rule } => docs::explain(rule),
        Command::Rules { write_docs } => docs::rules(write_docs.as_deref()),
        Command::Schema { name } => schema::run(*name),
        Command::Lsp { .. } => crate::lsp::serve(),
        Command::Completions { shell } => install::completions(*shell),
        Command::Man { folder } => install::man(folder),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(message) => {
            terminal::complain(&message);
            ExitCode::from(FAILED)
        }
    }
}

/// Writes to standard output; a reader that has gone away ends the run in silence.
fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(format!("cannot write: {}", crate::discover::plain(&error))),
    }
}
