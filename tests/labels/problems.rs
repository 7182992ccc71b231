//! What the labels call a problem, as rules: which finding has to say it.

use crate::compare::Comparison;
use crate::label::Label;

/// A problem that a label names, and the rule that reports it; several where each says a part.
const PROBLEMS: &[(&str, &[&str])] = &[
    (
        "miniflux__v2@79745098",
        &["contested-tag", "missing-latest"],
    ),
    (
        "nginx-proxy__nginx-proxy@584073da",
        &["branch-moves-latest"],
    ),
    ("nginx-proxy__docker-gen@90151af3", &["contested-tag"]),
    (
        "ahmetoner__whisper-asr-webservice@ea12224e",
        &["prerelease-moves-latest"],
    ),
    (
        "invoke-ai__InvokeAI@8e71a8a5",
        &["branch-moves-latest", "missing-latest"],
    ),
    (
        "runatlantis__atlantis@078d0a82",
        &["prerelease-moves-latest", "uneven-versions"],
    ),
    ("node-red__node-red-docker@100a7256", &["uneven-versions"]),
    (
        "Project-OSRM__osrm-backend@4fc76cad",
        &["missing-version", "prerelease-moves-latest"],
    ),
    (
        "huggingface__text-embeddings-inference@0d124dc9",
        &["branch-moves-latest", "collapsed-variants"],
    ),
    (
        "huggingface__text-embeddings-inference@aec5efd7",
        &["contested-tag"],
    ),
    (
        "pocket-id__pocket-id@f945b44b",
        &["contested-tag", "collapsed-variants"],
    ),
    (
        "pocket-id__pocket-id@d258d952",
        &["prerelease-moves-latest"],
    ),
    ("quickwit-oss__quickwit@9fd01432", &["dead-tag-entry"]),
    (
        "quickwit-oss__quickwit@6f269896",
        &["invalid-version-moves-latest"],
    ),
    ("juanfont__headscale@8454c1b5", &["invalid-workflow"]),
    (
        "juanfont__headscale@c6bc9fff",
        &["collapsed-variants", "prerelease-moves-latest"],
    ),
    ("juanfont__headscale@7a920ee7", &["contested-tag"]),
    ("infiniflow__ragflow@a23a0f23", &["missing-latest"]),
    (
        "lf-edge__ekuiper@0014e7fa",
        &["wrong-variant", "missing-latest"],
    ),
    ("moby__buildkit@bc3666b3", &["missing-latest"]),
];

/// Whether each problem is reported.
pub fn compare(label: &Label) -> Vec<Comparison> {
    let known = PROBLEMS.iter().filter(|(id, _)| *id == label.id);
    let rules = known.flat_map(|(_, rules)| *rules);
    let findings = label.all_findings();
    rules
        .map(|rule| Comparison {
            name: format!("{} {rule}", label.id),
            agrees: findings.iter().any(|finding| finding["rule"] == *rule),
            detail: format!(
                "{:?}; found {:?}",
                label.problems,
                findings
                    .iter()
                    .map(|f| f["rule"].to_string())
                    .collect::<Vec<_>>()
            ),
        })
        .collect()
}
