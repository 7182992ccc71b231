//! The audit as SARIF 2.1.0. A finding stands at the scheme of the policy where there is one, else where a
//! workflow publishes the image, and is named by its reference in any case.

use serde_json::{Value, json};

use super::Sheet;
use crate::finding::Finding;
use crate::report::fingerprint::fingerprints;
use crate::report::sarif;
use crate::rules::RULES;

/// The findings as a log of one run.
#[must_use]
pub fn render(sheet: &Sheet<'_>) -> String {
    let prints = fingerprints(sheet.project, sheet.findings);
    let findings = sheet.findings.iter().zip(prints);
    let results = findings.map(|(finding, print)| result(sheet, finding, &print));
    sarif::log(results.collect())
}

fn result(sheet: &Sheet<'_>, finding: &Finding, fingerprint: &str) -> Value {
    let mut text = finding.message.clone();
    for more in finding.notes.iter().chain(&finding.help) {
        text.push_str(&format!("\n{more}"));
    }
    let image = sheet.project.path(finding.at);
    let name = finding.image.as_deref().unwrap_or(image);
    let mut location =
        json!({ "logicalLocations": [{ "fullyQualifiedName": name, "kind": "resource" }] });
    let audit = sheet.audits.iter().find(|audit| audit.at == finding.at);
    let declared = audit.and_then(|audit| Some(audit.scheme.declared.as_ref()?.at));
    let place = declared.or(audit.and_then(|audit| audit.published_at));
    if let (Some(place), Some(fields)) = (place, location.as_object_mut())
        && let Some(place) = sarif::location(sheet.project, place).get("physicalLocation")
    {
        fields.insert("physicalLocation".to_owned(), place.clone());
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "level": sarif::level(finding.level),
        "message": { "text": format!("{image}: {text}") },
        "locations": [location],
        "partialFingerprints": { "taglint/v1": fingerprint },
    });
    if let (Some(index), Some(fields)) = (
        RULES.iter().position(|rule| rule.name == finding.rule),
        result.as_object_mut(),
    ) {
        fields.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}
