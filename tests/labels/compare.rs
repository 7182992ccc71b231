//! Comparing tags: by scenario and job, and what `latest` is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::label::Label;

/// One question, and whether label and plan answer it alike.
pub struct Comparison {
    pub name: String,
    pub agrees: bool,
    pub detail: String,
}

type Tags = BTreeSet<String>;

/// Scenarios of a label, and those of a plan that they mean.
const SCENARIOS: &[(&str, &[&str])] = &[
    ("release", &["release"]),
    ("prerelease", &["prerelease"]),
    ("branch", &["branch", "schedule", "manual"]),
    ("schedule", &["schedule"]),
];

/// The tags of each job on each event.
pub fn tags(label: &Label) -> Vec<Comparison> {
    let plans = label.plans(None);
    let mut comparisons = Vec::new();
    for (scenario, ours) in SCENARIOS {
        match &label.json[*scenario] {
            Value::Array(rows) => {
                let dispatched = inputs(rows).filter(|_| *scenario == "release");
                let plans = match dispatched {
                    Some(inputs) => label.dispatched(&inputs),
                    None => of(&plans, ours),
                };
                for row in rows {
                    let spelled = own_spelling(row).filter(|_| *scenario == "prerelease");
                    let own = spelled.map(|tag| label.plans(Some(&tag)));
                    let plans = own.as_ref().unwrap_or(&plans);
                    comparisons.extend(self::row(label, scenario, row, plans));
                }
                if *scenario == "release" {
                    comparisons.push(whole(label, rows, &plans));
                }
            }
            Value::String(text) if text.starts_with("no") => {
                let found = union(&of(&plans, &[ours[0]]));
                comparisons.push(Comparison {
                    name: format!("{} {scenario}", label.id),
                    agrees: found.is_empty(),
                    detail: format!("nothing is published, planned {found:?}"),
                });
            }
            _ => {}
        }
    }
    comparisons
}

fn of(plans: &[Value], scenarios: &[&str]) -> Vec<Value> {
    let wanted = |plan: &&Value| {
        scenarios
            .iter()
            .any(|scenario| plan["scenario"] == *scenario)
    };
    plans.iter().filter(wanted).cloned().collect()
}

/// The inputs of a release that a person starts, where the label names them.
fn inputs(rows: &[Value]) -> Option<Vec<String>> {
    let job = rows.first()?["job"].as_str()?;
    let (_, list) = job.strip_suffix(')')?.split_once('(')?;
    let inputs: Vec<String> = list.split(", ").map(str::to_owned).collect();
    inputs
        .iter()
        .all(|input| input.contains('='))
        .then_some(inputs)
}

/// Labels write pre-releases as the project does; ours is `1.2.3-rc.1`.
fn own_spelling(row: &Value) -> Option<String> {
    let version = regex::Regex::new(r"^v?1\.2\.3-?(rc|pre)\.?[0-9]+").unwrap();
    let tags = row_tags(row);
    let mut spelled = tags.iter().filter_map(|tag| version.find(tag));
    let version = spelled
        .find(|found| !found.as_str().ends_with("-rc.1"))?
        .as_str();
    Some(if version.starts_with('v') {
        version.to_owned()
    } else {
        format!("v{version}")
    })
}

fn row_tags(row: &Value) -> Vec<String> {
    let tags = row["tags"].as_array().into_iter().flatten();
    tags.filter_map(Value::as_str)
        .filter(|tag| !tag.contains(' '))
        .map(str::to_owned)
        .collect()
}

/// Every tag of a release, over all jobs.
fn whole(label: &Label, rows: &[Value], plans: &[Value]) -> Comparison {
    let wanted: Tags = rows.iter().flat_map(row_tags).collect();
    let found = union(plans);
    Comparison {
        name: format!("{} release, all jobs", label.id),
        agrees: same(&wanted, &found),
        detail: difference(&wanted, &found),
    }
}

/// One job: some build, job or workflow has exactly these tags.
fn row(label: &Label, scenario: &str, row: &Value, plans: &[Value]) -> Option<Comparison> {
    let wanted: Tags = row_tags(row).into_iter().collect();
    if wanted.is_empty() {
        return None;
    }
    let groups: Vec<Tags> = plans
        .iter()
        .flat_map(groups)
        .chain([union(plans)])
        .collect();
    let nearest = groups
        .iter()
        .max_by_key(|group| group.intersection(&wanted).count());
    Some(Comparison {
        name: format!("{} {scenario}, {}", label.id, row["job"].as_str().unwrap()),
        agrees: groups.iter().any(|group| same(&wanted, group)),
        detail: difference(&wanted, nearest.unwrap()),
    })
}

