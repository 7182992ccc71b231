use std::collections::BTreeMap;
use std::rc::Rc;

use super::*;

struct Bare;

impl Host for Bare {
    fn knows(&self, function: &str) -> bool {
        function == "upper"
    }

    fn call(&self, _: &str, arguments: &[Value], _: &Unknowns) -> Result<Value, TemplateError> {
        match arguments {
            [Value::Text(text)] => Ok(Value::text(text.to_uppercase())),
            _ => Err(TemplateError::new("wrong arguments")),
        }
    }

    fn entry(&self, name: &str, access: Access) -> Option<Value> {
        (name == "SET" || (name == "NEEDED" && access == Access::Field)).then(|| Value::text("s"))
    }
}

fn data(unknowns: &Unknowns) -> Value {
    let mark = unknowns.note("secrets.X", "a secret");
    let entries = BTreeMap::from([
        ("Tag".to_owned(), Value::text("v1.2.3")),
        ("Major".to_owned(), Value::Int(1)),
        ("Empty".to_owned(), Value::text("")),
        ("Yes".to_owned(), Value::Bool(true)),
        ("List".to_owned(), Value::texts(["a", "b", "c"])),
        ("Env".to_owned(), Value::Hosted),
        ("Hole".to_owned(), Value::Unknown(mark)),
    ]);
    Value::Map(Rc::new(Map {
        entries,
        of_text: false,
    }))
}

