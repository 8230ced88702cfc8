#![no_main]

use keyward::facts::{Format, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    read(Format::Script, data);
});
