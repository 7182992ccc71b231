//! Digests of text. What has no use in a tag, or a result of its own each time, is not known.

use super::{Call, MANY, Named, Returned, between, exactly};

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "sha256",
        exactly(1, |call| {
            let text = call.known_text(0)?;
            call.budget.spend(text.len())?;
            call.give(&hex(&sha256(text.as_bytes())))
        }),
    ),
    (
        "sha1",
        exactly(1, |call| {
            let text = call.known_text(0)?;
            call.budget.spend(text.len())?;
            call.give(&hex(&sha1(text.as_bytes())))
        }),
    ),
    ("sha512", exactly(1, not_evaluated)),
    (
        "md5",
        exactly(1, |call| {
            let text = call.known_text(0)?;
            call.budget.spend(text.len())?;
            call.give(&md5_hex(&text))
        }),
    ),
    (
        "bcrypt",
        between(1, 2, |call| Err(call.unknown("differs each time"))),
    ),
    ("rsadecrypt", exactly(2, not_evaluated)),
    (
        "uuidv4",
        exactly(0, |call| Err(call.unknown("differs each time"))),
    ),
    ("uuidv5", exactly(2, not_evaluated)),
    ("cidrhost", exactly(2, not_evaluated)),
    ("cidrnetmask", exactly(1, not_evaluated)),
    ("cidrsubnet", exactly(3, not_evaluated)),
    ("cidrsubnets", between(2, MANY, not_evaluated)),
];

fn not_evaluated(call: &Call<'_>) -> Returned {
    Err(call.unknown("a function that is not evaluated"))
}

/// The MD5 digest of a text, in hex.
pub(in crate::eval) fn md5_hex(text: &str) -> String {
    hex(&md5(text.as_bytes()).map(u32::swap_bytes))
}

fn hex(words: &[u32]) -> String {
    words.iter().map(|word| format!("{word:08x}")).collect()
}

fn big_length(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64 * 8).to_be_bytes()
}

/// The text in blocks of sixteen words, padded with its length in bits.
fn blocks(bytes: &[u8], length: [u8; 8]) -> Vec<[u32; 16]> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend(length);
    let word = |chunk: &[u8]| {
        chunk
            .iter()
            .fold(0, |word, byte| word << 8 | u32::from(*byte))
    };
    padded
        .chunks(64)
        .map(|block| {
            let mut words = [0; 16];
            for (word_at, chunk) in words.iter_mut().zip(block.chunks(4)) {
                *word_at = word(chunk);
            }
            words
        })
        .collect()
}

/// The first 32 bits of the fractional part of a root of a prime, which SHA-2 takes its constants
/// from. Doubles have 52 bits of it, enough for all of them.
fn root_bits(root: f64) -> u32 {
    (root.fract() * 4_294_967_296.0) as u32
}

fn primes() -> impl Iterator<Item = f64> {
    (2_u32..)
        .filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
        .map(f64::from)
}

fn sha256(bytes: &[u8]) -> [u32; 8] {
    let mut state = [0; 8];
    for (word, prime) in state.iter_mut().zip(primes()) {
        *word = root_bits(prime.sqrt());
    }
    let constants: Vec<u32> = primes().take(64).map(|p| root_bits(p.cbrt())).collect();
    for block in blocks(bytes, big_length(bytes)) {
        let mut words = block.to_vec();
        for index in 16..64 {
            let word = |back: usize| words.get(index - back).copied().unwrap_or(0);
            let (a, b) = (word(15), word(2));
            let a = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let b = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words.push(
                word(16)
                    .wrapping_add(a)
                    .wrapping_add(word(7))
                    .wrapping_add(b),
            );
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, constant) in words.iter().zip(&constants) {
            let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = h
                .wrapping_add(mixed)
                .wrapping_add((e & f) ^ (!e & g))
                .wrapping_add(*constant)
                .wrapping_add(*word);
            let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = mixed.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(add);
        }
    }
    state
}

fn sha1(bytes: &[u8]) -> [u32; 5] {
    let mut state = [
        0x6745_2301_u32,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    for block in blocks(bytes, big_length(bytes)) {
        let mut words = block.to_vec();
        for index in 16..80 {
            let word = |back: usize| words.get(index - back).copied().unwrap_or(0);
            words.push((word(3) ^ word(8) ^ word(14) ^ word(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (index, word) in words.iter().enumerate() {
            let (mixed, constant) = match index {
                0..20 => ((b & c) | (!b & d), 0x5a82_7999_u32),
                20..40 => (b ^ c ^ d, 0x6ed9_eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let next = a
                .rotate_left(5)
                .wrapping_add(mixed)
                .wrapping_add(e)
                .wrapping_add(constant)
                .wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(add);
        }
    }
    state
}

fn md5(bytes: &[u8]) -> [u32; 4] {
    let turns = [
        [7, 12, 17, 22],
        [5, 9, 14, 20],
        [4, 11, 16, 23],
        [6, 10, 15, 21],
    ];
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let length = (bytes.len() as u64 * 8).to_le_bytes();
    for block in blocks(bytes, length) {
        let words = block.map(u32::swap_bytes);
        let [mut a, mut b, mut c, mut d] = state;
        for index in 0..64 {
            let (mixed, at) = match index / 16 {
                0 => ((b & c) | (!b & d), index),
                1 => ((d & b) | (!d & c), 5 * index + 1),
                2 => (b ^ c ^ d, 3 * index + 5),
                _ => (c ^ (b | !d), 7 * index),
            };
            let constant = (((index + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let word = words.get(at % 16).copied().unwrap_or(0);
            let turn = turns
                .get(index / 16)
                .and_then(|row| row.get(index % 4))
                .copied()
                .unwrap_or(0);
            let sum = a
                .wrapping_add(mixed)
                .wrapping_add(constant)
                .wrapping_add(word);
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(turn)));
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d]) {
            *word = word.wrapping_add(add);
        }
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standard() {
        assert_eq!(
            hex(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex(&md5(b"abc").map(u32::swap_bytes)),
            "900150983cd24fb0d6963f7d28e17f72"
        );
        assert_eq!(
            hex(&sha1(b"abc")),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
    }
}
