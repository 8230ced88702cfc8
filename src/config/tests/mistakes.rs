use super::{fault, parse};

#[test]
fn every_mistake_has_its_line_and_a_way_out() {
    for (text, line, message, hint) in [
        (
            "\n[scan]\nexlude = []",
            3,
            "there is no key `exlude` here",
            "did you mean `exclude`?",
        ),
        (
            "[scna]",
            1,
            "there is no key `scna` here",
            "did you mean `scan`?",
        ),
        (
            "telephone = 1",
            1,
            "there is no key `telephone` here",
            "the keys here are scan, checks, allow, check, rule",
        ),
        (
            "[scan]\nfail_on = 'high'",
            2,
            "there is no key `fail_on` here",
            "did you mean `fail-on`?",
        ),
        (
            "[scan]\nfail-on = 'hihg'",
            2,
            "this is none of info, low, medium, high, critical",
            "did you mean `high`?",
        ),
        (
            "[scan]\nfail-on = 'never'",
            2,
            "a file cannot switch the exit code off",
            "pass --fail-on never where keyward is called",
        ),
        (
            "[scan]\nconfidence = 'sure'",
            2,
            "this is none of low, medium, high",
            "write one of them",
        ),
        (
            "[scan]\nbaseline = ''",
            2,
            "an empty path names nothing",
            "write a path relative to this file, or leave the key out",
        ),
        (
            "[scan]\nexclude = 'vendor'",
            2,
            "a list is expected here",
            "write a list: [\"…\", \"…\"]",
        ),
        (
            "[scan]\nexclude = [\n  'a',\n  'b[',\n]",
            4,
            "this is not a glob: unclosed character class; missing ']'",
            "put [ ] around a character that is meant as itself: `[[]id].js`",
        ),
        (
            "[scan]\nexclude = [\n  'a',\n  7]",
            4,
            "text in quotes is expected here",
            "put it in quotes",
        ),
        (
            "[scan]\naccept = ['shalow']",
            2,
            "this is no gap that can be accepted",
            "did you mean `shallow`?",
        ),
        (
            "[scan]\naccept = ['path:**']",
            2,
            "this accepts every gap",
            "name the files or folders that cannot be read",
        ),
        (
            "[[scan]]",
            1,
            "`[[scan]]` stands for one of many, but there is one",
            "write [scan]",
        ),
        (
            "[scan]\n[scan]",
            2,
            "duplicate key",
            "a key or table is written once; put both into one",
        ),
        (
            "\n[scan\n",
            2,
            "unclosed table, expected `]`",
            "this is not TOML: https://toml.io/en/v1.0.0 shows how it is written",
        ),
        (
            "\n[checks.'*']\noff = true",
            2,
            "this does not name one check",
            "name each check by its id; `keyward rules list` has them all",
        ),
        (
            "[checks.'aws-*']\noff = true",
            1,
            "this does not name one check",
            "name each check by its id; `keyward rules list` has them all",
        ),
        (
            "[checks.a]",
            1,
            "[checks.a] says nothing",
            "write off = true, or severity = \"low\"",
        ),
        (
            "[checks.a]\noff = 'yes'",
            2,
            "true or false is expected here",
            "write true or false, without quotes",
        ),
        (
            "[checks.a]\nseverity = 'lo'",
            2,
            "this is none of info, low, medium, high, critical",
            "did you mean `low`?",
        ),
        (
            "[checks.a]\n\nsevrity = 'low'",
            3,
            "there is no key `sevrity` here",
            "did you mean `severity`?",
        ),
        (
            "[allow]\nreason = 'x'",
            1,
            "`[allow]` stands for the only one, but there can be many",
            "write [[allow]]",
        ),
        (
            "\n[[allow]]\nids = ['a']",
            2,
            "the key `reason` is missing",
            "say why it is accepted: reason = \"…\", for whoever reads this a year from now",
        ),
        (
            "[[allow]]\nids = ['a']\nreason = ' '",
            3,
            "an [[allow]] without a reason",
            "say why it is accepted, for whoever reads this a year from now",
        ),
        (
            "\n\n[[allow]]\nreason = 'x'",
            3,
            "this [[allow]] would accept everything",
            "say what is meant: ids, paths or fingerprints",
        ),
        (
            "[[allow]]\nreason = 'x'\npaths = ['**']",
            3,
            "these paths are all there are: this [[allow]] would accept everything",
            "name the ids that are meant, or fewer paths",
        ),
        (
            "[[allow]]\nreason = 'x'\nids = ['a', '*']",
            3,
            "this does not name one check",
            "name each check by its id; `keyward rules list` has them all",
        ),
        (
            "[[allow]]\nreason = 'x'\nfingerprints = ['ab']",
            3,
            "this is not a fingerprint",
            "it has 32 hexadecimal digits; `keyward scan --format json` shows it",
        ),
        (
            "[[allow]]\nreason = 'x'\nids = ['a']\nuntil = 'soon'",
            4,
            "`until` is not a date",
            "write the last day on which it holds: until = 2031-12-31",
        ),
        (
            "[[allow]]\nreason = 'x'\nids = ['a']\nuntil = 07:30:00",
            4,
            "`until` is not a date",
            "write the last day on which it holds: until = 2031-12-31",
        ),
        (
            "\n[[check]]\nid = 'a'",
            2,
            "the key `title` is missing",
            "add title = …; rules/README.md shows a whole check and a whole rule",
        ),
        (
            "[[rule]]\ncheck = 'a'\nseverity = 'hgih'",
            3,
            "this word is not known",
            "did you mean `high`?",
        ),
        (
            "[[rule]]\ncheck = 'a'\npatern = 'x'",
            3,
            "there is no key `patern` here",
            "did you mean `pattern`?",
        ),
    ] {
        let (line, message, hint) = (line, message.to_owned(), hint.to_owned());
        assert_eq!(fault(parse(text)), (line, message, hint), "{text}");
    }
}
