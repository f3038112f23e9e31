//! clauselint, a linter for privacy policies.
//!
//! Data flows one way. Bytes become a [`source::SourceFile`], which knows where everything lies on disk; that becomes a
//! [`document::Document`] of sections, blocks and sentences (several files can make one [`policy::Policy`]); the phrases of [`rule::Packs`] are matched in it once, which makes an
//! [`engine::Reading`]; [`engine::check`] judges facts and requirements by what was read; and [`report`] writes it down. [`lint`] runs this
//! for many inputs that [`walk`] found, as [`config`] asks for them: a [`plan`] has both. The core is pure: same bytes, packs and declared facts, same verdicts.
//!
//! ```
//! use clauselint::{document::Document, engine, packs, source::SourceFile};
//!
//! let packs = packs::built_in();
//! let source = SourceFile::decode("policy.md", b"# Privacy\n\nWe collect your e-mail address.".to_vec())?;
//! let document = Document::parse(&source);
//! let judged = engine::check(&packs, &engine::Reading::new(&packs, &document), &[]);
//! assert_eq!(judged.judgements.len(), packs.rules.len());
//! # Ok::<(), clauselint::source::SourceError>(())
//! ```

pub mod baseline;
pub mod config;
pub mod diff;
pub mod document;
pub mod engine;
pub mod fingerprint;
pub mod git;
pub mod init;
pub mod lint;
pub mod packs;
pub mod plan;
pub mod policy;
pub mod read;
pub mod report;
pub mod rule;
pub mod selection;
pub mod selfcheck;
pub mod source;
pub mod verdict;
pub mod visible;
pub mod waiver;
pub mod walk;
