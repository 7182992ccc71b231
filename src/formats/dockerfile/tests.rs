use super::*;

/// Each image with its bytes in the file, its holder, and what it comes to.
fn told(text: &str) -> Vec<String> {
    read(FileId(0), "Dockerfile", text)
        .into_iter()
        .map(|found| {
            let at = text.get(found.at.span.start..found.at.span.end).unwrap();
            let resolved = match &found.resolved {
                Resolved::Reference(image) => image.to_string(),
                Resolved::Invalid(why) => format!("invalid: {why}"),
                Resolved::Unresolved(what) => format!("unresolved: {what}"),
            };
            format!("{} | {at} | {resolved}", found.holder)
        })
        .collect()
}

#[test]
fn names_of_files() {
    for path in [
        "Dockerfile",
        "a/dockerfile",
        "Dockerfile.dev",
        "Dockerfile-slim",
        "web.Dockerfile",
        "web.dockerfile",
        "Containerfile",
        "Containerfile.el9",
    ] {
        assert!(is_dockerfile(path), "{path}");
    }
    for path in [
        "Dockerfile.dockerignore",
        "Dockerfile.j2",
        "Dockerfiles/a",
        "mydockerfile",
        "Dockerfile.md",
    ] {
        assert!(!is_dockerfile(path), "{path}");
    }
}

#[test]
fn stages_copies_and_mounts() {
    let text = "\
# syntax=docker/dockerfile:1.7
from --platform=$BUILDPLATFORM golang:1.22 AS Build
RUN --mount=type=cache,target=/x --mount=type=bind,from=acme/tools:1.0.0,source=/a,target=/b make
FROM build as test
FROM scratch
COPY --from=0 /a /a
COPY --from=BUILD /a /a
COPY --chown=1:1 --from=busybox:1.36.1 /bin/sh /bin/sh
COPY --from=later /a /a
ADD --from=none a b
ONBUILD COPY --from=parent /a /a
ONBUILD RUN --mount=from=acme/tools:edge,target=/b make
FROM alpine AS later
";
    assert_eq!(
        told(text),
        [
            "syntax | docker/dockerfile:1.7 | docker/dockerfile:1.7",
            "stage build | golang:1.22 | golang:1.22",
            "stage build, mount | acme/tools:1.0.0 | acme/tools:1.0.0",
            "stage 2, copy | busybox:1.36.1 | busybox:1.36.1",
            "stage 2, mount | acme/tools:edge | acme/tools:edge",
            "stage later | alpine | alpine",
        ]
    );
}

#[test]
fn variables_are_those_before_the_first_stage() {
    let text = "\
ARG VERSION=1.2.3 NAME=\"app\"
ARG FULL=acme/${NAME}:$VERSION
ARG OPEN
FROM $FULL
ARG INNER=1
FROM acme/app:${OPEN:-${VERSION%.*}}
FROM acme/app:${OPEN}
FROM acme/app-${TARGETARCH}:1
FROM acme/app:1${INNER:+x}${NAME:+-slim}
FROM acme/app:${INNER}
FROM acme/app:${FOREIGN}
FROM acme/app:${VERSION//./_}
FROM \"acme/app:1\"
FROM acme/app:${OPEN
";
    assert_eq!(
        told(text),
        [
            "stage 0 | $FULL | acme/app:1.2.3",
            "stage 1 | acme/app:${OPEN:-${VERSION%.*}} | acme/app:1.2",
            "stage 2 | acme/app:${OPEN} | unresolved: ${OPEN}",
            "stage 3 | acme/app-${TARGETARCH}:1 | unresolved: ${TARGETARCH}",
            "stage 4 | acme/app:1${INNER:+x}${NAME:+-slim} | acme/app:1-slim",
            "stage 5 | acme/app:${INNER} | invalid: the tag is empty",
            "stage 6 | acme/app:${FOREIGN} | unresolved: ${FOREIGN}",
            "stage 7 | acme/app:${VERSION//./_} | acme/app:1_2_3",
            "stage 8 | \"acme/app:1\" | acme/app:1",
            "stage 9 | acme/app:${OPEN | invalid: a `}` is missing",
        ]
    );
}

#[test]
fn lines_are_joined_as_the_builder_does() {
    let text = "\u{feff}# escape=`\r\nFROM `\r\n  # between\r\n\r\n  alpine:3.20 `\r\n  AS a\r\nRUN <<EOF cat <<-\"END\"\r\nFROM no:1\r\nEOF\r\nFROM no:2\r\n\tEND\r\nFROM C:\\x\r\nCOPY --from=al`\r\npine:3 a b\r\n";
    assert_eq!(
        told(text),
        [
            "stage a | alpine:3.20 | alpine:3.20",
            "stage 1 | C:\\x | invalid: the repository `C` must be in lower case",
            "stage 1, copy | al`\r\npine:3 | alpine:3",
        ]
    );
}

#[test]
fn what_is_no_heredoc_hides_nothing() {
    let text = "FROM a:1\nRUN cat <<< x && echo $((1<<2))\nFROM b:1\nRUN <<EOF\nFROM c:1\n";
    assert_eq!(told(text).len(), 2);
}

#[test]
fn hostile_files_end() {
    for text in [
        "FROM",
        "FROM ",
        "\\",
        "FROM \\",
        "COPY --from=",
        "FROM a\nCOPY --from= a b\nRUN --mount= x\nRUN --mount=from= x",
        "FROM ${",
        "FROM ${a",
        "FROM $",
        "ONBUILD",
        "FROM a\nONBUILD\nONBUILD COPY",
        "# syntax=\n# escape=\nFROM é\\\n# é\n:1",
        "FROM a\nRUN <<",
        "FROM a\nCOPY --from='é x' \"",
    ] {
        let _ = told(text);
    }
    let nested = format!("FROM {}x{}", "${A:-".repeat(500), "}".repeat(500));
    let _ = told(&nested);
    let doubled: String = (0..60)
        .map(|n| format!("ARG A{}=$A{n}$A{n}\n", n + 1))
        .collect();
    let _ = told(&format!("ARG A0=aaaaaaaa\n{doubled}FROM $A60\n"));
}
