//! What a commit says of itself, against `git log`.

use std::fmt::Write as _;

use crate::repo::Repo;

#[test]
fn people_and_dates_are_as_git_shows_them() {
    let people = [
        ("A U Thor <a@example.com>", "1700000000 +0130"),
        ("Ünïcode Ñame <ü@example.com>", "100000 -0330"),
        ("<only@example.com>", "1700000000 +0000"),
        ("No Mail <>", "1234567890 -1200"),
        (
            "Dr. \"Q\" (x), Jr. <q+tag@sub.example.com>",
            "1720000000 +1400",
        ),
    ];
    let repo = Repo::new();
    let mut stream = String::new();
    for (at, (author, date)) in people.iter().enumerate() {
        let message = format!("subject {at}\n\nauthor X <x> 1 +0000\n");
        write!(
            stream,
            "commit refs/heads/main\nauthor {author} {date}\ncommitter C O <c@example.com> {} +0200\ndata {}\n{message}\n",
            1_700_000_000 + at,
            message.len(),
        )
        .expect("text");
    }
    repo.import(&stream);
    let format = "--format=%H|%an|%ae|%aI|%cn|%ce|%cI|%P|%B%x00";
    let log = repo.git(&["log", "--encoding=UTF-8", format]);
    let repository = repo.repository();
    let mut seen = 0;
    for line in log
        .split('\0')
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let id = line.split('|').next().expect("an id");
        let oid = repository.revision(id).expect("a commit");
        let head = repository.commit(oid).expect("a commit");
        let date = |person: &keyward::git::Person| {
            let date = person.date.expect("a date").to_string();
            match date.strip_suffix("+00:00") {
                Some(utc) if line.contains('Z') => format!("{utc}Z"),
                _ => date,
            }
        };
        let parents: Vec<_> = head.parents.iter().map(ToString::to_string).collect();
        let (author, committer) = (&head.author, &head.committer);
        let told = format!(
            "{id}|{}|{}|{}|{}|{}|{}|{}|{}",
            author.name,
            author.mail,
            date(author),
            committer.name,
            committer.mail,
            date(committer),
            parents.join(" "),
            String::from_utf8_lossy(&head.message),
        );
        assert_eq!(told.trim(), line);
        seen += 1;
    }
    assert_eq!(seen, people.len());
}
