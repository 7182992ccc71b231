//! Words that tags are made of by convention: names that move, and names of variants.
//!
//! A word that stands in none of these lists says nothing: without digits it may still be a fixed
//! name (`homelab`, `dummy`), and taking it for one that moves would be a guess.

/// Names that move with each release or each build.
const CHANNELS: &[&str] = &[
    "latest",
    "stable",
    "edge",
    "nightly",
    "main",
    "master",
    "dev",
    "devel",
    "develop",
    "development",
    "rolling",
    "lts",
    "current",
    "canary",
    "next",
    "unstable",
    "testing",
    "mainline",
    "head",
    "trunk",
    "snapshot",
    "insiders",
    "preview",
    "experimental",
    "tip",
    "beta",
    "alpha",
    "rc",
    "release",
    "prod",
    "production",
    "staging",
];

/// Channels that count builds where a number follows (`main-15`), and not releases.
const BRANCHES: &[&str] = &[
    "edge",
    "nightly",
    "main",
    "master",
    "dev",
    "devel",
    "develop",
    "development",
    "trunk",
    "head",
    "next",
    "canary",
    "snapshot",
    "testing",
    "tip",
    "prod",
    "production",
    "staging",
];

/// Distributions and their releases, run-times, sizes and the like: by themselves they name the
/// newest version's variant, and move with it.
const VARIANTS: &[&str] = &[
    // Distributions.
    "alpine",
    "debian",
    "ubuntu",
    "fedora",
    "centos",
    "rockylinux",
    "almalinux",
    "ubi",
    "rhel",
    "amazonlinux",
    "al",
    "oraclelinux",
    "opensuse",
    "leap",
    "wolfi",
    "chiseled",
    "azurelinux",
    "mariner",
    "archlinux",
    "windowsservercore",
    "nanoserver",
    "ltsc",
    // Their releases.
    "jessie",
    "stretch",
    "buster",
    "bullseye",
    "bookworm",
    "trixie",
    "forky",
    "sid",
    "trusty",
    "xenial",
    "bionic",
    "focal",
    "jammy",
    "noble",
    "oracular",
    "plucky",
    "questing",
    "resolute",
    // Node.js lines.
    "fermium",
    "gallium",
    "hydrogen",
    "iron",
    "jod",
    "krypton",
    // Sizes and contents.
    "slim",
    "full",
    "lite",
    "minimal",
    "micro",
    "tiny",
    "distroless",
    "scratch",
    "static",
    "busybox",
    "base",
    "musl",
    "glibc",
    "rootless",
    "nonroot",
    "debug",
    "onbuild",
    "extras",
    "standalone",
    // Run-times and uses.
    "perl",
    "fpm",
    "apache",
    "cli",
    "zts",
    "jre",
    "jdk",
    "temurin",
    "corretto",
    "management",
    "dind",
    "cuda",
    "cudnn",
    "rocm",
    "cpu",
    "gpu",
    "runtime",
    "otel",
    // Processors.
    "amd",
    "arm",
    "x86",
    "aarch",
];

/// Words before a version that say only that a version follows.
const PLAIN_PREFIXES: &[&str] = &["release", "version", "ver", "rel", "tag", "stable", "build"];

/// Whether a lower-case word moves.
pub(super) fn is_channel(word: &str) -> bool {
    CHANNELS.contains(&word)
}

/// Whether a number after this lower-case word counts releases, as in `stable-1`.
pub(super) fn leads_a_version(word: &str) -> bool {
    (is_channel(word) && !BRANCHES.contains(&word)) || PLAIN_PREFIXES.contains(&word)
}

/// Whether a prefix says nothing of the variant.
pub(super) fn is_plain_prefix(word: &str) -> bool {
    PLAIN_PREFIXES.contains(&word)
}

/// Whether a lower-case word names a variant, perhaps with a version of its own: `alpine3.20`,
/// `ubi9`.
pub(super) fn is_variant(word: &str) -> bool {
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == 'v');
    VARIANTS.contains(&word) || VARIANTS.contains(&stem)
}
