//! Image references and tags: pure values, no input or output.