fn show(text: &str) -> String {
    let unknowns = Unknowns::default();
    match render(text, &data(&unknowns), &Bare, &unknowns) {
        Ok(renderings) => {
            let shown = renderings.iter().map(|rendering| {
                let mark = if rendering.doubts.is_empty() { "" } else { "?" };
                crate::eval::unknown::pattern(&rendering.text) + mark
            });
            shown.collect::<Vec<_>>().join(" | ")
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn actions_print_and_trim() {
    for (text, wanted) in [
        ("x{{ .Tag }}y", "xv1.2.3y"),
        ("x {{- .Tag -}} y", "xv1.2.3y"),
        ("a{{/* c */}}b {{- /* c */ -}} c", "abc"),
        ("{{ \"a\\tb\" }}{{ `raw\\` }}", "a\tbraw\\"),
        ("{{ .Major }}.{{ 0x10 }} {{-3}}", "1.16 -3"),
        ("{{ upper \"abc\" | printf \"%s-%d\" }}", "ABC-%!d(MISSING)"),
        (
            "{{ .Tag | upper | printf \"%s-%05d\" .Tag }}",
            "v1.2.3-%!d(string=V1.2.3)",
        ),
        (
            "{{ (index .List 1) }}{{ len .List }}{{ slice .Tag 1 }}",
            "b31.2.3",
        ),
        ("{{ print 1 2 \"a\" 3 }}", "1 2a3"),
        (
            "{{ printf \"%03d|%-4s|%q\" 7 \"a\" \"b\" }}",
            "007|a   |\"b\"",
        ),
        ("{{ .List }}{{ html \"<a>\" }}", "[a b c]&lt;a&gt;"),
    ] {
        assert_eq!(show(text), wanted, "{text}");
    }
}

#[test]
fn control_follows_go() {
    for (text, wanted) in [
        (
            "{{ if .Empty }}a{{ else if .Yes }}b{{ else }}c{{ end }}",
            "b",
        ),
        (
            "{{ with .Empty }}a{{ else }}-{{ end }}{{ with .Tag }}{{ . }}{{ end }}",
            "-v1.2.3",
        ),
        (
            "{{ range $i, $x := .List }}{{ $i }}{{ $x }}{{ end }}",
            "0a1b2c",
        ),
        (
            "{{ range .List }}{{ if eq . \"b\" }}{{ continue }}{{ end }}{{ . }}{{ end }}",
            "ac",
        ),
        ("{{ range .List }}{{ . }}{{ break }}{{ end }}", "a"),
        (
            "{{ $x := 1 }}{{ if .Yes }}{{ $x = 2 }}{{ end }}{{ $x }}",
            "2",
        ),
        (
            "{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" .Tag }}",
            "<v1.2.3>",
        ),
        ("{{ block \"b\" .Major }}{{ . }}{{ end }}", "1"),
        (
            "{{ and .Yes .Tag }}{{ or .Empty \"d\" }}{{ not .Yes }}",
            "v1.2.3dfalse",
        ),
        (
            "{{ eq .Major 2 1 }}{{ ne .Tag \"x\" }}{{ lt 1 .Major }}",
            "truetruefalse",
        ),
        (
            "{{ .Env.SET }}{{ index .Env \"NOT\" }}{{ .Env.NEEDED }}{{ index .Env \"NEEDED\" }}",
            "ss",
        ),
        ("{{ range .List }}{{ $.Major }}{{ end }}", "111"),
    ] {
        assert_eq!(show(text), wanted, "{text}");
    }
}

#[test]
fn faults_are_told() {
    for (text, wanted) in [
        ("{{ .Nope }}", "error: map has no entry for key \"Nope\""),
        ("{{ .Env.NOT }}", "error: map has no entry for key \"NOT\""),
        ("{{ lower .Tag }}", "error: function \"lower\" not defined"),
        ("{{ if .Tag }}", "error: unexpected EOF"),
        ("{{ .Tag", "error: unclosed action"),
        ("{{ end }}", "error: unexpected {{end}}"),
        (
            "{{ eq .Major \"1\" }}",
            "error: error calling eq: incompatible types for comparison",
        ),
        ("{{ $y }}", "error: undefined variable \"$y\""),
        ("{{ (.Tag }}", "error: unclosed left paren"),
        (
            "{{ .Tag.X }}",
            "error: can't evaluate field X in type string",
        ),
        (
            "{{ index .List 9 }}",
            "error: error calling index: index out of range: 9",
        ),
        ("{{ break }}", "error: {{break}} outside {{range}}"),
    ] {
        assert_eq!(show(text), wanted, "{text}");
    }
    let deep = "{{ (".to_owned() + &"(".repeat(10_000) + "1";
    assert!(show(&deep).starts_with("error"));
    assert!(show(&"{{ if 1 }}".repeat(10_000)).starts_with("error"));
}

#[test]
fn what_is_not_known_splits_or_stays() {
    for (text, wanted) in [
        ("v{{ .Hole }}", "v{?}"),
        ("{{ if .Hole }}a{{ else }}b{{ end }}", "a? | b?"),
        ("{{ if .Hole }}a{{ else }}a{{ end }}", "a"),
        (
            "{{ if eq .Hole \"x\" }}x{{ end }}{{ if eq .Hole \"x\" }}y{{ end }}",
            "xy? | ?",
        ),
        (
            "{{ if not .Hole }}a{{ else if .Hole }}b{{ end }}",
            "b? | a?",
        ),
        ("{{ if and .Yes .Hole }}a{{ end }}", "a? | ?"),
        ("{{ if or .Yes .Hole }}a{{ end }}", "a"),
        ("{{ range .Hole }}x{{ end }}", "{?}"),
        ("{{ if .Hole }}{{ .Nope }}{{ else }}b{{ end }}", "b?"),
    ] {
        assert_eq!(show(text), wanted, "{text}");
    }
}

#[test]
fn times_are_written_by_layouts() {
    let at: jiff::Timestamp = "2024-03-05T14:07:09Z".parse().unwrap();
    for (layout, wanted) in [
        ("2006-01-02T15:04:05Z07:00", "2024-03-05T14:07:09Z"),
        ("20060102", "20240305"),
        ("Jan _2 06 3:04PM", "Mar  5 24 2:07PM"),
        ("Monday, 2-1", "Tuesday, 5-3"),
    ] {
        assert_eq!(time::format(at, layout), wanted, "{layout}");
    }
}
