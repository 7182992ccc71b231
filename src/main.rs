//! The command `taglint`.

use std::process::ExitCode;

use clap::Parser;
use taglint::cli::Cli;

fn main() -> ExitCode {
    taglint::commands::run(&Cli::parse())
}
