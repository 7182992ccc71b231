//! What the terminal can show, and the progress bar.

use std::io::{IsTerminal, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Color;
use crate::finding::shorten;
use crate::report::{harmless, human::Style};

/// How to draw on standard output.
#[must_use]
pub fn style(color: Color) -> Style {
    let terminal = std::io::stdout().is_terminal();
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = set("CLICOLOR_FORCE") && std::env::var("CLICOLOR_FORCE").as_deref() != Ok("0");
    let declined = std::env::var("CLICOLOR").as_deref() == Ok("0")
        || std::env::var("TERM").as_deref() == Ok("dumb");
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto => forced || (terminal && !declined),
    };
    Style {
        color,
        unicode: unicode(),
        width: width(terminal),
    }
}

/// How to draw into a file.
#[must_use]
pub fn plain_style() -> Style {
    Style {
        color: false,
        unicode: true,
        width: 120,
    }
}

/// Whether the locale says UTF-8; where nothing is said at all, as in most containers, it is taken to
/// be. `C` and `POSIX` do say something: ASCII.
fn unicode() -> bool {
    let mut names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
    let locale = names.find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// `COLUMNS` where it is set, else the terminal's own width, else what most logs show.
fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok();
    let columns = columns.and_then(|text| text.parse().ok());
    let asked = || if terminal { terminal_width() } else { 120 };
    columns.unwrap_or_else(asked).clamp(40, 160)
}

/// The terminal's columns, as the system tells them.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(terminal_size::Width(columns), _)| {
        usize::from(columns)
    })
}

/// A message for people on standard error.
pub fn complain(message: &str) {
    let mut message = message.to_owned();
    shorten(&mut message);
    // Where nobody can be told any more, the exit status still says it.
    let _ = writeln!(std::io::stderr(), "taglint: {}", harmless(&message));
}

/// A bar on standard error that shows itself only when a terminal has waited for a second.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    wanted: bool,
}

impl Progress {
    /// A bar for so many files.
    #[must_use]
    pub fn new(files: usize, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} files") {
            bar.set_style(style);
        }
        Self {
            bar,
            started: Instant::now(),
            wanted: !quiet && std::io::stderr().is_terminal(),
        }
    }

    /// One file is done.
    pub fn step(&self) {
        self.bar.inc(1);
        if self.wanted && self.bar.is_hidden() && self.started.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// All is done; the bar goes away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
