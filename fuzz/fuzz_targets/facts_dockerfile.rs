//! Any bytes, read as `Format::Dockerfile`: no panic, and spans in bounds.

#![no_main]

use keyward::facts::{Format, read};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    for pair in read(Format::Dockerfile, data).pairs {
        assert!(pair.key.end <= data.len() && pair.value.end <= data.len());
    }
});