/// The tags of each build, each instance, each job, and the whole plan.
fn groups(plan: &Value) -> Vec<Tags> {
    let mut groups: BTreeMap<String, Tags> = BTreeMap::new();
    for publication in plan["publications"].as_array().unwrap() {
        let build = &publication["build"];
        let job = format!("{} {}", build["path"], build["job"]);
        let instance = format!("{job} {}", build["instance"]);
        let step = format!("{instance} {}", build["step"]);
        let image = publication["image"].to_string();
        let at = format!("{step} {image}");
        for key in [String::new(), job, instance, step, at] {
            let tag = publication["tag"].as_str().unwrap().to_owned();
            groups.entry(key).or_default().insert(tag);
        }
    }
    groups.into_values().collect()
}

fn union(plans: &[Value]) -> Tags {
    let publications = plans
        .iter()
        .flat_map(|plan| plan["publications"].as_array().unwrap());
    publications
        .map(|p| p["tag"].as_str().unwrap().to_owned())
        .collect()
}

fn same(wanted: &Tags, found: &Tags) -> bool {
    let covers = |some: &Tags, others: &Tags| {
        some.iter()
            .all(|tag| others.iter().any(|other| alike(tag, other)))
    };
    covers(wanted, found) && covers(found, wanted)
}

/// Equal but for parts that one of both leaves open: `<sha>`, `{?}`, a trailing `*`.
fn alike(one: &str, other: &str) -> bool {
    let pattern = |text: &str| {
        let escaped = regex::escape(text);
        let open = regex::Regex::new(r"<[a-z0-9]+>|\\\{\\\?\\\}|\\\*").unwrap();
        regex::Regex::new(&format!("^{}$", open.replace_all(&escaped, ".+"))).unwrap()
    };
    one == other || pattern(one).is_match(other) || pattern(other).is_match(one)
}

fn difference(wanted: &Tags, found: &Tags) -> String {
    let without = |some: &Tags, others: &Tags| -> Vec<String> {
        let lacking = |tag: &&String| !others.iter().any(|other| alike(tag, other));
        some.iter().filter(lacking).cloned().collect()
    };
    format!(
        "not planned {:?}, not labelled {:?}",
        without(wanted, found),
        without(found, wanted)
    )
}

/// Who writes plain `latest` on a release, and what the variants' own are called.
pub fn latest(label: &Label) -> Vec<Comparison> {
    // Where there is no release, `latest` is what a branch gives.
    let scenario = match &label.json["release"] {
        Value::String(_) => "branch",
        _ => "release",
    };
    let rows = label.json[scenario].as_array();
    let plans = match rows.and_then(|rows| inputs(rows)) {
        Some(inputs) => label.dispatched(&inputs),
        None => of(&label.plans(None), &[scenario]),
    };
    let latest = &label.json["latest"];
    // A repository may publish several images, and one to several registries.
    let mut images: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for plan in &plans {
        for publication in plan["publications"].as_array().unwrap() {
            if publication["tag"] == "latest" {
                let build = &publication["build"];
                let writer = format!(
                    "{} {} {} {}",
                    build["path"], build["job"], build["instance"], build["step"]
                );
                let name = publication["image"]
                    .as_str()
                    .unwrap()
                    .rsplit('/')
                    .next()
                    .unwrap();
                images.entry(name.to_owned()).or_default().insert(writer);
            }
        }
    }
    let writers = images
        .into_values()
        .max_by_key(BTreeSet::len)
        .unwrap_or_default();
    let wanted = latest["plain_latest_writers"].as_array().unwrap().len();
    let mut comparisons = vec![Comparison {
        name: format!("{} writers of latest", label.id),
        // None, one, or a race: several steps of one build to several registries are one writer.
        agrees: wanted.min(2) == writers.len().min(2) || (wanted == 1 && one_job(&writers)),
        detail: format!(
            "labelled {}, planned {writers:?}",
            latest["plain_latest_writers"]
        ),
    }];
    let published = union(&plans);
    for (variant, tag) in latest["latest_variant"].as_object().into_iter().flatten() {
        let tag = tag.as_str().unwrap();
        let named = tag.trim_matches('`').split([' ', '`', ',']).next().unwrap();
        let none = ["MISSING", "none", "not"].contains(&named)
            || tag.contains(" on main")
            || tag.contains("main only")
            || tag.contains("default branch")
            || tag.contains("on master")
            || tag.contains("only on");
        let found = if none {
            let bare = variant.trim_start_matches('-');
            !published.contains(&format!("latest-{bare}"))
                && !published.contains(&format!("{bare}-latest"))
        } else {
            published.contains(named)
        };
        comparisons.push(Comparison {
            name: format!("{} latest of {variant}", label.id),
            agrees: found,
            detail: format!("labelled {tag:?}, planned {published:?}"),
        });
    }
    comparisons
}

fn one_job(writers: &BTreeSet<String>) -> bool {
    let jobs: BTreeSet<&str> = writers
        .iter()
        .map(|writer| writer.rsplit_once(' ').unwrap().0)
        .collect();
    jobs.len() == 1
}
