//! The first words between client and server: what the one can do, and what the other offers.

use std::path::PathBuf;

use gen_lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeLensOptions, CompletionOptions,
    DocumentLinkOptions, ExecuteCommandOptions, InitializeParams, Save, ServerCapabilities,
    TextDocumentSyncKind, TextDocumentSyncOptions, WorkspaceFolders,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use serde_json::{Value, json};

use super::lines::Encoding;
use super::settings::Settings;
use super::uri;

/// The kind of the action that mends all that is safe to mend.
pub const FIX_ALL: &str = "source.fixAll.taglint";
/// The command that draws the plan of a definition.
pub const PLAN: &str = "taglint.plan";
/// The command that shows it, which the client brings.
pub const SHOW_PLAN: &str = "taglint.showPlan";

/// What the client can do, as far as it matters here.
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// What columns count.
    pub encoding: Encoding,
    /// Whether edits may say which version of a text they are for.
    pub versioned_edits: bool,
    /// Whether code actions may be more than commands.
    pub literal_actions: bool,
    /// Whether it asks for the edit of an action once that is chosen.
    pub resolves: bool,
    /// Whether diagnostics may name further places.
    pub related: bool,
    /// Whether it watches files when asked to.
    pub watches: bool,
    /// Whether it can be asked for settings.
    pub configuration: bool,
    /// Whether it asks for hints, and for lenses, again when told to.
    pub refreshes: (bool, bool),
    /// Whether it shows progress that the server begins.
    pub progress: bool,
}

/// What the client says at first.
pub struct Start {
    /// What it can do.
    pub client: Client,
    /// The folders that it has open.
    pub folders: Vec<PathBuf>,
    /// What the user sets.
    pub settings: Settings,
    /// What is wrong with that.
    pub complaint: Option<String>,
}

impl Start {
    /// Reads the first request; what cannot be read counts as not said.
    pub fn read(params: Value) -> Self {
        let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
        let open = params.workspace_folders_initialize_params.workspace_folders;
        let open = match open {
            Some(WorkspaceFolders::WorkspaceFolderList(open)) => open,
            _ => Vec::new(),
        };
        let mut folders: Vec<PathBuf> = open
            .iter()
            .filter_map(|folder| uri::path(&folder.uri))
            .collect();
        // Clients that know of no folders name the one that they have open.
        #[expect(deprecated)]
        let root = params.root_uri.as_ref();
        if folders.is_empty() {
            folders.extend(root.and_then(uri::path));
        }
        let options = params.initialization_options.unwrap_or_default();
        let read = Settings::read(&options);
        Self {
            client: Client::read(&params.capabilities),
            folders,
            settings: read.clone().ok().flatten().unwrap_or_default(),
            complaint: read.err(),
        }
    }
}

impl Client {
    fn read(can: &ClientCapabilities) -> Self {
        let general = can.general.as_ref();
        let encodings = general.and_then(|general| general.position_encodings.as_deref());
        // The rest is asked for by its path: the types nest deeply, and every step may be absent.
        let can = serde_json::to_value(can).unwrap_or_default();
        let has = |path: &str| {
            let found = can.pointer(path);
            found.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
        };
        Self {
            encoding: Encoding::choose(encodings.unwrap_or_default()),
            versioned_edits: has("/workspace/workspaceEdit/documentChanges"),
            literal_actions: has("/textDocument/codeAction/codeActionLiteralSupport"),
            resolves: resolves(&can),
            related: has("/textDocument/publishDiagnostics/relatedInformation"),
            watches: has("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            configuration: has("/workspace/configuration"),
            refreshes: (
                has("/workspace/inlayHint/refreshSupport"),
                has("/workspace/codeLens/refreshSupport"),
            ),
            progress: has("/window/workDoneProgress"),
        }
    }
}

/// Whether the edit of an action may come later, and what it needs for that stays with it.
fn resolves(can: &Value) -> bool {
    let actions = can.pointer("/textDocument/codeAction");
    let of = |path: &str| actions.and_then(|actions| actions.pointer(path));
    let later = of("/resolveSupport/properties").and_then(Value::as_array);
    let later = later.is_some_and(|properties| properties.iter().any(|name| name == "edit"));
    later && of("/dataSupport") == Some(&Value::Bool(true))
}

/// The answer to the first request.
pub fn answer(client: &Client) -> Value {
    let kinds = [CodeActionKind::QuickFix, CodeActionKind::new(FIX_ALL)];
    let synchronisation = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::Bool(true)),
        ..TextDocumentSyncOptions::default()
    };
    let capabilities = ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(synchronisation.into()),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        code_action_provider: Some(
            CodeActionOptions {
                code_action_kinds: Some(kinds.to_vec()),
                resolve_provider: Some(true),
                ..CodeActionOptions::default()
            }
            .into(),
        ),
        code_lens_provider: Some(CodeLensOptions::default()),
        document_link_provider: Some(DocumentLinkOptions::default()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some([":", "[", ",", "-"].map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: vec![PLAN.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    };
    json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "taglint", "version": env!("CARGO_PKG_VERSION") },
    })
}
