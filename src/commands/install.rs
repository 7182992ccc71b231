//! What an installation brings along: completion scripts and manual pages, made from the command line
//! itself.

use std::path::Path;

use clap::CommandFactory;

use super::print;
use crate::cli::Cli;

/// Prints the completion script of a shell.
///
/// # Errors
/// Output that cannot be written.
pub fn completions(shell: clap_complete::Shell) -> Result<u8, String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "taglint", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Writes a manual page for the program and one for each of its commands.
///
/// # Errors
/// The folder cannot be written.
pub fn man(folder: &Path) -> Result<u8, String> {
    let failed =
        |error: std::io::Error| format!("{}: {}", folder.display(), crate::discover::plain(&error));
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
    Ok(0)
}
