//! What a registry shows of an image, laid out by versions and variants with the channels on top.
//! Pure values: how they are come by is `registry`'s business, and what is wrong with them that of
//! the rules.
//!
//! Only what was seen is said: a digest that was not looked up is `None`, and a list of tags that is
//! not whole says so.

mod layout;
mod observed;
mod presence;
mod release;
mod split;
mod standing;

pub use layout::{Audit, ChannelTag};
pub use observed::{Observed, Saved, Seen};
pub use presence::{Presence, in_words};
pub use release::Release;
pub use split::{Split, split};
pub use standing::Standing;

#[cfg(test)]
mod tests;
