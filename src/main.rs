//! The `clauselint` command.
fn main() {}
