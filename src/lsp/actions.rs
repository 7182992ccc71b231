//! Code actions: what mends a finding, what suppresses it, and what mends all of a file.

use std::collections::HashMap;
use std::path::Path;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, OptionalVersionedTextDocumentIdentifier, Range,
    TextDocumentEdit, TextEdit, WorkspaceEdit,
};
use serde_json::Value;

use super::client::{Client, FIX_ALL};
use super::diagnostics::Drawing;
use super::documents::Document;
use super::folder::Folder;
use super::lines::Lines;
use super::pin;
use super::server::Server;
use crate::finding::{Applicability, Edit, Finding, Fix};
use crate::fix;
use crate::source::{FileId, Span};
use crate::suppress;

/// Written into a suppression; the author says it better.
const REASON: &str = "accepted for now";

/// What can be done about the findings in a range.
pub fn answer(server: &Server, path: &Path, params: &CodeActionParams) -> Value {
    let actions = actions(server, path, params).unwrap_or_default();
    serde_json::to_value(actions).unwrap_or_default()
}

fn actions(server: &Server, path: &Path, params: &CodeActionParams) -> Option<Vec<CodeAction>> {
    if !server.client.literal_actions {
        return None;
    }
    let folder = server.folder_of(path)?;
    let document = server.documents.get(path)?;
    let here = Here {
        server,
        folder,
        document,
        file: folder.view.file(path)?,
        lines: Lines::new(&document.text, server.client.encoding),
    };
    let wants = |kind: &str| {
        let only = params.context.only.as_deref();
        only.is_none_or(|only| only.iter().any(|asked| is_below(kind, &asked.to_string())))
    };
    let mut actions = Vec::new();
    if wants("quickfix") {
        let findings = folder.view.findings_in(here.file);
        for finding in findings.filter(|finding| here.touches(finding, params.range)) {
            actions.extend(here.fix(finding));
            actions.extend(here.suppress(finding));
        }
        if server.client.resolves {
            let asked = here.lines.span(params.range);
            let (uri, version) = (&document.uri, document.version);
            actions.extend(pin::offers(
                &folder.view,
                here.file,
                &here.lines,
                asked,
                uri,
                version,
            ));
        }
    }
    if wants(FIX_ALL) {
        actions.extend(here.fix_all());
    }
    Some(actions)
}

/// Whether a kind is another one or below it: `source.fixAll.taglint` is a `source.fixAll`.
fn is_below(kind: &str, asked: &str) -> bool {
    let rest = kind.strip_prefix(asked);
    rest.is_some_and(|rest| asked.is_empty() || rest.is_empty() || rest.starts_with('.'))
}

struct Here<'s> {
    server: &'s Server,
    folder: &'s Folder,
    document: &'s Document,
    file: FileId,
    lines: Lines<'s>,
}

impl Here<'_> {
    fn touches(&self, finding: &Finding, range: Range) -> bool {
        let (own, asked) = (finding.at.span, self.lines.span(range));
        let line = |offset| self.lines.line_of(offset);
        // A cursor anywhere on its lines is near enough.
        line(own.start) <= line(asked.end) && line(asked.start) <= line(own.end)
    }

    fn fix(&self, finding: &Finding) -> Option<CodeAction> {
        let fix = finding.fix.as_ref()?;
        let safe = fix.applicability == Applicability::Safe;
        if !safe && !self.server.settings.unsafe_fixes {
            return None;
        }
        let help = finding.help.as_deref().unwrap_or("mend it");
        let doubt = if safe {
            ""
        } else {
            " (may change what is meant)"
        };
        let title = format!("{}: {help}{doubt}", finding.rule);
        Some(CodeAction {
            is_preferred: Some(safe),
            ..self.action(title, Some(finding), self.edits(&fix.edits))
        })
    }

    fn suppress(&self, finding: &Finding) -> Option<CodeAction> {
        let project = &self.folder.view.project;
        let (span, text) = suppress::suppressing(project, finding, REASON)?;
        let title = format!("{}: suppress it here, with a comment", finding.rule);
        let edit = TextEdit {
            range: self.lines.range(span),
            new_text: text,
        };
        Some(self.action(title, Some(finding), vec![edit]))
    }

    /// All fixes of the file that are safe and go together.
    fn fix_all(&self) -> Option<CodeAction> {
        let findings = self.folder.view.findings_in(self.file);
        let fixes = findings.filter_map(|finding| finding.fix.as_ref());
        let safe = fixes.filter(|fix| fix.applicability == Applicability::Safe);
        let safe: Vec<&Fix> = safe.collect();
        let source = self.folder.view.source(self.file)?;
        let applied = fix::apply(source.path(), source.text(), &safe);
        let done = applied.done.iter().filter_map(|index| safe.get(*index));
        let mut edits: Vec<Edit> = Vec::new();
        for edit in done.flat_map(|fix| &fix.edits) {
            if !edits.contains(edit) {
                edits.push(edit.clone());
            }
        }
        if edits.is_empty() {
            return None;
        }
        let title = "taglint: mend all that is safe to mend".to_owned();
        Some(CodeAction {
            kind: Some(CodeActionKind::new(FIX_ALL)),
            ..self.action(title, None, self.edits(&edits))
        })
    }

    fn edits(&self, edits: &[Edit]) -> Vec<TextEdit> {
        let own = edits.iter().filter(|edit| edit.at.file == self.file);
        own.map(|edit| TextEdit {
            range: self
                .lines
                .range(Span::new(edit.at.span.start, edit.at.span.end)),
            new_text: edit.text.clone(),
        })
        .collect()
    }

    fn action(&self, title: String, finding: Option<&Finding>, edits: Vec<TextEdit>) -> CodeAction {
        let client = &self.server.client;
        let mut drawing = Drawing::new(&self.folder.view, client, &self.folder.root);
        CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: finding.map(|finding| vec![drawing.finding(finding)]),
            edit: Some(workspace_edit(client, self.document, edits)),
            ..CodeAction::default()
        }
    }
}

/// Edits of one file, for the version of its text that they are meant for where the client can tell.
pub fn workspace_edit(client: &Client, document: &Document, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let uri = document.uri.clone();
    let mut edit = WorkspaceEdit::default();
    if client.versioned_edits {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            version: Some(document.version),
            text_document_identifier: gen_lsp_types::TextDocumentIdentifier { uri },
        };
        let change = TextDocumentEdit {
            text_document,
            edits: edits.into_iter().map(Into::into).collect(),
        };
        edit.document_changes = Some(vec![change.into()]);
    } else {
        edit.changes = Some(HashMap::from([(uri, edits)]));
    }
    edit
}

#[cfg(test)]
mod tests {
    #[test]
    fn kinds_hold_those_below() {
        assert!(super::is_below("source.fixAll.taglint", "source.fixAll"));
        assert!(super::is_below("quickfix", ""));
        assert!(!super::is_below("quickfixes", "quickfix"));
        assert!(!super::is_below("source", "source.fixAll"));
    }
}
