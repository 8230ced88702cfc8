//! Any text, read as a program of the language that its first byte picks.

#![no_main]

use keyward::facts::{Language, program};
use keyward::model::RelPath;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, text)) = data.split_first() else {
        return;
    };
    let endings = [
        "cs", "go", "java", "js", "kt", "php", "py", "rb", "rs", "scala", "swift",
    ];
    let path = format!("a.{}", endings[usize::from(first) % endings.len()]);
    let path = RelPath::from(&path[..]);
    assert!(Language::of_path(&path).is_some());
    if let Some(program) = program(&path, text) {
        for call in &program.calls {
            assert!(call.span.start <= call.span.end && call.span.end <= text.len());
        }
        for binding in &program.bindings {
            program.resolve(text, binding.value, binding.function);
            program.literal(text, binding.value);
        }
    }
});
