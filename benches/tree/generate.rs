//! `scripts/generate-manifests FOLDER COUNT`.

use std::path::PathBuf;
use std::process::ExitCode;

#[path = "mod.rs"]
mod tree;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().map(PathBuf::from);
    let count = arguments
        .next()
        .and_then(|count| count.to_str()?.parse().ok());
    let (Some(folder), Some(count), None) = (folder, count, arguments.next()) else {
        eprintln!("usage: scripts/generate-manifests FOLDER COUNT");
        return ExitCode::from(2);
    };
    match tree::write(&folder, count) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
