//! The language server: `taglint lsp`, on standard input and output.
//!
//! Messages are taken in order by one thread; an edit changes a file of a [`Workspace`], and once
//! nothing more waits, the project is joined and judged anew. So a burst of keystrokes costs one look,
//! and every answer is about the text as the editor has it. What the answers say lives in one file
//! each; nothing here knows the inside of a rule or of a file format.
//!
//! [`Workspace`]: crate::workspace::Workspace

mod actions;
mod client;
mod completion;
mod definition;
mod diagnostics;
mod documents;
mod folder;
mod hints;
mod hover;
mod lens;
mod lines;
mod links;
mod pages;
mod pin;
mod policy_path;
mod published;
mod requests;
mod server;
mod settings;
mod uri;

use lsp_server::Connection;

/// Serves one client on standard input and output, until it says `exit` or goes away.
///
/// # Errors
/// What the client says is no initialisation.
pub fn serve() -> Result<u8, String> {
    let (connection, threads) = Connection::stdio();
    let orderly = serve_on(connection)?;
    threads.join().map_err(|error| error.to_string())?;
    Ok(u8::from(!orderly))
}

/// Serves one client on a connection; whether it shut down as the protocol has it.
///
/// # Errors
/// What the client says is no initialisation.
pub fn serve_on(connection: Connection) -> Result<bool, String> {
    let (id, params) = connection
        .initialize_start()
        .map_err(|error| error.to_string())?;
    let start = client::Start::read(params);
    let answer = client::answer(&start.client);
    connection
        .initialize_finish(id, answer)
        .map_err(|error| error.to_string())?;
    Ok(server::Server::new(connection, start).run())
}
