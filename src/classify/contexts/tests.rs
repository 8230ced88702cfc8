use super::*;
use Context::*;

fn of(path: &str) -> Vec<Context> {
    of_path(&RelPath::from(path)).iter().collect()
}

#[test]
fn paths_tell_what_a_file_is() {
    for (path, expected) in [
        ("src/auth.js", vec![]),
        ("test/auth.js", vec![Test]),
        ("src/__tests__/auth.js", vec![Test]),
        ("src/auth.test.ts", vec![Test]),
        ("src/auth_test.go", vec![Test]),
        ("tests/test_auth.py", vec![Test]),
        ("src/AuthTest.java", vec![Test]),
        ("src/contest.java", vec![]),
        ("contrib/test.netrc", vec![Test]),
        ("src/shop/tests.py", vec![Test]),
        ("contrib/test-login.perl", vec![Test]),
        ("src/testament.c", vec![]),
        ("src/latest.js", vec![]),
        ("Acme.Web.Tests/Auth.cs", vec![Test]),
        ("README.md", vec![Docs]),
        ("docs/setup.html", vec![Docs]),
        ("lang/da/validation.php", vec![Docs]),
        ("resources/lang/pt-BR/admin/auth.php", vec![Docs]),
        ("config/locales/devise.en.yml", vec![]),
        ("config/locales/fr.yml", vec![Docs]),
        ("public/intl/messages/de-CH.json", vec![Docs]),
        ("conf/locale/locale_pt-BR.ini", vec![Docs]),
        ("src/main/resources/messages_de.properties", vec![Docs]),
        ("src/messages.ts", vec![]),
        ("src/messages/index.ts", vec![]),
        ("conf/locale_of_users.ini", vec![]),
        ("src/lang/go/parser.go", vec![]),
        ("src/lang/lexer.rs", vec![]),
        ("readme.js", vec![]),
        ("LICENSE", vec![Docs]),
        ("examples/a.js", vec![Example]),
        ("config/settings.example.yml", vec![Example]),
        (".env.example", vec![Example, EnvFile]),
        (".env", vec![EnvFile]),
        (".env.test", vec![EnvFile]),
        (".env.production", vec![EnvFile, Production]),
        (".env.production.example", vec![Example, EnvFile]),
        ("deploy/prod.env", vec![EnvFile, Production]),
        ("config/production.json", vec![Production]),
        ("config/production.js", vec![]),
        ("envs/prod/main.tfvars", vec![Production]),
        ("values-staging.yaml", vec![]),
        ("src/env.ts", vec![]),
        (".env.d.ts", vec![]),
        ("vendor/x/y.php", vec![Vendored]),
        ("web/node_modules/a/index.js", vec![Vendored]),
        ("package-lock.json", vec![Lockfile]),
        ("Cargo.lock", vec![Lockfile]),
        ("go.sum", vec![Lockfile]),
        ("dist/app.min.js", vec![Minified]),
        ("dist/app.js.map", vec![Minified]),
        ("api/user.pb.go", vec![Generated]),
        ("plugins/foo.client.ts", vec![Client]),
        ("", vec![]),
        ("/", vec![]),
    ] {
        assert_eq!(of(path), expected, "{path}");
    }
}

#[test]
fn files_that_are_kept_for_their_credentials() {
    for path in [
        ".env",
        ".npmrc",
        ".pypirc",
        ".netrc",
        "deploy/id_rsa",
        "id_ed25519.bak",
        "certs/server.pem",
        "a.key",
        ".pgpass",
        ".aws/credentials",
        "kubeconfig",
        ".kube/config",
        "terraform.tfvars",
        "prod.auto.tfvars",
        "terraform.tfstate",
        "home/.docker/config.json",
        "config/master.key",
        "appsettings.Production.json",
        "docker-compose.prod.yml",
        "application-prod.properties",
        "service-account-prod.json",
    ] {
        let path = RelPath::from(path);
        assert!(is_credential_file(path.name(), &path), "{path}");
    }
    for path in [
        "src/main.rs",
        "id_rsa.pub",
        "config.json",
        "src/credentials.ts",
        "service_account.go",
        "src/env.rs",
        "docs/config",
        "key",
        "",
    ] {
        let path = RelPath::from(path);
        assert!(!is_credential_file(path.name(), &path), "{path}");
    }
}

