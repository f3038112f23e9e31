//! clauselint, a linter for privacy policies.
pub mod document;
pub mod source;
pub mod verdict;
