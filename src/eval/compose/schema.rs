//! What compose's own schema refuses, as far as it touches services and what they are built from:
//! attributes that it does not know, and values of another type.

use super::ComposeError;
use super::tree::{Content, Node};

const ROOT: &[&str] = &[
    "version", "name", "include", "services", "models", "networks", "volumes", "secrets", "configs",
];

const SERVICE: &[&str] = &[
    "annotations",
    "attach",
    "blkio_config",
    "build",
    "cap_add",
    "cap_drop",
    "cgroup",
    "cgroup_parent",
    "command",
    "configs",
    "container_name",
    "cpu_count",
    "cpu_percent",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "cpu_shares",
    "cpus",
    "cpuset",
    "credential_spec",
    "depends_on",
    "deploy",
    "develop",
    "device_cgroup_rules",
    "devices",
    "dns",
    "dns_opt",
    "dns_search",
    "domainname",
    "entrypoint",
    "env_file",
    "environment",
    "expose",
    "extends",
    "external_links",
    "extra_hosts",
    "gpus",
    "group_add",
    "healthcheck",
    "hostname",
    "image",
    "init",
    "ipc",
    "isolation",
    "label_file",
    "labels",
    "links",
    "logging",
    "mac_address",
    "mem_limit",
    "mem_reservation",
    "mem_swappiness",
    "memswap_limit",
    "models",
    "network_mode",
    "networks",
    "oom_kill_disable",
    "oom_score_adj",
    "pid",
    "pids_limit",
    "platform",
    "ports",
    "post_start",
    "pre_stop",
    "privileged",
    "profiles",
    "provider",
    "pull_policy",
    "pull_refresh_after",
    "read_only",
    "restart",
    "runtime",
    "scale",
    "secrets",
    "security_opt",
    "shm_size",
    "stdin_open",
    "stop_grace_period",
    "stop_signal",
    "storage_opt",
    "sysctls",
    "tmpfs",
    "tty",
    "ulimits",
    "use_api_socket",
    "user",
    "userns_mode",
    "uts",
    "volumes",
    "volumes_from",
    "working_dir",
];

const BUILD: &[&str] = &[
    "additional_contexts",
    "args",
    "cache_from",
    "cache_to",
    "context",
    "dockerfile",
    "dockerfile_inline",
    "entitlements",
    "extra_hosts",
    "isolation",
    "labels",
    "network",
    "no_cache",
    "no_cache_filter",
    "platforms",
    "privileged",
    "provenance",
    "pull",
    "sbom",
    "secrets",
    "shm_size",
    "ssh",
    "tags",
    "target",
    "ulimits",
];

const CONDITIONS: &[&str] = &[
    "service_started",
    "service_healthy",
    "service_completed_successfully",
];

const PULL_POLICIES: &[&str] = &[
    "always",
    "never",
    "build",
    "if_not_present",
    "missing",
    "refresh",
    "daily",
    "weekly",
    "every_",
];

/// Checks the files laid over each other so far.
pub(super) fn validate(root: &Node) -> Result<(), ComposeError> {
    known(root, "the file", ROOT)?;
    for name in ["version", "name"] {
        check(root, name, is_text, "a string")?;
    }
    for name in [
        "services", "models", "networks", "volumes", "secrets", "configs",
    ] {
        check(root, name, Node::is_map, "a mapping")?;
        let entries = root.get(name).map(Node::entries).unwrap_or_default();
        for entry in entries {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            let strict = !matches!(name, "models" | "networks");
            if strict && (entry.name.is_empty() || !entry.name.chars().all(fits)) {
                let message = format!("`{}` cannot be a name in `{name}`", entry.name);
                return Err(ComposeError::at(message, entry.at));
            }
            if name == "services" {
                service(&entry.value)?;
            }
        }
    }
    Ok(())
}

fn service(service: &Node) -> Result<(), ComposeError> {
    if !service.is_map() {
        return Err(ComposeError::at("a service must be a mapping", service.at));
    }
    known(service, "a service", SERVICE)?;
    for name in [
        "image",
        "container_name",
        "platform",
        "hostname",
        "network_mode",
        "user",
    ] {
        check(service, name, is_text, "a string")?;
    }
    check(service, "profiles", is_texts, "a list of strings")?;
    check(service, "ports", is_list, "a list")?;
    check(service, "volumes", is_list, "a list")?;
    check(
        service,
        "depends_on",
        |node| is_texts(node) || node.is_map(),
        "a list or a mapping",
    )?;
    for entry in service
        .get("depends_on")
        .map(Node::entries)
        .unwrap_or_default()
    {
        let condition = entry.value.get("condition").and_then(Node::text);
        // A list of names that was laid over another one has no conditions.
        if !entry.value.is_null()
            && !condition.is_some_and(|condition| CONDITIONS.contains(&condition))
        {
            let message = "a dependency must have a condition that compose knows";
            return Err(ComposeError::at(message, entry.at));
        }
    }
    let pulls = |node: &Node| {
        let value = node.value().map(|value| value.text.as_str());
        value.is_some_and(|text| PULL_POLICIES.iter().any(|policy| text.contains(policy)))
    };
    check(service, "pull_policy", pulls, "a pull policy")?;
    check(
        service,
        "build",
        |node| is_text(node) || node.is_map(),
        "a string or a mapping",
    )?;
    let Some(build) = service.get("build").filter(|build| build.is_map()) else {
        return Ok(());
    };
    known(build, "`build`", BUILD)?;
    for name in [
        "context",
        "dockerfile",
        "dockerfile_inline",
        "network",
        "target",
    ] {
        check(build, name, is_text, "a string")?;
    }
    for name in [
        "cache_from",
        "cache_to",
        "entitlements",
        "platforms",
        "tags",
    ] {
        let texts = |node: &Node| is_list(node) && node.items().iter().all(is_text);
        check(build, name, texts, "a list of strings")?;
    }
    let pairs = |node: &Node| is_list(node) || node.is_map();
    check(build, "args", pairs, "a list or a mapping")
}

fn known(node: &Node, what: &str, names: &[&str]) -> Result<(), ComposeError> {
    let mut entries = node.entries().iter();
    let foreign = |name: &str| !name.starts_with("x-") && !names.contains(&name);
    match entries.find(|entry| foreign(&entry.name)) {
        Some(entry) => {
            let message = format!("{what} has no `{}`", entry.name);
            Err(ComposeError::at(message, entry.at))
        }
        None => Ok(()),
    }
}

fn check(
    node: &Node,
    name: &str,
    fits: impl Fn(&Node) -> bool,
    what: &str,
) -> Result<(), ComposeError> {
    match node.get(name) {
        Some(value) if !fits(value) => Err(ComposeError::at(
            format!("`{name}` must be {what}"),
            value.at,
        )),
        _ => Ok(()),
    }
}

fn is_text(node: &Node) -> bool {
    node.value().is_some()
}

fn is_list(node: &Node) -> bool {
    matches!(node.content, Content::List(_))
}

/// Strings, each once.
fn is_texts(node: &Node) -> bool {
    let mut seen = std::collections::HashSet::new();
    let once = |node: &Node| {
        node.value()
            .is_some_and(|value| seen.insert(value.text.clone()))
    };
    is_list(node) && node.items().iter().all(once)
}