#[test]
fn comments_are_told_from_code() {
    for line in [
        "// key = ",
        "  # key = ",
        "#key=",
        "x = 1 // key ",
        "x = 1; # key ",
        "-- key ",
        "select 1 -- key ",
        "<!-- key=",
        "<a/> <!-- ",
        "/* key ",
        " * key ",
        "*",
        "; key = ",
        "REM set key=",
        "f(); /* a */ // ",
        "let s = 'a'; // it's ",
        "don't // ",
    ] {
        assert!(in_comment(line.as_bytes()), "{line}");
    }
    for line in [
        "",
        "key = ",
        "url = http://",
        "url: https://x/",
        "s = '// ",
        "s = \"a # ",
        "color: #fff; key: ",
        "#define KEY ",
        "#[env = ",
        "/* a */ key = ",
        "<!-- a --> key=",
        "run --token ",
        "  --password ",
        "//registry.example.com/:_authToken=",
        "- src/**/*.",
        "a*b; c = ",
        "*p = ",
        ";(function(){ key = ",
        "remove = ",
        "x-- - ",
        "s = 'it\\'s # ",
    ] {
        assert!(!in_comment(line.as_bytes()), "{line}");
    }
    assert!(!in_comment(b"# a comment\nkey = "));
}

#[test]
fn contents_tell_what_a_file_is() {
    let of = |text: &str| of_content(text.as_bytes()).iter().collect::<Vec<_>>();
    assert_eq!(of("// @generated by x\nconst a = 1;"), [Generated]);
    assert_eq!(of("# Code generated by x. DO NOT EDIT.\n"), [Generated]);
    assert_eq!(of("/**\n * Auto-generated file\n */"), [Generated]);
    assert_eq!(of("\"\"\"AUTOGENERATED\"\"\""), [Generated]);
    assert_eq!(of("const mark = \"@generated\";"), []);
    assert_eq!(of("\"use client\";\nexport const a = 1;"), [Client]);
    assert_eq!(
        of("#!/x\n// a\n/* b */\n'use strict'\n'use client'\n"),
        [Client]
    );
    assert_eq!(of("const a = 1;\n\"use client\";"), []);
    assert_eq!(of("const t = localStorage.getItem('x');"), [Client]);
    assert_eq!(of("function f() { return document.cookie }"), [Client]);
    assert_eq!(of("const w = typeof window === 'undefined';"), []);
    assert_eq!(of("document.sign(a); const b = 1;"), []);
    assert_eq!(of("// window.x\nconst b = 1;"), []);
    assert_eq!(of("import fs from 'fs';\nconst x = window.y;"), []);
    assert_eq!(of("document.add_paragraph('x')"), []);
    assert_eq!(
        of(&format!("!function(){{{}}}", "a=b(c,d);".repeat(300))),
        [Minified]
    );
    assert_eq!(of(&format!("{{\"a\":\"{}\"}}", "x".repeat(3000))), []);
    assert_eq!(of(&format!("KEY={}", "QUJD".repeat(900))), []);
    assert_eq!(of(&"Some words of a long paragraph. ".repeat(100)), []);
}

proptest::proptest! {
    #[test]
    fn no_file_is_too_odd(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..500), signs in "[/*#<!>;'\"`\\\\ \na-z-]{0,60}") {
        let path = RelPath::new(bytes.clone());
        of_path(&path);
        is_credential_file(path.name(), &path);
        for text in [&bytes[..], signs.as_bytes()] {
            of_content(text);
            in_comment(text);
        }
    }
}

#[test]
fn no_credential_file_ends_like_code() {
    let lists = &LEXICON.credentials;
    let names = lists.names.iter().chain(&lists.ends).chain(&lists.paths);
    for name in names {
        assert!(!is_plain_code(name.as_bytes()), "{name}");
    }
}
