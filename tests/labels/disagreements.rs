//! Where label and taglint disagree: the reason, and who is right.

/// A comparison that does not agree.
pub struct Disagreement {
    pub name: &'static str,
    /// Whether the files at hand decide it.
    pub decidable: bool,
    pub why: &'static str,
}

const fn not_in_the_files(name: &'static str, why: &'static str) -> Disagreement {
    Disagreement {
        name,
        decidable: false,
        why,
    }
}

const fn taglint_is_right(name: &'static str, why: &'static str) -> Disagreement {
    Disagreement {
        name,
        decidable: true,
        why,
    }
}

const CALLER: &str = "the workflow that calls this one on a push is not among the files";
const PROCESSOR: &str = "tags of one processor that a later step joins are no publications";
const PART: &str = "the label names a part of what is published, and the plan all of it";

/// All of them.
pub const ALL: &[Disagreement] = &[
    not_in_the_files(
        "dexidp__dex@ab64ed77 branch, container-images[alpine] (ci.yaml push master, publish=push)",
        CALLER,
    ),
    not_in_the_files(
        "dexidp__dex@ab64ed77 branch, container-images[distroless] (ci.yaml push master, publish=push)",
        CALLER,
    ),
    taglint_is_right(
        "Project-OSRM__osrm-backend@4fc76cad release, build-amd64[debian] normal",
        PROCESSOR,
    ),
    taglint_is_right(
        "Project-OSRM__osrm-backend@4fc76cad release, all jobs",
        PROCESSOR,
    ),
    taglint_is_right(
        "huggingface__text-embeddings-inference@0d124dc9 prerelease, prefix=cpu- (shows the problem)",
        PART,
    ),
    taglint_is_right(
        "huggingface__text-embeddings-inference@0d124dc9 prerelease, prefix=\"\"",
        PART,
    ),
    taglint_is_right(
        "huggingface__text-embeddings-inference@0d124dc9 branch, all prefixes, push main",
        PART,
    ),
    taglint_is_right(
        "drone-plugins__drone-docker@b7ef37f8 release, all jobs",
        PART,
    ),
    taglint_is_right(
        "oauth2-proxy__oauth2-proxy@14af2951 release, all jobs",
        PART,
    ),
    not_in_the_files(
        "drone-plugins__drone-docker@b7ef37f8 writers of latest",
        "the manifest's specification is not among the files",
    ),
    not_in_the_files(
        "moby__buildkit@bc3666b3 missing-latest",
        "the bake file that the workflow builds from is not among the files",
    ),
];

/// The entry for a comparison.
pub fn find(name: &str) -> Option<&'static Disagreement> {
    ALL.iter().find(|known| known.name == name)
}
