//! Every example of every built-in rule, run through all rules.

#[test]
fn every_example_holds() {
    let outcome = keyward::rules::examples::check(&[]).expect("the built-in rules load");
    assert!(
        outcome.rules > 300 && outcome.examples > outcome.rules,
        "{} rules",
        outcome.rules
    );
    let faults: Vec<String> = outcome
        .faults
        .iter()
        .map(|f| format!("{}: {}: {}", f.file.display(), f.rule, f.message))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
