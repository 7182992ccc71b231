//! What a repository wants: environments, and (where there is a policy file) its schemes.

mod environment;

pub use environment::Environment;
