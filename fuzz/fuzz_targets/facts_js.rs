//! Any bytes, read as the program of a `.tsx` file: no panic, and spans in bounds.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(program) = keyward::facts::program(&"a.tsx".into(), data) else {
        return;
    };
    for call in &program.calls {
        assert!(call.span.end <= data.len());
    }
    for binding in &program.bindings {
        assert!(program.node(binding.value).span.end <= data.len());
    }
});
