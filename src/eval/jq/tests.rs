//! Programs and what the real `jq` gives for them.

use super::{Call, Ended, World};
use crate::eval::unknown::Unknowns;

struct Input<'t>(&'t str);

impl World for Input<'_> {
    fn read(&mut self, file: Option<&str>) -> Option<String> {
        file.is_none().then(|| self.0.to_owned())
    }

    fn variable(&mut self, name: &str) -> Option<Option<String>> {
        Some((name == "FOO").then(|| "bar".to_owned()))
    }
}

fn run(words: &[&str], input: &str) -> Option<Ended> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Call::parse(&words)?.run(&mut Input(input))
}

/// Programs of the table on which jq 1.6 and this differ, and why.
const DIFFERENT: [(&str, &str); 19] = [
    (
        "with_entries(.value |= tostring)",
        "keys that are no text are not evaluated",
    ),
    (
        "with_entries(select(.key != \"a\"))",
        "keys that are no text are not evaluated",
    ),
    (
        "to_entries | map(select(.value != null)) | from_entries",
        "keys that are no text",
    ),
    ("reverse", "1.7 reverses text"),
    ("transpose", "of what is no matrix: not evaluated"),
    (
        "index(\".\"), rindex(\".\"), indices(\".\")",
        "of objects and numbers: not evaluated",
    ),
    (
        "index(\",\"), index(\"b\")",
        "of objects and numbers: not evaluated",
    ),
    ("index(2)", "of objects and numbers: not evaluated"),
    ("map_values(empty)", "1.7 deletes all that have no result"),
    ("input_filename", "not evaluated"),
    ("$ENV | type", "the environment as a whole is not evaluated"),
    ("env | type", "the environment as a whole is not evaluated"),
    ("[nan] | sort", "not evaluated"),
    ("todate", "of arrays: not evaluated"),
    ("@base64d", "1.6 loses the last byte of what is not padded"),
    ("[limit(0; 1, 2)]", "1.7 gives nothing"),
    (
        "[match(\"\";\"g\").offset]",
        "1.7 finds the empty match at the end",
    ),
    (
        "1.0, 1.50, 100000000000000000000, 1e3, 1e-7",
        "1.7 keeps numbers as written",
    ),
    (".tag | tonumber", "1.7 keeps numbers as written"),
];

/// `cases.json`: options, program (with words after it), input, and what jq 1.6 printed and with
/// which status it ended.
#[test]
fn programs_give_what_the_real_one_gives() {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("cases.json")).unwrap();
    let mut wrong = String::new();
    let mut count = 0;
    for case in &cases {
        let strings = |value: &serde_json::Value| -> Vec<String> {
            match value {
                serde_json::Value::String(text) => vec![text.clone()],
                other => other
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|word| word.as_str().unwrap().to_owned())
                    .collect(),
            }
        };
        let mut words = strings(&case[0]);
        words.extend(strings(&case[1]));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let wanted = Ended {
            text: case[3].as_str().unwrap().to_owned(),
            status: u8::try_from(case[4].as_u64().unwrap()).unwrap(),
        };
        let found = run(&words, case[2].as_str().unwrap());
        let program = strings(&case[1]).swap_remove(0);
        let listed = DIFFERENT.iter().any(|(own, _)| *own == program);
        if found.as_ref() != Some(&wanted) && !listed {
            count += 1;
            wrong.push_str(&format!(
                "{words:?} on {}\n  wanted {wanted:?}\n  found  {found:?}\n",
                case[2]
            ));
        }
    }
    assert!(wrong.is_empty(), "{count} of {}:\n{wrong}", cases.len());
}

#[test]
fn what_is_not_known_is_copied_and_never_compared() {
    let mark = Unknowns::default().note("secrets.X", "a secret").as_char();
    let input = format!(r#"{{"a":"v{mark}","b":"main","l":["x","{mark}"]}}"#);
    let table = [
        (".a", Some(format!("v{mark}\n"))),
        (".l | join(\",\")", Some(format!("x,{mark}\n"))),
        (".l | map(\"-t \" + .) | .[0]", Some("-t x\n".to_owned())),
        (".a == .b", Some("false\n".to_owned())),
        (".a | startswith(\"v\")", Some("true\n".to_owned())),
        (".a == \"v1\"", None),
        (".a | length", None),
        (".a | test(\"v\")", None),
        (".l | sort", None),
        (
            "select(.b == \"main\") | .a | ltrimstr(\"v\")",
            Some(format!("{mark}\n")),
        ),
        ("if .a == \"v1\" then 1 else 2 end", None),
        (
            "if false then .a == \"v1\" else 2 end",
            Some("2\n".to_owned()),
        ),
    ];
    for (program, wanted) in table {
        let found = run(&["-r", program], &input).map(|ended| ended.text);
        assert_eq!(found, wanted, "{program}");
    }
}

#[test]
fn hostile_programs_end() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let long = "1|".repeat(5_000) + "1";
    for program in [
        "def f: f; f",
        "def f: 1 + f; f",
        "[limit(1e9; repeat(1))]",
        "reduce range(1e9) as $i (0; [.])",
        "reduce range(100) as $i (\"x\"; . + .)",
        "reduce range(100) as $i ([1]; [., .])",
        "reduce range(100) as $i (1; {a: ., b: .}) | tojson",
        "\"x\" * 1e12",
        ".[1e18] = 1",
        "[range(1e9)]",
        "path(recurse(.a))",
        "[.[]?] | .[1e308:-1e308]",
        "0 | until(false; . + 1)",
        "[1] | implode | explode | .[0] % 0",
        "\"\\u12\"",
        "{(1):2",
        "\"(a*)*b\" as $r | (\"a\" * 5000) | test($r)",
        &deep,
        &long,
    ] {
        let _ = run(&["-n", program], "");
        let _ = run(&["-c", "."], program);
    }
}
