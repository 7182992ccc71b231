//! A number that stays with a finding while the lines around it move.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::project::Project;

/// A fingerprint for each finding: of its rule, its file and its message, and a counter among equal
/// ones; 16 hexadecimal digits.
#[must_use]
pub fn fingerprints(project: &Project, findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<u64, u64> = HashMap::new();
    let one = |finding: &Finding| {
        let mut hash = Fnv::default();
        for part in [finding.rule, project.path(finding.at), &finding.message] {
            hash.write(part.as_bytes());
            hash.write(&[0]);
        }
        let count = seen.entry(hash.0).or_default();
        *count += 1;
        hash.write(&count.to_le_bytes());
        format!("{:016x}", hash.0)
    };
    findings.iter().map(one).collect()
}

/// FNV-1a with 64 bits: small, and the same on every machine and in every version.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        let mut hash = Fnv::default();
        hash.write(b"foobar");
        assert_eq!(hash.0, 0x8594_4171_f739_67e8);
    }
}
