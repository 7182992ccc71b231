//! The commit of the event, and the times that templates can ask for.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::event::{Event, Truth};
use super::javascript::number;
use crate::eval::unknown::{Mark, first_mark, is_known};

/// When the commit was made.
pub(crate) enum Moment {
    At(Timestamp),
    Invalid,
    Unknown(Mark),
}

impl<'a> Event<'a> {
    /// The commit at the head of the pull request, where the environment asks for it.
    pub(super) fn head_sha(&self) -> Option<String> {
        let wish = (self.context.environment)("DOCKER_METADATA_PR_HEAD_SHA")?;
        let wish = wish.to_ascii_lowercase();
        if self.named("pull_request") != Truth::Yes {
            return None;
        }
        if wish.contains("true") {
            let sha = self.text(&["pull_request", "head", "sha"]);
            return (!sha.is_empty()).then_some(sha);
        }
        first_mark(&wish).map(|mark| mark.as_char().to_string())
    }

    /// The commit, shortened as the environment says.
    pub(crate) fn short_sha(&self) -> Result<String, String> {
        let mut length = 7.0;
        if let Some(text) = (self.context.environment)("DOCKER_METADATA_SHORT_SHA_LENGTH")
            && !text.is_empty()
        {
            if let Some(mark) = first_mark(&text) {
                return Ok(mark.as_char().to_string());
            }
            length = number(&text).ok_or_else(|| {
                format!("`DOCKER_METADATA_SHORT_SHA_LENGTH` is `{text}`, which is no number")
            })?;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let length = length.max(0.0) as usize;
        if length >= self.sha.chars().count() && is_known(&self.sha) {
            return Ok(self.sha.clone());
        }
        let short: String = self.sha.chars().take(length).collect();
        Ok(first_mark(&short).map_or(short, |mark| mark.as_char().to_string()))
    }

    pub(crate) fn now(&self) -> Moment {
        self.context.now.map_or_else(
            || self.unknown_time("{{date}}", "the time of the run"),
            Moment::At,
        )
    }

    pub(crate) fn commit_time(&self) -> Moment {
        let payload = self.context.payload.json;
        let commits = payload.get("commits").and_then(Json::as_array);
        let head = payload.get("head_commit");
        let this =
            |commit: &&Json| commit.get("id").and_then(Json::as_str) == Some(self.sha.as_str());
        let time = |commit: &'a Json| commit.get("timestamp").and_then(Json::as_str);
        let found = commits
            .and_then(|commits| commits.iter().find(this))
            .and_then(time)
            .filter(|time| !time.is_empty())
            .or_else(|| {
                head.filter(this)
                    .map(|commit| time(commit).unwrap_or_default())
            });
        match found {
            Some(text) => match (text.parse(), first_mark(text)) {
                (Ok(time), _) => Moment::At(time),
                (_, Some(mark)) => Moment::Unknown(mark),
                _ => Moment::Invalid,
            },
            None => self.context.commit_time.map_or_else(
                || self.unknown_time("{{commit_date}}", "the time of the commit"),
                Moment::At,
            ),
        }
    }

    fn unknown_time(&self, what: &str, reason: &str) -> Moment {
        let mark = self.context.unknowns.note(what, reason);
        self.solid(mark);
        Moment::Unknown(mark)
    }
}
