//! Compose projects as compose itself sees them: interpolation, `.env` files, and the services that
//! a set of files comes to.
//!
//! Nothing here knows what an image use or a rule is; files are asked for by their paths within the
//! repository.

pub mod dotenv;
pub mod interpolate;
