//! Whatever goes wrong while a file is written, it is the old one or the new one, and stays what else
//! it was: its rights, its links, its other names.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::process::Command;
use std::time::Duration;

use super::{Folder, Ran, WORKFLOW};

const FIX: [&str; 4] = ["check", "--fix", "--unsafe-fixes", "--quiet"];

/// The smallest thing that is mended in any file: an unused suppression.
fn suppressed() -> String {
    format!("{}{}", small(), "# pad\n".repeat(2_000))
}

fn small() -> String {
    "services:\n  a:\n    # taglint: ignore[floating-tag] not any more\n    image: nginx:1.25.3\n"
        .to_owned()
}

fn mended(text: &str) -> String {
    text.replace("    # taglint: ignore[floating-tag] not any more\n", "")
}

fn left_beside(folder: &Folder) -> Vec<String> {
    let all = walkdir::WalkDir::new(&folder.0).into_iter().flatten();
    let names = all.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(".taglint-") || name.starts_with(".tmp"))
        .collect()
}

#[test]
fn fixes_keep_what_a_file_is() {
    let folder = Folder::new("keep");
    folder
        .write("compose.yml", suppressed())
        .write("linked.yml", suppressed())
        .write("target.txt", suppressed());
    let path = |name: &str| folder.0.join(name);
    std::fs::set_permissions(path("compose.yml"), std::fs::Permissions::from_mode(0o750)).unwrap();
    std::fs::hard_link(path("linked.yml"), path("other-name")).unwrap();
    symlink("target.txt", path("link.yml")).unwrap();
    let before = std::fs::metadata(path("compose.yml")).unwrap();
    let ran = folder.run(&[&FIX[..], &["compose.yml", "linked.yml", "link.yml"]].concat());
    assert_eq!(ran.errors(), "");
    for name in ["compose.yml", "linked.yml", "other-name", "target.txt"] {
        assert_eq!(folder.read(name), mended(&suppressed()), "{name}");
    }
    let after = std::fs::metadata(path("compose.yml")).unwrap();
    assert_eq!((after.mode(), after.uid()), (before.mode(), before.uid()));
    assert_eq!(std::fs::metadata(path("linked.yml")).unwrap().nlink(), 2);
    assert!(
        std::fs::symlink_metadata(path("link.yml"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(left_beside(&folder), [""; 0]);
}

/// A limit to the size of files stands for a disk that is full: what is written past it fails.
fn on_a_full_disk(folder: &Folder, arguments: &[&str]) -> Ran {
    // In blocks of 512 bytes; the signal that goes with it is ignored, as on a disk there is none.
    folder.shell("trap '' XFSZ; ulimit -f 16; \"$@\"", arguments)
}

#[test]
fn a_full_disk_costs_no_file() {
    let told = |ran: &Ran, name: &str| {
        assert_eq!(ran.status(), Some(2), "{}", ran.errors());
        assert!(ran.errors().contains(name), "{}", ran.errors());
        assert!(ran.errors().contains("file too large"), "{}", ran.errors());
    };
    let folder = Folder::new("full");
    folder
        .write("compose.yml", suppressed())
        .write("linked.yml", suppressed());
    std::fs::hard_link(folder.0.join("linked.yml"), folder.0.join("other-name")).unwrap();
    let ran = on_a_full_disk(&folder, &FIX);
    told(&ran, "compose.yml");
    told(&ran, "linked.yml");
    for name in ["compose.yml", "linked.yml", "other-name"] {
        assert_eq!(folder.read(name), suppressed(), "{name}");
    }
    // A policy, a baseline and a report that were there.
    let old = "# old\n".repeat(2_000);
    let images: String = (0..300)
        .map(|n| format!("  s{n}: {{image: 'nginx{n}:latest'}}\n"))
        .collect();
    folder.write("many.yml", format!("services:\n{images}"));
    let jobs: String = (0..300)
        .map(|n| {
            format!(
                "  j{n}: {{runs-on: x, steps: [{{run: 'docker build -t a/b{n}:1 --push .'}}]}}\n"
            )
        })
        .collect();
    folder.write(WORKFLOW, format!("on: push\njobs:\n{jobs}"));
    for (name, arguments) in [
        ("base.json", &["check", "--write-baseline", "base.json"][..]),
        (
            "report.json",
            &["check", "--format", "json", "--output", "report.json"],
        ),
        ("plan.html", &["plan", "--format", "html=plan.html"]),
        ("taglint.yaml", &["init", "--force"]),
    ] {
        folder.write(name, &old);
        let ran = on_a_full_disk(&folder, arguments);
        told(&ran, name);
        assert_eq!(folder.read(name), old, "{name}");
        std::fs::remove_file(folder.0.join(name)).unwrap();
        let ran = on_a_full_disk(&folder, arguments);
        told(&ran, name);
        assert!(!folder.0.join(name).exists(), "half of {name} is left");
    }
    assert_eq!(left_beside(&folder), [""; 0]);
}

#[test]
fn a_folder_that_may_not_be_written() {
    let folder = Folder::new("read-only");
    folder.write("a/compose.yml", suppressed());
    let rights = |mode| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.0.join("a"), rights).unwrap();
    };
    rights(0o555);
    let lowered = "if [ \"$(id -u)\" = 0 ]; then exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; fi; exec \"$@\"";
    for arguments in [
        &FIX[..],
        &["init", "a"],
        &["check", "--write-baseline", "a/base.json"],
    ] {
        let ran = folder.shell(lowered, arguments);
        assert_eq!(ran.status(), Some(2), "{arguments:?}: {}", ran.errors());
        assert!(
            ran.errors().contains("permission denied"),
            "{}",
            ran.errors()
        );
    }
    rights(0o755);
    assert_eq!(folder.read("a/compose.yml"), suppressed());
    assert_eq!(std::fs::read_dir(folder.0.join("a")).unwrap().count(), 1);
}

/// Killed at any time, a run leaves each file old or new, and nothing that does not say whose it is.
#[test]
fn a_run_that_is_killed() {
    for (round, signal) in ["INT", "TERM", "KILL", "TERM", "KILL"]
        .into_iter()
        .enumerate()
    {
        let folder = Folder::new("killed");
        let many = 60;
        for n in 0..many {
            folder.write(format!("d{n}/compose.yml"), small());
        }
        std::fs::hard_link(
            folder.0.join("d0/compose.yml"),
            folder.0.join("d0/other-name"),
        )
        .unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(FIX)
            .current_dir(&folder.0)
            .spawn()
            .unwrap();
        // From the first file that is mended on, a little later each time.
        while run.try_wait().unwrap().is_none() && folder.read("d0/compose.yml") == small() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(4 * round as u64));
        let _ = Command::new("kill")
            .args([format!("-{signal}"), run.id().to_string()])
            .status();
        run.wait().unwrap();
        let news = (1..many).filter(|n| match folder.read(&format!("d{n}/compose.yml")) {
            text if text == mended(&small()) => true,
            text => {
                assert_eq!(text, small(), "d{n} after {signal}");
                false
            }
        });
        println!("{} of {many} files are new after {signal}", news.count());
        // Whatever else is left is recognised, and no run takes it for a file.
        let ran = folder.run(&FIX);
        assert_eq!(ran.status(), Some(0), "{}", ran.errors());
        for n in 1..many {
            assert_eq!(folder.read(&format!("d{n}/compose.yml")), mended(&small()));
        }
        let known = left_beside(&folder).len();
        let all = walkdir::WalkDir::new(&folder.0)
            .into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file());
        assert_eq!(all.count() - known, many + 1);
    }
}
