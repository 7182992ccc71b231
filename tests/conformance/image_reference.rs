//! image_reference
