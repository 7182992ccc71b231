//! Files that are none, files that cannot be read, files that change under the run; and somebody who
//! does not listen to what it says.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Folder, WORKFLOW, script, workflow};

const FLOATING: &str = "services: {a: {image: 'nginx:latest'}}\n";

fn pipe(folder: &Folder, name: &str) {
    let made = Command::new("mkfifo")
        .arg(folder.0.join(name))
        .status()
        .unwrap();
    assert!(made.success());
}

/// Nobody ever writes to the pipe, and the devices have no end: a run that opens one of them hangs.
#[test]
fn pipes_and_devices() {
    let folder = Folder::new("pipes");
    folder.write("sub/compose.yml", FLOATING).write(
        WORKFLOW,
        workflow(&script(
            "docker push a/b:$(cat VERSION)\nmake push\ndocker buildx bake --push",
        )),
    );
    std::fs::create_dir_all(folder.0.join(".git")).unwrap();
    for name in [
        "a.yaml",
        "VERSION",
        "Makefile",
        "docker-bake.hcl",
        ".env",
        "compose.yml",
        ".git/config",
        "taglint.yaml",
        "sub/.env",
    ] {
        pipe(&folder, name);
    }
    for name in ["b.yaml", "sub/taglint.yaml", "sub/docker-compose.yml"] {
        symlink("/dev/zero", folder.0.join(name)).unwrap();
    }
    let found = folder.check();
    assert!(
        found.iter().any(|one| one["rule"] == "floating-tag"),
        "{found:?}"
    );
    folder.plan();
    for arguments in [
        &["check", "a.yaml"][..],
        &["check", "b.yaml"],
        &["check", "/dev/zero"],
        &["check", "sub", "--config", "a.yaml"],
        &["check", "sub", "--config", "b.yaml"],
        &["check", "sub", "--baseline", "a.yaml"],
        &["check", "sub", "--baseline", "b.yaml"],
        &["plan", "--event", "push", "--payload", "a.yaml"],
        &["eval", "1", "--context", "a.yaml"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status(), Some(2), "{arguments:?}");
        assert!(
            ran.errors().contains("it is no regular file"),
            "{arguments:?}: {}",
            ran.errors()
        );
    }
    // What was opened for the run is read, to a bound.
    let ran = folder.shell("echo '{}' | \"$@\" check /dev/stdin", &[]);
    assert_eq!(ran.status(), Some(0), "{}", ran.errors());
    let ran = folder.shell("\"$@\" check /dev/stdin < /dev/zero", &[]);
    assert!(
        ran.text().contains("more than 64 MiB are not read"),
        "{}",
        ran.text()
    );
}

#[test]
fn files_of_patterns_that_have_no_end() {
    for name in [".gitignore", ".ignore", ".taglintignore"] {
        for device in [false, true] {
            let folder = Folder::new("patterns");
            folder
                .write("compose.yml", FLOATING)
                .write("sub/compose.yml", FLOATING)
                .write("sub/deep/compose.yml", FLOATING);
            let place = format!("sub/{name}");
            match device {
                true => symlink("/dev/zero", folder.0.join(&place)).unwrap(),
                false => pipe(&folder, &place),
            }
            let ran = folder.run(&["check", "--format", "concise"]);
            assert_eq!(ran.status(), Some(2), "{}", ran.errors());
            assert!(
                ran.errors()
                    .contains(&format!("{place}: it is no regular file")),
                "{}",
                ran.errors()
            );
            // The other folders are looked at all the same, and so is one below that is named itself.
            assert_eq!(ran.text().lines().count(), 1, "{}", ran.text());
        }
    }
}

