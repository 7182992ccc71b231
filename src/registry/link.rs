//! The `Link` header, by which a registry names the next page.

/// The address of the next page: that of the first link whose relation is `next`.
pub(super) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (address, parameters) = after.split_once('>')?;
        let end = parameters.find('<').unwrap_or(parameters.len());
        let own = parameters.get(..end)?;
        let is_next = own.split([';', ',']).any(|part| {
            let (name, value) = part.split_once('=').unwrap_or_default();
            let value = value.trim().trim_matches('"');
            let mut words = value.split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel")
                && words.any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(address.trim());
        }
        rest = parameters.get(end..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_page_is_found() {
        for (header, wanted) in [
            (
                r#"</v2/a/tags/list?n=2&last=b>; rel="next""#,
                Some("/v2/a/tags/list?n=2&last=b"),
            ),
            ("<x>; rel=next", Some("x")),
            (
                r#"<first>; rel="first", <second>; title="a, b"; REL="last next""#,
                Some("second"),
            ),
            (r#"<x>; rel="prev""#, None),
            ("<x", None),
            ("", None),
            ("x>; rel=next", None),
        ] {
            assert_eq!(next(header), wanted, "{header}");
        }
    }
}
