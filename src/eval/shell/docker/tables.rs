//! The options without a value of the container tools.

use super::flags::Table;

const fn table(switches: &'static [&'static str]) -> Table {
    Table {
        switches,
        mixed: true,
        tight: false,
    }
}

const fn tight(switches: &'static [&'static str]) -> Table {
    Table {
        switches,
        mixed: true,
        tight: true,
    }
}

/// `docker build`, `docker buildx build`, with what the builder before BuildKit took.
pub(super) const BUILD: Table = table(&[
    "no-cache",
    "pull",
    "push",
    "load",
    "quiet",
    "q",
    "rm",
    "force-rm",
    "compress",
    "squash",
    "check",
    "debug",
    "D",
    "detach",
    "disable-content-trust",
    "stream",
    "help",
    "save",
    "lint",
]);

/// `podman build`, which takes options anywhere.
pub(super) const PODMAN_BUILD: Table = table(BUILDAH_SWITCHES);

/// `buildah build`, which takes no options after the context.
pub(super) const BUILDAH_BUILD: Table = Table {
    switches: BUILDAH_SWITCHES,
    mixed: false,
    tight: false,
};

const BUILDAH_SWITCHES: &[&str] = &[
    "all-platforms",
    "no-cache",
    "pull",
    "pull-always",
    "pull-never",
    "layers",
    "squash",
    "squash-all",
    "rm",
    "force-rm",
    "quiet",
    "q",
    "compress",
    "disable-compression",
    "D",
    "tls-verify",
    "no-hosts",
    "no-hostname",
    "stdin",
    "http-proxy",
    "identity-label",
    "inherit-annotations",
    "inherit-labels",
    "omit-history",
    "skip-unused-stages",
    "logsplit",
    "remote",
    "r",
    "rewrite-timestamp",
    "compat-volumes",
    "created-annotation",
    "disable-content-trust",
    "help",
    "h",
];

/// `docker buildx bake`
pub(super) const BAKE: Table = table(&[
    "no-cache", "pull", "push", "load", "print", "debug", "D", "check", "help", "save", "lint",
]);

/// `docker buildx imagetools create`
pub(super) const IMAGETOOLS: Table =
    table(&["append", "dry-run", "prefer-index", "debug", "D", "help"]);

/// `push`, `pull`, `tag`, `login` and `manifest` of all engines.
pub(super) const IMAGE: Table = tight(&[
    "all-tags",
    "a",
    "quiet",
    "q",
    "disable-content-trust",
    "all",
    "compress",
    "remove-signatures",
    "tls-verify",
    "amend",
    "insecure",
    "purge",
    "p",
    "rm",
    "force",
    "force-compression",
    "debug",
    "D",
    "help",
    "get-login",
    "add-compression-all",
    "estargz",
    "allow-nondistributable-artifacts",
]);

/// `login`, where `-p` is a password.
pub(super) const LOGIN: Table = tight(&[
    "password-stdin",
    "tls-verify",
    "get-login",
    "verbose",
    "v",
    "insecure-registry",
    "skip-check",
    "help",
]);

/// Before the subcommand of an engine: `docker --context x push`.
pub(super) const ENGINE: Table = Table {
    switches: &[
        "debug",
        "D",
        "tls",
        "tlsverify",
        "version",
        "v",
        "help",
        "h",
        "remote",
        "r",
        "storage",
        "insecure",
        "verbose",
        "insecure-policy",
    ],
    mixed: false,
    tight: false,
};

/// `skopeo copy`
pub(super) const SKOPEO: Table = tight(&[
    "all",
    "a",
    "quiet",
    "q",
    "preserve-digests",
    "src-tls-verify",
    "dest-tls-verify",
    "remove-signatures",
    "dest-compress",
    "dest-decompress",
    "dest-precompute-digests",
    "dest-oci-accept-uncompressed-layers",
    "dest-force-compress-format",
    "src-no-creds",
    "dest-no-creds",
    "tls-verify",
    "debug",
    "help",
    "keep-going",
]);

/// `crane` and `regctl`
pub(super) const REGISTRY: Table = tight(&[
    "all-tags",
    "a",
    "no-clobber",
    "n",
    "insecure",
    "allow-nondistributable-artifacts",
    "verbose",
    "v",
    "image-refs",
    "digest-tags",
    "referrers",
    "force-recursive",
    "include-external",
    "fast",
    "replace",
    "recursive",
    "r",
    "index",
    "debug",
    "d",
    "from-plain-http",
    "to-plain-http",
    "plain-http",
    "help",
    "by-digest",
]);

/// `docker compose` before its subcommand.
pub(super) const COMPOSE: Table = Table {
    switches: &[
        "compatibility",
        "dry-run",
        "all-resources",
        "verbose",
        "version",
        "v",
        "no-ansi",
        "tls",
        "tlsverify",
        "skip-hostname-check",
        "help",
        "h",
    ],
    mixed: false,
    tight: false,
};

/// `docker compose build` and `docker compose push`
pub(super) const COMPOSE_COMMAND: Table = table(&[
    "push",
    "no-cache",
    "pull",
    "quiet",
    "q",
    "with-dependencies",
    "include-deps",
    "ignore-push-failures",
    "parallel",
    "no-rm",
    "force-rm",
    "compress",
    "check",
    "print",
    "help",
    "no-parallel",
    "build",
    "d",
    "detach",
]);

/// kaniko's executor
pub(super) const KANIKO: Table = table(&[
    "no-push",
    "no-push-cache",
    "cache",
    "cleanup",
    "insecure",
    "insecure-pull",
    "skip-tls-verify",
    "skip-tls-verify-pull",
    "single-snapshot",
    "reproducible",
    "force",
    "use-new-run",
    "ignore-var-run",
    "skip-unused-stages",
    "push-ignore-immutable-tag-errors",
    "compressed-caching",
    "cache-copy-layers",
    "cache-run-layers",
    "log-timestamp",
    "skip-push-permission-check",
    "help",
]);

/// `ko`
pub(super) const KO: Table = table(&[
    "bare",
    "base-import-paths",
    "B",
    "preserve-import-paths",
    "P",
    "push",
    "local",
    "L",
    "tag-only",
    "recursive",
    "R",
    "insecure-registry",
    "disable-optimizations",
    "debug",
    "sbom-dir",
    "watch",
    "W",
    "help",
]);
