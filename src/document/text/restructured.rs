//! tmp
use crate::document::builder::Builder;
pub(super) fn parse(builder: &mut Builder) { let _ = builder; }
