//! Matrices of which not everything is known.

use super::*;
use crate::eval::unknown::Unknowns;

/// JSON in which the text `?` is an unknown value.
fn value(json: &serde_json::Value, mark: Mark) -> Value {
    match json {
        serde_json::Value::String(text) if text == "?" => Value::Unknown(mark),
        serde_json::Value::Array(items) => {
            Value::array(items.iter().map(|item| value(item, mark)).collect())
        }
        serde_json::Value::Object(entries) => Value::object(
            entries
                .iter()
                .map(|(name, item)| (name.as_str(), value(item, mark)))
                .collect(),
        ),
        other => other.into(),
    }
}

/// The jobs as `values presence`, one a line; `?` for what is unknown, `…` for an open mapping.
fn shown(json: &str) -> String {
    let mark = Unknowns::default().note("x", "y");
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let jobs = match expand(&value(&json, mark)) {
        Ok(Matrix::Jobs(jobs)) => jobs,
        Ok(Matrix::Unknown(_)) => return "unknown".to_owned(),
        Err(faults) => {
            let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
            return faults.join("; ");
        }
    };
    let lines = jobs.iter().map(|job| {
        let values = Value::object(job.values.clone()).to_json().to_string();
        let open = if job.values.open.is_some() { "…" } else { "" };
        let presence = match job.presence {
            Presence::Certain => "",
            Presence::Maybe(_) => " maybe",
            Presence::Any(_) => " any",
        };
        let text = format!("{values}{open}{presence}");
        text.replace(mark.as_char(), "?").replace('"', "")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_unknown_axis_leaves_the_others_known() {
    assert_eq!(
        shown(r#"{"version": "?", "suffix": ["", "-full"]}"#),
        "{version:?,suffix:} any\n{version:?,suffix:-full} any"
    );
    assert_eq!(shown(r#"{"v": ["?", "a"]}"#), "{v:?}\n{v:a}");
    assert_eq!(shown(r#""?""#), "unknown");
}

#[test]
fn an_unknown_exclude_makes_jobs_possible_only() {
    assert_eq!(
        shown(r#"{"v": ["a", "b"], "exclude": "?"}"#),
        "{v:a} maybe\n{v:b} maybe"
    );
    assert_eq!(
        shown(r#"{"v": ["a", "b"], "w": [1, 2], "exclude": [{"v": "a", "w": "?"}]}"#),
        "{v:a,w:1} maybe\n{v:a,w:2} maybe\n{v:b,w:1}\n{v:b,w:2}"
    );
}

#[test]
fn an_unknown_include_may_add_anything() {
    assert_eq!(shown(r#"{"v": ["a"], "include": "?"}"#), "{v:a}…\n{}… any");
    assert_eq!(
        shown(r#"{"v": ["a"], "include": [{"v": "a", "x": 1}, "?", {"v": "b"}]}"#),
        "{v:a,x:?}…\n{v:b}\n{}… any"
    );
    assert_eq!(
        shown(r#"{"v": ["a"], "include": [{"v": "?", "x": 1}]}"#),
        "{v:a,x:?}\n{v:?,x:1} maybe"
    );
}

#[test]
fn what_github_refuses_is_refused_at_its_place() {
    let refused = |json: &str| {
        expand(&Value::from(
            serde_json::from_str::<serde_json::Value>(json).unwrap(),
        ))
    };
    let faults = refused(r#"{"v": [], "include": [{}, 1]}"#).unwrap_err();
    assert_eq!(faults.len(), 3);
    assert_eq!(
        faults[2].path,
        [Step::Key("include".to_owned()), Step::Item(1)]
    );
    let axis: Vec<u32> = (0..17).collect();
    let json = serde_json::json!({"a": axis, "b": axis}).to_string();
    assert!(refused(&json).is_err());
    let axis: Vec<u32> = (0..1000).collect();
    let json = serde_json::json!({"a": axis, "b": axis, "c": axis, "d": axis}).to_string();
    assert!(refused(&json).is_err());
}

#[test]
fn long_names_end_in_dots() {
    let Ok(Matrix::Jobs(jobs)) = expand(&serde_json::json!({"a": ["x".repeat(200)]}).into()) else {
        panic!("this is one job");
    };
    let name = jobs[0].job_name("build");
    assert_eq!((name.len(), name.ends_with("x...")), (100, true));
}
