//! Functions, called as expressions.
