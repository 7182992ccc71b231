//! taglint evaluates which container image tags CI publishes, and checks what production runs.
//!
//! Data flows one way, and a module imports only what stands before it:
//!
//! ```text
//! paths ─ discover ─▶ Source ─ yaml ─▶ Document ─ formats ─▶ facts ─ project ─▶ rules ─▶ Finding ─▶ report
//!                                                   └ eval (expressions, matrices, tag lists, scripts)
//! ```
//!
//! - [`source`], [`files`], [`image`], [`memory`], [`nearest`], [`words`]: places in files, further files,
//!   image references, sizes of memory, misspelt words, words in texts.
//! - [`yaml`]: documents whose every node knows its bytes.
//! - [`policy`], [`facts`]: what is wanted, and what files say.
//! - [`eval`]: what CI would do; three-valued, with the reason for whatever is not known.
//! - [`formats`]: one reader a file format.
//! - [`project`], [`draft`]: joins files into what rules see; a first policy from that.
//! - [`finding`], [`fix`]: what is wrong where, and the edits that mend it.
//! - [`audit`]: what a registry shows of an image, laid out by versions and variants.
//! - [`pinning`]: which references are pinned or updated, and to which of a registry's tags.
//! - [`rules`]: one file a rule, one table of them.
//! - [`suppress`], [`baseline`]: findings that somebody has accepted.
//! - [`report`]: findings and plans for people and programs.
//! - [`discover`], [`workspace`], [`registry`], [`lsp`], [`commands`], [`cli`]: the only parts that touch the
//!   world.

pub mod audit;
pub mod baseline;
pub mod cli;
pub mod commands;
pub mod discover;
pub mod draft;
pub mod eval;
pub mod facts;
pub mod files;
pub mod finding;
pub mod fix;
pub mod formats;
pub mod image;
pub mod lsp;
pub mod memory;
pub mod nearest;
pub mod pinning;
pub mod policy;
pub mod project;
pub mod registry;
pub mod report;
pub mod rules;
pub mod source;
pub mod suppress;
pub mod words;
pub mod workspace;
pub mod yaml;
