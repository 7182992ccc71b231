//! Registries that are real: Debian's `docker-registry` on this machine, with images pushed to it by
//! plain requests, and a proxy before it that injects what goes wrong in the wild.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

mod access;
mod client;
mod corpus;
mod editor;
mod faults;
mod garbage;
mod pin;
mod proxy;
mod push;
mod run;
mod scale;
mod server;
mod states;
