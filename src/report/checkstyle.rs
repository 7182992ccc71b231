//! Checkstyle's XML.

use quick_xml::events::{BytesDecl, Event};
use quick_xml::writer::Writer;

use super::harmless;
use super::region::Region;
use crate::finding::{Finding, Level};
use crate::project::Project;

/// The findings by file.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let mut files: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        let path = project.path(finding.at);
        match files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, list)) => list.push(finding),
            None => files.push((path, vec![finding])),
        }
    }
    let mut out = Vec::new();
    let mut writer = Writer::new_with_indent(&mut out, b' ', 2);
    let written = write(&mut writer, project, &files);
    if written.is_err() {
        return String::new();
    }
    let mut text = String::from_utf8(out).unwrap_or_default();
    text.push('\n');
    text
}

fn write(
    writer: &mut Writer<&mut Vec<u8>>,
    project: &Project,
    files: &[(&str, Vec<&Finding>)],
) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = writer.create_element("checkstyle");
    root.with_attribute(("version", "4.3"))
        .write_inner_content(|writer| {
            for (path, findings) in files {
                let file = writer.create_element("file");
                file.with_attribute(("name", *path))
                    .write_inner_content(|writer| {
                        findings
                            .iter()
                            .try_for_each(|finding| error(writer, project, finding))
                    })?;
            }
            Ok(())
        })?;
    Ok(())
}

fn error(
    writer: &mut Writer<&mut Vec<u8>>,
    project: &Project,
    finding: &Finding,
) -> std::io::Result<()> {
    let region = Region::of(project, finding.at);
    let severity = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info | Level::Off => "info",
    };
    let (line, column) = (
        region.start.line.to_string(),
        region.start.column.to_string(),
    );
    let source = format!("taglint.{}", finding.rule);
    let message = harmless(&finding.message);
    writer
        .create_element("error")
        .with_attribute(("line", line.as_str()))
        .with_attribute(("column", column.as_str()))
        .with_attribute(("severity", severity))
        .with_attribute(("message", message.as_ref()))
        .with_attribute(("source", source.as_str()))
        .write_empty()?;
    Ok(())
}
