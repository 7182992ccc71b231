//! Functions and operators, called as expressions of a definition.

use crate::eval::bake::{BakeFile, Request, evaluate};
use crate::eval::unknown::{Unknowns, pattern};

/// What an expression gives, as JSON; unknown parts are `{?}`. `U` is a variable that is not known.
fn given(expression: &str) -> Result<String, String> {
    let unknowns = Unknowns::default();
    let mark = unknowns.note("U", "a test").as_char();
    let text = format!(
        "variable \"U\" {{}}\ntarget \"default\" {{ args = {{ v = jsonencode({expression}) }} }}"
    );
    let files = [BakeFile {
        name: "docker-bake.hcl",
        text: &text,
    }];
    let request = Request {
        files: &files,
        targets: &[],
        set: &[],
        environment: &|name| (name == "U").then(|| format!("{mark}")),
        unknowns: &unknowns,
    };
    let definition = evaluate(&request).map_err(|error| error.message)?;
    Ok(pattern(&definition.targets[0].args["v"]))
}

fn table(cases: &[(&str, &str)]) {
    for (expression, wanted) in cases {
        assert_eq!(given(expression).as_deref(), Ok(*wanted), "{expression}");
    }
}

#[test]
fn texts() {
    table(&[
        (
            r#"title("hello big_world o'neil")"#,
            r#""Hello Big_world O'Neil""#,
        ),
        (r#"trim("?!hello?!", "!?")"#, r#""hello""#),
        (r#"trimprefix("v1.2", "v")"#, r#""1.2""#),
        (r#"trimsuffix("a.git", ".git")"#, r#""a""#),
        (r#"chomp("a\n\n")"#, r#""a""#),
        (r#"indent(2, "a\nb")"#, r#""a\n  b""#),
        (r#"replace("1.2.3", ".", "-")"#, r#""1-2-3""#),
        (r#"split(",", "a,,b")"#, r#"["a","","b"]"#),
        (r#"join("-", ["a", 1], ["b"])"#, r#""a-1-b""#),
        (r#"substr("abcdef", 1, 3)"#, r#""bcd""#),
        (r#"substr("abcdef", -2, -1)"#, r#""ef""#),
        (r#"substr("abc", 5, 2)"#, r#""""#),
        (r#"reverse("abc")"#, r#""cba""#),
        (r#"sanitize("a/b:1.0")"#, r#""a_b_1_0""#),
        (r#"basename("/a/b/")"#, r#""b""#),
        (r#"dirname("a/b/c")"#, r#""a/b""#),
        (r#"strlen("日本")"#, "2"),
        (
            r#"format("%s-%03d-%.2f-%t-%%-%q", "a", 7, 1.239, true, "x")"#,
            r#""a-007-1.24-true-%-\"x\"""#,
        ),
        (
            r#"format("%[2]s%[1]s %5s|%-3s|", "a", "b", "c", "d")"#,
            r#""ba     b|c  |""#,
        ),
        (
            r#"formatlist("%s:%s", "app", ["1", "2"])"#,
            r#"["app:1","app:2"]"#,
        ),
        (
            r#"regex_replace("v1.2.3", "^v(\\d+)\\.(\\d+).*", "$1-${2}")"#,
            r#""1-2""#,
        ),
        (r#"regex("[a-z]+", "53abc")"#, r#""abc""#),
        (r#"regex("(\\d)(\\w)", "1a")"#, r#"["1","a"]"#),
        (r#"regex("(?P<x>\\d)", "1")"#, r#"{"x":"1"}"#),
        (r#"regexall("[0-9]", "1a2")"#, r#"["1","2"]"#),
        (r#"urlencode("a b/c")"#, r#""a+b%2Fc""#),
        (r#"base64encode("hello")"#, r#""aGVsbG8=""#),
        (r#"base64decode("aGVsbG8=")"#, r#""hello""#),
        (r#"jsondecode("{\"a\":[1,null]}")"#, r#"{"a":[1,null]}"#),
        (r#"csvdecode("a,b\n1,2\n")"#, r#"[{"a":"1","b":"2"}]"#),
        (
            r#"formatdate("EEE, DD MMM YYYY hh:mm 'at' Z", "2024-01-02T03:04:05Z")"#,
            r#""Tue, 02 Jan 2024 03:04 at Z""#,
        ),
        (
            r#"timeadd("2024-01-02T03:04:05Z", "1h30m")"#,
            r#""2024-01-02T04:34:05Z""#,
        ),
    ]);
}

#[test]
fn collections() {
    table(&[
        (r#"concat(["a"], [], ["b", "c"])"#, r#"["a","b","c"]"#),
        (r#"contains(["a", "b"], "b")"#, "true"),
        (r#"distinct(["a", "b", "a"])"#, r#"["a","b"]"#),
        (r#"compact(["", "a", ""])"#, r#"["a"]"#),
        (r#"coalesce("", "x")"#, r#""""#),
        (r#"coalescelist([], ["x"])"#, r#"["x"]"#),
        (r#"chunklist(["a", "b", "c"], 2)"#, r#"[["a","b"],["c"]]"#),
        (r#"element(["a", "b"], 3)"#, r#""b""#),
        (r#"flatten([["a"], [["b"], "c"]])"#, r#"["a","b","c"]"#),
        (r#"index({a = 1}, "a")"#, "1"),
        (r#"hasindex(["a"], 1)"#, "false"),
        (r#"keys({b = 1, a = 2})"#, r#"["a","b"]"#),
        (r#"values({b = 1, a = 2})"#, "[2,1]"),
        (r#"lookup({a = 1}, "b", 7)"#, "7"),
        (r#"merge({a = 1}, {b = 2}, {a = 3})"#, r#"{"a":3,"b":2}"#),
        ("range(3)", "[0,1,2]"),
        ("range(3, 1)", "[3,2]"),
        (r#"reverselist(["a", "b"])"#, r#"["b","a"]"#),
        (r#"slice(["a", "b", "c"], 1, 3)"#, r#"["b","c"]"#),
        (r#"sort(["b", "a"])"#, r#"["a","b"]"#),
        (
            r#"setproduct(["a"], ["x", "y"])"#,
            r#"[["a","x"],["a","y"]]"#,
        ),
        (r#"setunion(["b"], ["a", "b"])"#, r#"["a","b"]"#),
        (r#"setintersection(["a", "b"], ["b"])"#, r#"["b"]"#),
        (r#"setsubtract(["a", "b"], ["b"])"#, r#"["a"]"#),
        (r#"zipmap(["a"], [1])"#, r#"{"a":1}"#),
        (r#"length({a = 1})"#, "1"),
    ]);
}

#[test]
fn expressions() {
    table(&[
        ("1 + 2 * 3 - 10 / 4", "4.5"),
        ("-7 % 3", "-1"),
        (r#"!false && (1 < 2 || null == "")"#, "true"),
        (r#""5" == 5"#, "false"),
        (r#"true ? 1 : "a""#, r#""1""#),
        (
            r#"[for k, v in {a = 1, b = 2} : "${k}${v}" if v > 1]"#,
            r#"["b2"]"#,
        ),
        (
            r#"{for v in ["x", "y", "x"] : v => v...}"#,
            r#"{"x":["x","x"],"y":["y"]}"#,
        ),
        (r#"[{n = "a"}, {n = "b"}][*].n"#, r#"["a","b"]"#),
        (r#"[{n = "a"}].*.n"#, r#"["a"]"#),
        (r#"{a = ["x"]}.a[0]"#, r#""x""#),
        (
            r#""%{ for x in ["a", "b"] }<${x}>%{ endfor }""#,
            r#""<a><b>""#,
        ),
        (r#""a %{ if 1 > 2 }b%{ else }c%{ endif }""#, r#""a c""#),
        (r#""a  ${~ "b" ~}  c""#, r#""abc""#),
        (r#""$${x} %%{x}""#, r#""${x} %{x}""#),
        (r#"try(nothing, "x")"#, r#""x""#),
        ("can(nothing)", "false"),
        (r#"convert("5", number)"#, "5"),
        (r#"max([1, 9, 3]...)"#, "9"),
        (r#"absolute(-2)"#, "2"),
        (r#"parseint("ff", 16)"#, "255"),
        (r#"int(5.9)"#, "5"),
        (r#"pow(2, 10)"#, "1024"),
    ]);
}

#[test]
fn what_rests_on_an_unknown_is_unknown() {
    table(&[
        (r#"upper("a${U}b")"#, r#""A{?}B""#),
        (r#"["${U}", "x"]"#, r#"["{?}","x"]"#),
        (r#"sanitize("${U}/x")"#, r#""{?}_x""#),
        (r#"substr("abc${U}", 0, 2)"#, r#""ab""#),
        (r#"substr("abc${U}", 0, 4)"#, "{?}"),
        (r#"concat(["a"], split(",", U))"#, r#"["a","{?}"]"#),
        (r#"[for x in split(",", U) : "a:${x}"]"#, "{?}"),
        (r#"concat(["a"], split(",", U))[1]"#, "{?}"),
        (r#"concat(["a"], split(",", U))[0]"#, r#""a""#),
        (r#"length(concat(["a"], split(",", U)))"#, "{?}"),
        (r#"U == "x""#, "{?}"),
        (r#""a${U}" == "b""#, "false"),
        ("U == U", "true"),
        (r#"U == "x" ? "a" : "b""#, "{?}"),
        (r#"U == "x" ? "a" : "a""#, r#""a""#),
        (r#"U == "x" && false"#, "false"),
        (r#"U == "x" || true"#, "true"),
        (r#"contains(["a", U], "a")"#, "true"),
        (r#"contains(["a", U], "b")"#, "{?}"),
        (r#"regex_replace(U, "[^a-z]", "")"#, "{?}"),
        (r#"[for x in ["a", "b"] : x if x == U]"#, r#"["{?}","{?}"]"#),
        (r#"compact(["a", U == "x" ? "b" : ""])"#, r#"["a","{?}"]"#),
        (r#"format("%s-%d", U, 1)"#, r#""{?}-1""#),
        ("timestamp()", "{?}"),
        (r#"formatdate("YYYY", timestamp())"#, "{?}"),
        (r#"lookup({a = 1}, U, 2)"#, "{?}"),
        (r#"title("${U}b c")"#, r#""{?}b C""#),
    ]);
}

#[test]
fn faults() {
    for expression in [
        r#""x${null}""#,
        r#""x${["a"]}""#,
        "nothing",
        "nothing()",
        "1 / 0",
        r#"["a"][1]"#,
        r#"{a = 1}.b"#,
        r#"true ? "a" : ["b"]"#,
        "lower(null)",
        "lower()",
        "range(2000)",
        r#"regex("(", "a")"#,
        r#"regex("a", "b")"#,
        r#"indexof(["a"], "b")"#,
        r#"format("%d", "a")"#,
        r#"format("%s")"#,
        r#"format("x", 1)"#,
        r#"[for x in "a" : x]"#,
        r#"{for x in ["a", "a"] : x => x}"#,
    ] {
        assert!(given(expression).is_err(), "{expression}");
    }
}
