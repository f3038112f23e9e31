//! clauselint, a linter for privacy policies.
pub mod document;
pub mod engine;
pub mod packs;
pub mod rule;
pub mod selfcheck;
pub mod source;
pub mod verdict;
