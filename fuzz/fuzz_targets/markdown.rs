//! The parser of Markdown: any bytes make a document that knows its places.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    clauselint_fuzz::parse("p.md", data);
});
