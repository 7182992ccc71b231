//! What the commands that ask registries share: how they ask.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::RegistryArgs;
use crate::image::ImageRef;
use crate::registry::{Cache, Client, Options};

/// A client as the command line and the environment want it; its time begins to run.
///
/// # Errors
/// The file of certificates cannot be used, or what should be a host is none.
pub fn client(args: &RegistryArgs) -> Result<Client, String> {
    for host in args.registry_mirror.iter().chain(&args.insecure_registry) {
        if !is_host(host) {
            return Err(format!(
                "`{host}` is no host: write `registry.example` or `registry.example:5000`"
            ));
        }
    }
    let set = std::env::var_os("SSL_CERT_FILE").filter(|path| !path.is_empty());
    let options = Options {
        mirror: args.registry_mirror.clone(),
        insecure: args.insecure_registry.clone(),
        authorities: args.ca_file.clone().or(set.map(PathBuf::from)),
        cache: Cache::of_user().filter(|_| !args.no_cache),
        timeout: Duration::from_secs(args.timeout),
        width: usize::from(args.concurrency),
        ..Options::default()
    };
    Client::new(options).map_err(|error| error.to_string())
}

/// Whether a text is a host, with or without port, as references have it before the first `/`.
fn is_host(text: &str) -> bool {
    let image = ImageRef::parse(&format!("{text}/image"));
    image.is_ok_and(|image| image.domain() == text)
}
