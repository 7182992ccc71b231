//! Which blanks around a template's tags are dropped.
//!
//! `~` drops all blanks on its side; a block tag or a comment that stands alone on its line drops
//! the whole line. Everything else is left as it is.

use super::super::javascript::is_space;
use super::token::Strip;
use super::tree::{Block, Content, Program, Statement};

/// Applies both rules to a parsed template.
pub(super) fn control(program: &mut Program) {
    visit(program, true);
}

/// What a statement asks of its neighbours.
struct Wish {
    strip: Strip,
    open_alone: bool,
    close_alone: bool,
    inline_alone: bool,
}

fn visit(program: &mut Program, root: bool) {
    for index in 0..program.body.len() {
        let Some(wish) = program.body.get_mut(index).and_then(wish) else {
            continue;
        };
        let body = &mut program.body;
        let before = blank_before(body, index, root);
        let after = blank_after(body, index + 1, root);
        let next = index + 1;
        if wish.strip.close {
            omit_right(body, next, true);
        }
        if wish.strip.open {
            omit_left(body, index, true);
        }
        if wish.inline_alone && before && after {
            omit_right(body, next, false);
            omit_left(body, index, false);
        }
        if wish.open_alone && before {
            if let Some(Statement::Block(block)) = body.get_mut(index)
                && let Some(first) = block.program.as_mut().or(block.inverse.as_mut())
            {
                omit_right(&mut first.body, 0, false);
            }
            omit_left(body, index, false);
        }
        if wish.close_alone && after {
            omit_right(body, next, false);
            if let Some(Statement::Block(block)) = body.get_mut(index)
                && let Some(last) = block.inverse.as_mut().or(block.program.as_mut())
            {
                let end = last.body.len();
                omit_left(&mut last.body, end, false);
            }
        }
    }
}

fn wish(statement: &mut Statement) -> Option<Wish> {
    let plain = |strip: Strip, inline_alone: bool| Wish {
        strip,
        open_alone: false,
        close_alone: false,
        inline_alone,
    };
    match statement {
        Statement::Content(_) => None,
        Statement::Comment(strip) | Statement::Partial(strip) => Some(plain(*strip, true)),
        Statement::Mustache { strip, .. } | Statement::Decorator(strip) => {
            Some(plain(*strip, false))
        }
        Statement::Block(block) => Some(within(block)),
    }
}

fn within(block: &mut Block) -> Wish {
    for program in [&mut block.program, &mut block.inverse]
        .into_iter()
        .flatten()
    {
        visit(program, false);
    }
    let both = block.program.is_some() && block.inverse.is_some();
    let (Some(program), rest) = (if block.program.is_some() {
        (block.program.as_mut(), block.inverse.as_mut())
    } else {
        (block.inverse.as_mut(), None)
    }) else {
        return Wish {
            strip: Strip::default(),
            open_alone: false,
            close_alone: false,
            inline_alone: false,
        };
    };
    let inverse = rest.filter(|_| both);
    let end_of = |program: &Program| blank_before(&program.body, program.body.len(), false);
    let start_of = |program: &Program| blank_after(&program.body, 0, false);
    let close_alone = match inverse.as_deref() {
        Some(inverse) => end_of(first_of(inverse)),
        None => end_of(program),
    };
    let wish = Wish {
        strip: Strip {
            open: block.open.open,
            close: block.close.close,
        },
        open_alone: start_of(program),
        close_alone,
        inline_alone: false,
    };
    if block.open.close {
        omit_right(&mut program.body, 0, true);
    }
    let end = program.body.len();
    let Some(inverse) = inverse else {
        if block.close.open {
            omit_left(&mut program.body, end, true);
        }
        return wish;
    };
    if block.middle.open {
        omit_left(&mut program.body, end, true);
    }
    if block.middle.close {
        on_first(inverse, |first| omit_right(&mut first.body, 0, true));
    }
    if block.close.open {
        on_first(inverse, |last| {
            let end = last.body.len();
            omit_left(&mut last.body, end, true);
        });
    }
    if end_of(program) && start_of(first_of(inverse)) {
        omit_left(&mut program.body, end, false);
        on_first(inverse, |first| omit_right(&mut first.body, 0, false));
    }
    wish
}

/// The program of the first `else if`, or the inverse itself.
fn first_of(inverse: &Program) -> &Program {
    if inverse.chained
        && let Some(Statement::Block(block)) = inverse.body.first()
        && let Some(program) = &block.program
    {
        return program;
    }
    inverse
}

/// Acts on the program of the first `else if`, or on the inverse itself. It is the last one, too:
/// the language means to walk down the chain and stops after its first step.
fn on_first(inverse: &mut Program, act: impl FnOnce(&mut Program)) {
    if inverse.chained
        && let Some(Statement::Block(block)) = inverse.body.first_mut()
        && let Some(program) = &mut block.program
    {
        act(program);
    } else {
        act(inverse);
    }
}

/// Whether only blanks up to a line end stand before this place.
fn blank_before(body: &[Statement], index: usize, root: bool) -> bool {
    let Some(previous) = index.checked_sub(1) else {
        return root;
    };
    let Some(Statement::Content(content)) = body.get(previous) else {
        return false;
    };
    let text = &content.original;
    let blanks = text.len() - text.trim_end_matches(is_space).len();
    let tail = text.get(text.len() - blanks..).unwrap_or_default();
    tail.contains('\n') || (root && previous == 0 && blanks == text.len())
}

/// Whether only blanks up to a line end stand from this place on.
fn blank_after(body: &[Statement], index: usize, root: bool) -> bool {
    let Some(next) = body.get(index) else {
        return root;
    };
    let Statement::Content(content) = next else {
        return false;
    };
    let text = &content.original;
    let blanks = text.len() - text.trim_start_matches(is_space).len();
    let head = text.get(..blanks).unwrap_or_default();
    head.contains('\n') || (root && index + 1 == body.len() && blanks == text.len())
}

fn content(body: &mut [Statement], index: usize) -> Option<&mut Content> {
    match body.get_mut(index) {
        Some(Statement::Content(content)) => Some(content),
        _ => None,
    }
}

/// Drops blanks at the start of the statement at this index.
fn omit_right(body: &mut [Statement], index: usize, all: bool) {
    let Some(content) = content(body, index) else {
        return;
    };
    if !all && content.right_stripped {
        return;
    }
    let left = if all {
        content.value.trim_start_matches(is_space)
    } else {
        let line = content.value.trim_start_matches([' ', '\t']);
        let line = line.strip_prefix('\r').unwrap_or(line);
        line.strip_prefix('\n').unwrap_or(line)
    };
    content.right_stripped = left.len() != content.value.len();
    content.value = left.to_owned();
}

/// Drops blanks at the end of the statement before this index.
fn omit_left(body: &mut [Statement], index: usize, all: bool) {
    let Some(content) = index.checked_sub(1).and_then(|at| content(body, at)) else {
        return;
    };
    if !all && content.left_stripped {
        return;
    }
    let left = if all {
        content.value.trim_end_matches(is_space)
    } else {
        content.value.trim_end_matches([' ', '\t'])
    };
    content.left_stripped = left.len() != content.value.len();
    content.value = left.to_owned();
}
