//! Which references are pinned, updated or let go, and to what: pure decisions over a project and the
//! tags that a registry has. Asking the registry and writing files is for the command.

mod choose;
mod edit;
mod wanted;

pub use choose::{Bound, best, candidates, newer};
pub use edit::{Pinned, edit};
pub use wanted::{Goal, Scope, Task, tasks};
