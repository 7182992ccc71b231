//! One reader a file format: from a parsed document to facts.

pub mod github;
