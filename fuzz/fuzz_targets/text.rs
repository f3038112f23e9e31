//! The parsers of plain text: any bytes make a document that knows its places. The last byte chooses the format.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some((name, text)) = clauselint_fuzz::chosen(data, &[(b't', "p.txt"), (b'r', "p.rst"), (b'a', "p.adoc")]) {
        clauselint_fuzz::parse(name, text);
    }
});