#[test]
fn files_that_may_not_be_read() {
    let folder = Folder::new("rights");
    folder
        .write("a/compose.yml", FLOATING)
        .write("b/compose.yml", FLOATING)
        .write("c/compose.yml", FLOATING)
        .write("c/taglint.yaml", "version: 1\n");
    let rights = |name: &str, mode| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.0.join(name), rights).unwrap();
    };
    rights("", 0o755);
    rights("a/compose.yml", 0);
    rights("b", 0);
    rights("c/taglint.yaml", 0);
    // The rights of the superuser know no bounds.
    let lowered = "if [ \"$(id -u)\" = 0 ]; then exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"; fi; exec \"$@\"";
    let ran = folder.shell(lowered, &["check", "--format", "concise"]);
    rights("b", 0o755);
    assert_eq!(ran.status(), Some(2), "{}", ran.errors());
    for told in [
        "a/compose.yml: permission denied",
        "c/taglint.yaml: permission denied",
        "ermission denied",
    ] {
        assert!(ran.errors().contains(told), "{}", ran.errors());
    }
    assert!(ran.errors().contains('b'), "{}", ran.errors());
}

/// Files are cut, rewritten, removed and made again, and folders with them, while they are read.
#[test]
fn files_that_change_while_they_are_read() {
    let folder = Folder::new("changes");
    let long = format!(
        "services:\n{}",
        "  a: {image: 'nginx:latest'}\n".repeat(2_000)
    );
    let ends = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut round = 0_usize;
            while !ends.load(Ordering::Relaxed) {
                round += 1;
                for n in 0..8 {
                    let path = folder.0.join(format!("d{n}/compose.yml"));
                    let _ = std::fs::create_dir_all(path.parent().unwrap());
                    let _ = std::fs::write(&path, &long);
                    if let Ok(file) = std::fs::OpenOptions::new().write(true).open(&path) {
                        let _ = file.set_len((round * 37 % long.len()) as u64);
                    }
                    if (round + n).is_multiple_of(3) {
                        let _ = std::fs::remove_dir_all(path.parent().unwrap());
                    }
                }
            }
        });
        for _ in 0..15 {
            for arguments in [
                &["check", "--fail-on", "never"][..],
                &["check", "--fix", "--unsafe-fixes"],
                &["plan"],
            ] {
                let ran = folder.run(arguments);
                assert!(
                    ran.status().is_some_and(|status| status <= 2),
                    "{}",
                    ran.errors()
                );
            }
        }
        ends.store(true, Ordering::Relaxed);
    });
}

#[test]
fn readers_that_go_away() {
    let folder = Folder::new("readers");
    let services: String = (0..2_000)
        .map(|n| format!("  s{n}: {{image: 'nginx:latest'}}\n"))
        .collect();
    folder.write("compose.yml", format!("services:\n{services}"));
    for format in [
        "human",
        "concise",
        "json",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
    ] {
        let ran = folder.shell(&format!("{{ \"$@\" check --fail-on never --format {format}; echo status $? >&2; }} | head -c 1"), &[]);
        assert_eq!(ran.errors(), "status 0\n", "{format}");
    }
    for (script, status) in [
        ("\"$@\" check --fail-on never >&-", 0),
        ("\"$@\" check --fail-on never 2>&-", 0),
        ("\"$@\" check nothing >&- 2>&- <&-", 2),
        ("\"$@\" check nothing 2>/dev/full", 2),
        ("\"$@\" check >/dev/full", 2),
        ("\"$@\" check >/dev/full 2>/dev/full", 2),
        ("\"$@\" plan 2>/dev/full >/dev/full", 2),
        ("\"$@\" rules | head -c 1 >/dev/null", 0),
        ("\"$@\" completions bash | head -c 1 >/dev/null", 0),
        ("\"$@\" schema policy >/dev/full", 2),
    ] {
        let ran = folder.shell(script, &[]);
        assert_eq!(ran.status(), Some(status), "{script}: {}", ran.errors());
    }
    let ran = folder.shell("\"$@\" check >/dev/full", &[]);
    assert_eq!(
        ran.errors(),
        "taglint: cannot write: no space left on device\n"
    );
}
