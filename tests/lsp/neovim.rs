//! A real editor as the client: Neovim, without a screen.
