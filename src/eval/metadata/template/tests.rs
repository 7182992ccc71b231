//! Corners of the template language.

use super::*;

struct Sample;

impl Names for Sample {
    fn names(&self) -> &'static [&'static str] {
        &["branch", "tag", "major", "list", "shout"]
    }

    fn get(&self, name: &str) -> Value {
        match name {
            "branch" => Value::Function("branch"),
            "tag" => Value::Function("tag"),
            "shout" => Value::Function("shout"),
            "major" => Value::Number(0.0),
            "list" => Value::List([Value::text("a"), Value::Number(1.0)].into()),
            _ => Value::Undefined,
        }
    }

    fn call(&self, function: &str, arguments: &Arguments) -> Result<Value, String> {
        match (function, arguments.values, arguments.named) {
            ("branch", ..) => Ok(Value::text("a&b=c")),
            ("tag", ..) => Ok(Value::text("")),
            (_, [Value::Text(text)], Some(_)) => Ok(Value::text(text.to_uppercase())),
            _ => Err("wants one text".to_owned()),
        }
    }
}

fn show(template: &str) -> Result<String, String> {
    render(template, &Sample, &Unknowns::default())
}

#[test]
fn templates_render() {
    for (template, text) in [
        ("x", "x"),
        ("{{branch}}", "a&amp;b&#x3D;c"),
        ("{{{branch}}}-{{&branch}}", "a&b=c-a&b=c"),
        ("{{nope}}{{this.nope.x}}{{../branch}}", ""),
        ("{{'tag'}}{{12}}{{true}}", ""),
        (r"\{{branch}}", "{{branch}}"),
        (r"\\{{major}}", r"\0"),
        ("a {{~major~}} b", "a0b"),
        ("{{! c }}x{{!-- }} --}}", "x"),
        ("{{#if tag}}t{{else}}n{{/if}}", "n"),
        ("{{#if tag}}t{{else if major}}m{{else}}n{{/if}}", "n"),
        ("{{#if major includeZero=true}}y{{/if}}", "y"),
        ("{{#unless tag}}u{{/unless}}", "u"),
        ("{{^tag}}u{{else}}v{{/tag}}", "v"),
        (
            "{{#tag}}even for an empty text{{/tag}}",
            "even for an empty text",
        ),
        (
            "{{#each list}}{{@index}}{{this}}{{#unless @last}}-{{/unless}}{{/each}}",
            "0a-11",
        ),
        (
            "{{#each list as |x i|}}{{i}}{{x}}{{../major}}{{/each}}",
            "0a0110",
        ),
        (
            "{{#with list.[0] as |x|}}{{x}}{{@root.major}}{{/with}}",
            "a0",
        ),
        ("{{lookup list 0}}{{list.length}}{{list}}", "a2a,1"),
        ("{{shout (shout 'x')}}", "X"),
        ("{{branch 'ignored'}}", "a&amp;b&#x3D;c"),
        ("{{nope a=1}}{{log 'x'}}", ""),
        ("{{{{tag}}}}{{x}}{{{{/tag}}}}", "{{x}}"),
        ("{{#> none}}f{{/none}}", "f"),
        ("{ x }} {y}", "{ x }} {y}"),
        ("{{this}}", "[object Object]"),
    ] {
        assert_eq!(show(template).as_deref(), Ok(text), "{template}");
    }
}

#[test]
fn what_is_wrong_fails() {
    for template in [
        "{{branch",
        "{{}}",
        "{{#if tag}}",
        "{{/if}}",
        "{{#if tag}}{{/unless}}",
        "{{branch}}}",
        "{{{branch}}",
        "{{shout}}",
        "{{shout 'a' 'b'}}",
        "{{nope 'x'}}",
        "{{if tag}}",
        "{{> partial}}",
        "{{branch!}}",
        "{{'a}}",
        "{{a.this}}",
        "{{(tag)}}",
    ] {
        assert!(show(template).is_err(), "{template}");
    }
    assert!(show(&"{{#if a}}".repeat(10_000)).is_err());
    assert!(show(&format!("{{{{a {}", "(a ".repeat(10_000))).is_err());
}

#[test]
fn unknown_conditions_give_unknown_text() {
    let unknowns = Unknowns::default();
    let c = unknowns.note("x", "y").as_char();
    let show = |template: &str| render(template, &Sample, &unknowns);
    assert_eq!(show(&format!("a{c}")), Ok(format!("a{c}")));
    let unknown = Ok(c.to_string());
    assert_eq!(show(&format!("{{{{shout 'a{c}'}}}}")), Ok(format!("A{c}")));
    assert_eq!(show(&format!("a{{{{shout {c}}}}}")), unknown);
    assert_eq!(show(&format!("{{{{{c}}}}}")), unknown);
    assert_eq!(show(&format!("{c}{{{{/if}}}}")), unknown);
    let els = format!("{{{{#if tag}}}}a{{{{el{c}}}}}b{{{{/if}}}}");
    assert_eq!(show(&els), unknown);
    let choose = |yes: &str, no: &str| {
        show(&format!(
            "{{{{#if (shout '{c}')}}}}{yes}{{{{else}}}}{no}{{{{/if}}}}"
        ))
    };
    assert_eq!(choose("a", "b"), unknown);
    assert_eq!(choose("a", "a"), Ok("a".to_owned()));
}

#[test]
fn raw_statements_are_found() {
    for template in [
        "{{raw}}",
        "{{{ raw }}}",
        "{{&raw}}",
        "{{~this.raw~}}",
        "{{raw 'x'}}",
    ] {
        assert!(is_raw_statement(template), "{template}");
    }
    for template in [
        "{{raw}}-x",
        "{{version}}",
        "raw",
        "{{'raw'}}",
        "{{raw",
        "{{#raw}}{{/raw}}",
    ] {
        assert!(!is_raw_statement(template), "{template}");
    }
}
