//! Scripts and what they run, as tables.
