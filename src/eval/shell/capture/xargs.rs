//! `xargs`: a command run with words from standard input.

use crate::eval::shell::Word;
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::truth::Status;
use crate::eval::unknown::Mark;

pub(super) fn run(shell: &mut Shell<'_>, arguments: &[Word]) -> Status {
    let mut at = 0;
    let mut most = usize::MAX;
    let mut placeholder = None;
    let mut delimiter = None;
    while let Some(word) = arguments.get(at) {
        let text = word.text.as_str();
        let Some(letters) = text.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
            break;
        };
        at += 1;
        let letter = letters.chars().next().unwrap_or_default();
        let attached = letters
            .get(letter.len_utf8()..)
            .unwrap_or_default()
            .to_owned();
        if !matches!(letter, 'n' | 'L' | 'I' | 'i' | 'P' | 'd' | 's' | 'E' | 'a') {
            continue;
        }
        let value = if attached.is_empty() && letter != 'i' {
            at += 1;
            arguments
                .get(at - 1)
                .map(|word| word.text.clone())
                .unwrap_or_default()
        } else {
            attached
        };
        match letter {
            'n' | 'L' => most = value.parse().unwrap_or(1).max(1),
            'I' => placeholder = Some(value),
            'i' => {
                placeholder = Some(if value.is_empty() {
                    "{}".to_owned()
                } else {
                    value
                })
            }
            'd' => delimiter = crate::eval::shell::builtin::unescape(&value).chars().next(),
            _ => {}
        }
    }
    let command = arguments.get(at..).unwrap_or_default();
    let span = shell.here.clone();
    let word = |text: &str, open: bool| Word {
        text: text.to_owned(),
        span: span.clone(),
        certain: true,
        open,
    };
    let Some(input) = shell.input.take() else {
        let what = shell.unknown("xargs", "what is read from standard input is not known");
        let mut words = command.to_vec();
        words.push(word(&what, true));
        return apart(shell, &words);
    };
    let text = input.rest().to_owned();
    let pieces: Vec<&str> = match (delimiter, &placeholder) {
        (Some(delimiter), _) => text.trim_end_matches('\n').split(delimiter).collect(),
        (None, Some(_)) => text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect(),
        (None, None) => text.split_whitespace().collect(),
    };
    let words: Vec<Word> = pieces
        .into_iter()
        .take(256)
        .map(|piece| {
            let piece = piece.trim_matches(['"', '\'']);
            word(
                piece,
                piece.chars().all(|c| Mark::from_char(c).is_some()) && !piece.is_empty(),
            )
        })
        .collect();
    let echo = [word("echo", false)];
    let command = if command.is_empty() {
        &echo[..]
    } else {
        command
    };
    let mut status = Status::Success;
    if let Some(placeholder) = placeholder.filter(|text| !text.is_empty()) {
        for piece in &words {
            let filled: Vec<Word> = command
                .iter()
                .map(|own| Word {
                    text: own.text.replace(&placeholder, &piece.text),
                    open: own.open || (piece.open && own.text == placeholder),
                    ..own.clone()
                })
                .collect();
            status = once(shell, &filled, piece.open);
        }
    } else if words.is_empty() {
        status = shell.invoke(command, &[]);
    } else {
        for group in words.chunks(most.min(words.len())) {
            let mut filled = command.to_vec();
            filled.extend_from_slice(group);
            let open = most != usize::MAX && group.iter().any(|word| word.open);
            status = once(shell, &filled, open);
        }
    }
    shell.input = Some(input);
    status
}

/// One command; one for unknown words may run any number of times.
fn once(shell: &mut Shell<'_>, words: &[Word], open: bool) -> Status {
    if open {
        apart(shell, words)
    } else {
        shell.invoke(words, &[])
    }
}

fn apart(shell: &mut Shell<'_>, words: &[Word]) -> Status {
    shell.fork(&mut |shell| shell.invoke(words, &[]), &mut |_| {
        Status::Assumed
    })
}
