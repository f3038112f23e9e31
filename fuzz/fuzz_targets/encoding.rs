//! Encodings: any bytes are a text, each character of which has its place on disk, or are refused with a reason.
#![no_main]

use clauselint::source::SourceFile;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    match SourceFile::decode("p", data.to_vec()) {
        Ok(source) => {
            clauselint_fuzz::holds::decoded(&source, data);
            // What is UTF-8 is read as it is; NUL bytes alone may make it binary or UTF-16.
            if let Ok(text) = std::str::from_utf8(data)
                && !text.contains('\0')
            {
                assert_eq!(source.text(), text.strip_prefix('\u{feff}').unwrap_or(text));
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
