//! clauselint, a linter for privacy policies.
pub mod document;
pub mod engine;
pub mod lint;
pub mod packs;
pub mod report;
pub mod rule;
pub mod selection;
pub mod selfcheck;
pub mod source;
pub mod verdict;
pub mod walk;
