//! What commands do with their words, as far as credentials go. Sources: their manual pages and references of commands.

/// Of a command that runs another one the options that take a word.
pub(super) fn taken_by(runner: &[u8]) -> Option<&'static [u8]> {
    Some(match runner {
        b"!" | b"@" | b"builtin" | b"command" | b"do" | b"elif" | b"else" | b"if" | b"nohup"
        | b"then" | b"time" | b"until" | b"while" => b"",
        b"doas" => b"u",
        b"env" => b"uCS",
        b"exec" => b"a",
        b"nice" => b"n",
        b"sudo" => b"ugphCTR",
        _ => return None,
    })
}

/// Commands whose words are names and values, for the shell itself.
pub(super) const DECLARATIONS: &[&[u8]] =
    &[b"declare", b"export", b"local", b"readonly", b"typeset"];

/// Commands of commands: the words behind say what is done.
pub(super) const TREES: &[&[u8]] = &[
    b"aws",
    b"az",
    b"docker",
    b"fly",
    b"flyctl",
    b"gcloud",
    b"gh",
    b"git",
    b"helm",
    b"heroku",
    b"kubectl",
    b"netlify",
    b"npm",
    b"railway",
    b"vercel",
    b"wrangler",
];

/// Options of one letter that take a credential, or a user it goes with. In any other command a letter may mean anything.
pub(super) const LETTERS: &[(&[u8], &[u8])] = &[
    (b"ansible", b"eu"),
    (b"ansible-playbook", b"eu"),
    (b"curl", b"uUH"),
    (b"docker", b"pu"),
    (b"gh", b"b"),
    (b"ldapadd", b"Dw"),
    (b"ldapdelete", b"Dw"),
    (b"ldapmodify", b"Dw"),
    (b"ldapsearch", b"Dw"),
    (b"mariadb", b"pu"),
    (b"mariadb-dump", b"pu"),
    (b"mongo", b"pu"),
    (b"mongodump", b"pu"),
    (b"mongosh", b"pu"),
    (b"mysql", b"pu"),
    (b"mysqladmin", b"pu"),
    (b"mysqldump", b"pu"),
    (b"podman", b"pu"),
    (b"psql", b"U"),
    (b"redis-cli", b"a"),
    (b"smbclient", b"U"),
    (b"sqlcmd", b"PU"),
    (b"sshpass", b"p"),
    (b"zip", b"P"),
];

/// Of these `-p` takes what is glued to it only: the word behind is a database, or `-p` asks for the password.
pub(super) const GLUED: &[&[u8]] = &[
    b"mariadb",
    b"mariadb-dump",
    b"mysql",
    b"mysqladmin",
    b"mysqldump",
];

/// Whose options of several letters begin with one dash.
pub(super) const OPENSSL: &[&[u8]] = &[b"-K", b"-k", b"-pass", b"-passin", b"-passout"];

/// Options whose value is a name and a value.
pub(super) const CARRIERS: &[&[u8]] = &[
    b"--build-arg",
    b"--env",
    b"--env-add",
    b"--env-vars",
    b"--extra-vars",
    b"--from-literal",
    b"--secret",
    b"--set",
    b"--set-env-vars",
    b"--set-string",
    b"--update-env-vars",
    b"--var",
];

/// Commands that put a value under a name, both words of their own.
pub(super) const SETTERS: &[(&[u8], &[&[u8]])] = &[
    (b"aws", &[b"configure", b"set"]),
    (b"bundle", &[b"config", b"set"]),
    (b"composer", &[b"config"]),
    (b"gcloud", &[b"config", b"set"]),
    (b"git", &[b"config"]),
    (b"npm", &[b"config", b"set"]),
    (b"pip", &[b"config", b"set"]),
    (b"pnpm", &[b"config", b"set"]),
    (b"poetry", &[b"config"]),
    (b"pulumi", &[b"config", b"set"]),
    (b"yarn", &[b"config", b"set"]),
];

/// Shells, whose `-c` takes a script.
pub(super) const SHELLS: &[&[u8]] = &[b"ash", b"bash", b"dash", b"ksh", b"sh", b"su", b"zsh"];
