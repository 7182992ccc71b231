//! Sizes of memory as compose files and Kubernetes objects write them.

/// A size as compose writes it, in bytes: `512m`, `1.5gb`; units are powers of 1,024.
#[must_use]
pub fn compose(text: &str) -> Option<u64> {
    let lower = text.trim().to_ascii_lowercase();
    let (number, unit) = split(&lower)?;
    scaled(
        number,
        match unit.trim() {
            "" | "b" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            "t" | "tb" | "tib" => 1 << 40,
            _ => return None,
        },
    )
}

/// A quantity as Kubernetes writes it, in bytes: `128Mi`, `1G`, `1.5e9`.
#[must_use]
pub fn kubernetes(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit) = split(text)?;
    if let Some(exponent) = unit.strip_prefix(['e', 'E'])
        && let Ok(exponent) = exponent.parse::<u32>()
    {
        return scaled(number, 10_u64.checked_pow(exponent)?);
    }
    scaled(
        number,
        match unit {
            "" => 1,
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "T" => 1_000_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            "Ti" => 1 << 40,
            _ => return None,
        },
    )
}

fn split(text: &str) -> Option<(f64, &str)> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit))
}

fn scaled(number: f64, factor: u64) -> Option<u64> {
    let bytes = number * factor as f64;
    (bytes.is_finite() && bytes < u64::MAX as f64).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(compose("512m"), Some(512 << 20));
        assert_eq!(compose("1.5GB"), Some(3 << 29));
        assert_eq!(compose("much"), None);
        assert_eq!(kubernetes("128Mi"), Some(128 << 20));
        assert_eq!(kubernetes("1G"), Some(1_000_000_000));
        assert_eq!(kubernetes("1.5e9"), Some(1_500_000_000));
        assert_eq!(kubernetes("1e999"), None);
        assert_eq!(kubernetes("128mi"), None);
    }
}
