//! What a registry says of how many requests it still allows.

use ureq::http::HeaderMap;

/// How many pulls a registry allows, as Docker Hub tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Pulls allowed in a window.
    pub limit: u64,
    /// Pulls left in it.
    pub remaining: u64,
    /// The window, in seconds; 0 where it is not told.
    pub window: u64,
}

impl RateLimit {
    /// Reads `RateLimit-Limit: 100;w=21600` and `RateLimit-Remaining: 76;w=21600`.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let of = |name: &str| headers.get(name)?.to_str().ok();
        let number = |text: &str| text.split(';').next()?.trim().parse::<u64>().ok();
        let limit = of("ratelimit-limit")?;
        let window = limit
            .split(';')
            .find_map(|part| part.trim().strip_prefix("w="));
        Some(Self {
            limit: number(limit)?,
            remaining: number(of("ratelimit-remaining")?)?,
            window: window.and_then(|text| text.parse().ok()).unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_hub_are_read() {
        let mut headers = HeaderMap::new();
        assert_eq!(RateLimit::read(&headers), None);
        headers.insert("ratelimit-limit", "100;w=21600".parse().unwrap());
        headers.insert("ratelimit-remaining", "76;w=21600".parse().unwrap());
        let read = RateLimit::read(&headers).unwrap();
        assert_eq!((read.limit, read.remaining, read.window), (100, 76, 21600));
        headers.insert("ratelimit-remaining", "many".parse().unwrap());
        assert_eq!(RateLimit::read(&headers), None);
    }
}
