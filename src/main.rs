//! The command `taglint`.

use std::process::ExitCode;

use clap::Parser;
use taglint::cli::Cli;

// Threads read files side by side, each with thousands of small pieces.
#[cfg(all(
    feature = "jemalloc",
    not(any(target_env = "msvc", target_os = "openbsd"))
))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    taglint::commands::run(&Cli::parse())
}
