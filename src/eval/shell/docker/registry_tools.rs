//! Tools that work on registries without building: skopeo, crane, regctl, oras, and kaniko, which
//! builds and pushes in one.

use super::flags::Flags;
use super::{ActionKind, subcommand, without_transport};
use crate::eval::shell::Word;

/// Reads the words after the program's name.
pub(super) fn read(program: &str, words: &[Word]) -> Vec<ActionKind> {
    let valued = [
        "--src-creds",
        "--dest-creds",
        "--creds",
        "--authfile",
        "--format",
        "-f",
        "--platform",
        "--dest-authfile",
        "--src-authfile",
        "--retry-times",
        "--override-arch",
        "--override-os",
        "--multi-arch",
        "-t",
        "--tag",
        "--new_tag",
        "-p",
    ];
    let Some((name, rest)) = subcommand(words) else {
        return Vec::new();
    };
    let (name, rest) = match (program, name, subcommand(rest)) {
        ("regctl", "image", Some((name, rest))) => (name, rest),
        _ => (name, rest),
    };
    let flags = Flags::read(rest, &valued);
    let mut positionals = flags.positionals.iter();
    match (name, positionals.next(), positionals.next()) {
        ("copy" | "cp", Some(from), Some(to)) => {
            // Other transports are folders and archives on the machine.
            let elsewhere = program == "skopeo" && !to.text.starts_with("docker://");
            if elsewhere {
                return Vec::new();
            }
            vec![ActionKind::Copy {
                from: without_transport(from),
                to: without_transport(to),
            }]
        }
        ("tag", Some(from), Some(tag)) if program != "regctl" => {
            let image = from.text.split('@').next().unwrap_or_default();
            let slash = image.rfind('/').map_or(0, |at| at + 1);
            let end = image.get(slash..).and_then(|last| last.find(':'));
            let image = end
                .and_then(|end| image.get(..slash + end))
                .unwrap_or(image);
            vec![ActionKind::Copy {
                from: from.clone(),
                to: Word {
                    text: format!("{image}:{}", tag.text),
                    ..tag.clone()
                },
            }]
        }
        ("push", Some(from), Some(to)) if program.ends_with("crane") => vec![ActionKind::Copy {
            from: from.clone(),
            to: to.clone(),
        }],
        _ => Vec::new(),
    }
}

/// kaniko pushes to each destination.
pub(super) fn kaniko(words: &[Word]) -> Vec<ActionKind> {
    let flags = Flags::read(
        words,
        &[
            "--destination",
            "-d",
            "--context",
            "-c",
            "--dockerfile",
            "-f",
            "--build-arg",
            "--target",
            "--cache-repo",
        ],
    );
    if flags.has(&["--no-push"]) {
        return Vec::new();
    }
    let destinations = flags.values(&["--destination", "-d"]).into_iter();
    destinations
        .map(|to| ActionKind::Copy {
            from: to.clone(),
            to,
        })
        .collect()
}
