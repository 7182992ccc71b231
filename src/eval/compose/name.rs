//! The name of a project, which is a variable of it as well.

use super::ComposeError;
use super::environment::Environment;
use super::loader::Loader;
use super::path::joined;
use super::reader::Reader;
use super::tree::Node;
use crate::eval::unknown::Unknowns;
use crate::yaml::Yaml;

/// Sets `COMPOSE_PROJECT_NAME`: what the environment says, the `name` of the last file that has
/// one, or the folder's name, which is not known for the root of the repository.
pub(super) fn name_project(
    loader: &Loader<'_>,
    files: &[String],
    folder: &str,
    environment: &mut Environment<'_>,
) -> Result<(), ComposeError> {
    let plain = |name: &str| {
        let fits = |c: &char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '_');
        let name: String = name.to_lowercase().chars().filter(fits).collect();
        name.trim_start_matches(['-', '_']).to_owned()
    };
    if let Some(name) = environment
        .set("COMPOSE_PROJECT_NAME")
        .filter(|n| !n.is_empty())
    {
        return match plain(&name) == name || loader.budget.lenient {
            true => Ok(()),
            false => Err(ComposeError::new(format!(
                "`{name}` is no valid project name"
            ))),
        };
    }
    let mut named = None;
    for path in files {
        let Some((file, text)) = loader.text(path) else {
            continue;
        };
        if !text.contains("name") {
            continue;
        }
        let yaml = Yaml::parse(&text);
        for document in yaml.documents() {
            let Some(node) = document.get("name") else {
                continue;
            };
            let mut reader = Reader {
                file,
                environment,
                budget: &loader.budget,
                resets: Vec::new(),
            };
            let name = reader.read(node)?;
            let name = name.as_ref().and_then(Node::text).map(plain);
            named = name.filter(|name| !name.is_empty()).or(named);
        }
    }
    let beside = || match joined("", folder).rsplit('/').next() {
        None | Some("." | "..") => None,
        Some(name) => Some(plain(name)),
    };
    let name = named.or_else(beside).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| {
        let reason = "the name of the folder that the project lies in";
        let mark = Unknowns::default().note("COMPOSE_PROJECT_NAME", reason);
        mark.as_char().to_string()
    });
    environment.name_project(name);
    Ok(())
}
