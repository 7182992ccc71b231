//! Text that is no sensible script: it neither panics nor takes forever.

use super::Step;
use crate::eval::shell::docker;

fn survives(text: &str) {
    let start = std::time::Instant::now();
    let run = Step::new().run(text);
    let _ = docker::actions(&run);
    let shown: String = text.chars().take(80).collect();
    assert!(start.elapsed().as_secs() < 20, "{shown}");
}

#[test]
fn deep_and_long_texts() {
    for unit in [
        "(",
        "{ ",
        "$(",
        "`",
        "\"",
        "'",
        "${",
        "((",
        "[[ ",
        "if ",
        "case x in ",
        "<<A ",
        "a|",
        "a&&",
        "!",
        "$((",
        "\\",
        "[ ",
        "for x in ",
        "f() ",
        "x=",
        "{a,",
        "<(",
        "\"$(",
        "-t ",
        "while x; do ",
        "a\n<<E\n",
    ] {
        survives(&unit.repeat(1_500));
        survives(&format!("x {}", unit.repeat(500)));
    }
}

#[test]
fn soups_of_tokens() {
    const TOKENS: [&str; 60] = [
        "docker",
        "build",
        "-t",
        "push",
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        ";",
        "if",
        "then",
        "else",
        "fi",
        "for",
        "in",
        "do",
        "done",
        "while",
        "case",
        "esac",
        "(",
        ")",
        "{",
        "}",
        "[[",
        "]]",
        "[",
        "]",
        "$A",
        "${A",
        "${A:-",
        "}",
        "$(",
        "`",
        "\"",
        "'",
        "\\",
        "|",
        "&&",
        "||",
        ">>",
        "$GITHUB_OUTPUT",
        "<<EOF",
        "EOF",
        "=",
        "A=",
        "+=(",
        "@",
        "*",
        "#",
        "%SECRET%",
        "é",
        "$((",
        "))",
        "echo",
        "sed s/a/b/",
        "jq .a",
        "read",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..200 {
        let mut text = String::new();
        for _ in 0..40 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let index = usize::try_from(seed % TOKENS.len() as u64).unwrap();
            text.push_str(TOKENS[index]);
            if seed & 0x10000 != 0 {
                text.push(' ');
            }
        }
        survives(&text);
    }
}

#[test]
fn places_end_with_the_script() {
    for text in [
        "docker push a:b",
        "cat <<EOF\ndocker push a",
        "push: build\n\tdocker push a:$(V)\n",
        "if true; then docker push a",
        "x=$(docker build -t a",
    ] {
        let run = Step::new().run(text);
        for command in &run.commands {
            let words = command.words.iter().map(|word| &word.span);
            for span in words.chain([&command.span]) {
                assert!(text.get(span.clone()).is_some(), "{text:?} {span:?}");
            }
        }
    }
}
