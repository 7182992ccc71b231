//! What CI publishes, laid out as people look at it: an image of a repository, its variants side by
//! side, and on each event its channels on top and its versions below. The formats that draw it stand
//! beside this; none of them decides anything.

pub mod html;
pub mod markdown;
pub mod mermaid;
pub mod svg;

mod event;
mod lay;

pub use event::Event;
pub use lay::sheets;

use crate::facts::{Build, Plan, Publication};
use crate::project::Project;
use crate::source::Place;

/// Everything that the definitions of one repository publish.
#[derive(Debug)]
pub struct Sheet<'p> {
    /// The folder of the repository, or the definition that is looked at by itself.
    pub root: String,
    /// The images, sorted by name.
    pub images: Vec<Matrix<'p>>,
    /// Definitions with the events on which they publish nothing.
    pub silent: Vec<(String, Vec<String>)>,
    /// What fails for certain.
    pub faults: Vec<Said>,
    /// What could not be evaluated.
    pub unknowns: Vec<Said>,
    /// Whether something that may publish is not known at all.
    pub opaque: bool,
}

/// A sentence on a place of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What it is about, where it has a name.
    pub what: String,
    /// What is to be said.
    pub text: String,
}

/// One image: variants side by side, events one below the other.
#[derive(Debug)]
pub struct Matrix<'p> {
    /// The image; what is not known is named (`{secrets.USER}/app`).
    pub image: String,
    /// The names of the variants, the base first.
    pub variants: Vec<String>,
    /// The events that publish it.
    pub events: Vec<Block<'p>>,
}

/// What one event publishes of an image.
#[derive(Debug)]
pub struct Block<'p> {
    /// What people call the event.
    pub title: String,
    /// The event's name, such as `push`.
    pub event: &'p str,
    /// Channels first, then versions, then the rest.
    pub rows: Vec<Row<'p>>,
    /// Every build with the tags that it pushes.
    pub publishers: Vec<Publisher<'p>>,
}

/// What a row of a matrix is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A tag that moves: `latest`, `edge`.
    Channel,
    /// A version or a short form of it.
    Version,
    /// A commit, a date, a branch, or what is not known.
    Other,
}

impl Kind {
    /// The word for it in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Version => "version",
            Self::Other => "other",
        }
    }
}

/// The same tag of every variant: `latest`, `latest-slim`, `latest-full`.
#[derive(Debug)]
pub struct Row<'p> {
    /// The tag without what the variant adds.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The tags, variant by variant in the order of [`Matrix::variants`].
    pub cells: Vec<Vec<Chip<'p>>>,
}

/// One tag in a cell.
#[derive(Debug)]
pub struct Chip<'p> {
    /// The tag as published.
    pub tag: &'p str,
    /// Whether nothing unknown decides over it.
    pub certain: bool,
    /// How many builds push it on this event.
    pub builds: usize,
}

impl Chip<'_> {
    /// Whether two builds or more push it, so that the last to finish wins.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.builds > 1
    }

    /// What a picture calls its state.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (self.is_contested(), self.certain) {
            (true, _) => "contested",
            (false, false) => "doubtful",
            (false, true) => "certain",
        }
    }

    /// The tag with its marks: `latest ×3`, `edge?`.
    #[must_use]
    pub fn text(&self) -> String {
        let doubt = if self.certain { "" } else { "?" };
        match self.builds {
            0 | 1 => format!("{}{doubt}", self.tag),
            several => format!("{}{doubt} ×{several}", self.tag),
        }
    }
}

/// A build with the tags that it pushes on one event.
#[derive(Debug)]
pub struct Publisher<'p> {
    /// The build.
    pub build: &'p Build,
    /// The definition that it belongs to.
    pub path: &'p str,
    /// The line of its step.
    pub line: usize,
    /// The tags, and whether each is certain.
    pub tags: Vec<(&'p str, bool)>,
}

impl Publisher<'_> {
    /// What the build is made from, as far as it is named: Dockerfile, target, platforms.
    #[must_use]
    pub fn made_from(&self) -> String {
        let build = self.build;
        let mut parts = Vec::new();
        parts.extend(build.dockerfile.clone());
        parts.extend(build.target.as_ref().map(|name| format!("target {name}")));
        if !build.platforms.is_empty() {
            parts.push(build.platforms.join(", "));
        }
        if build.joins {
            parts.push("joins images built before".to_owned());
        }
        parts.join(" · ")
    }

    /// The step as people count, and which of its builds where it runs several.
    #[must_use]
    pub fn step(&self) -> String {
        let step = self.build.step + 1;
        match self.build.ordinal {
            0 => step.to_string(),
            ordinal => format!("{step}, build {}", ordinal + 1),
        }
    }
}

/// A publication together with its plan and build.
#[derive(Clone, Copy)]
struct Push<'p> {
    plan: &'p Plan,
    publication: &'p Publication,
    build: &'p Build,
}

/// The line of a place, from 1.
fn line(project: &Project, place: Place) -> usize {
    let source = project.source(place);
    source.map_or(1, |source| source.position(place.span.start).line)
}

/// Text for HTML, SVG and XML: nothing in it is markup, and nothing in it turns the direction of
/// what comes next.
#[must_use]
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The columns that a text takes in a font of one width: East Asian characters take two.
#[must_use]
pub fn columns(text: &str) -> usize {
    let wide = |c: char| u32::from(c) >= 0x1100 && !('\u{2000}'..='\u{2bff}').contains(&c);
    text.chars().map(|c| 1 + usize::from(wide(c))).sum()
}
