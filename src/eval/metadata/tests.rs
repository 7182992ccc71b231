//! What is not known, in inputs and events.
