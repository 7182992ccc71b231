//! Comma-separated values: one line of fields, and tables.

/// The rows of a table; `None` where a quote is out of place.
pub(super) fn rows(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let mut field = String::new();
        let quoted = chars.next_if_eq(&'"').is_some();
        if quoted {
            loop {
                match chars.next()? {
                    '"' if chars.next_if_eq(&'"').is_some() => field.push('"'),
                    '"' => break,
                    c => field.push(c),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| !matches!(c, ',' | '\n')) {
                if c == '"' {
                    return None;
                }
                field.push(c);
            }
            if field.ends_with('\r') {
                field.pop();
            }
        }
        row.push(field);
        match chars.next() {
            // A comma at the very end opens one more empty field.
            Some(',') if chars.peek().is_none() => row.push(String::new()),
            Some(',') => {}
            Some('\r') if chars.next_if_eq(&'\n').is_some() => rows.push(std::mem::take(&mut row)),
            Some('\n') => rows.push(std::mem::take(&mut row)),
            Some(_) => return None,
            None => {}
        }
    }
    if !row.is_empty() {
        rows.push(row);
    }
    rows.retain(|row| *row != [""]);
    Some(rows)
}

/// The fields of one line.
pub(super) fn fields(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut rows = rows(text)?;
    if rows.len() > 1 {
        return None;
    }
    Some(rows.pop().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_be_quoted() {
        for (text, wanted) in [
            ("a,b", vec!["a", "b"]),
            (
                "type=sbom,\"ENV1=bar,baz\",x=1",
                vec!["type=sbom", "ENV1=bar,baz", "x=1"],
            ),
            ("a,", vec!["a", ""]),
            ("\"say \"\"hi\"\"\"", vec!["say \"hi\""]),
            ("", vec![]),
        ] {
            assert_eq!(fields(text).unwrap(), wanted, "{text}");
        }
        assert_eq!(fields("a\"b"), None);
        assert_eq!(fields("\"a"), None);
        assert_eq!(rows("a,b\n1,2\n").unwrap().len(), 2);
    }
}
