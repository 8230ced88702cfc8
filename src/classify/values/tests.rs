mod made_up;

use super::ValueClass::{self, *};
use super::*;

fn class(text: &str, key: &str) -> ValueClass {
    value(text.as_bytes(), key.as_bytes()).class
}

/// All wrong rows at once: a change of the lists shows its whole effect.
fn assert_classes(rows: &[(&str, &str, ValueClass)]) {
    let wrong: Vec<_> = rows
        .iter()
        .filter(|(key, text, expected)| class(text, key) != *expected)
        .map(|(key, text, expected)| {
            let measured = measure(text.as_bytes());
            format!(
                "{key} = {text}: {} instead of {expected} {measured:?}",
                class(text, key)
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn passwords_and_keys() {
    assert_classes(&[
        ("password", concat!("Rj4vT", "q81zWm"), Opaque),
        ("password", concat!("Vq7!rZ2m", "Tx9#LpWd"), Opaque),
        ("passphrase", "correct-horse-battery", Opaque),
        ("password", concat!("correct-ho", "rse-battery"), Opaque),
        (
            "JWT_SECRET",
            "correct horse battery staple orbit lantern velvet",
            Opaque,
        ),
        ("SigningKey", concat!("b7Qp2xVn", "9TzK4mWc"), Opaque),
        ("ClientSecret", concat!("GxV7q2LmRt", "9Zb4Kw8YpN"), Opaque),
        ("jwtSecret", "mySecretKey123", Opaque),
        ("jwtSecret", concat!("myHardcode", "dSecret123"), Opaque),
        ("JWT_SECRET", concat!("k3T9vQ2m", "Zx7Lb5Wn"), Opaque),
        ("JWT_SECRET", concat!("7f3a9b2c8d", "4e1f6a0b5c"), Opaque),
        (
            "JWT_SECRET",
            "7f3a9b2c8d4e1f6a0b5c9d3e7f2a1b4c8d5e9f0a3b6c1d4e7f2a0b5c8d3e6f1",
            Opaque,
        ),
        (
            "JWT_SECRET",
            concat!("Zt3Wc8Lm5Xq1Rv7K", "p9Yb2Nf6Hs4Jd0Ge"),
            Opaque,
        ),
        ("x-api-key", concat!("ck7Rm2Qx9LfT", "4vWz8NbY1sHd"), Opaque),
        ("CLIENT_API_KEY", concat!("ck7Rm2Qx", "9LfT4vWz"), Opaque),
        (
            "authorization",
            concat!("Bearer ", "8fK2mQ9vXz4LwT7rB1nY"),
            Opaque,
        ),
        (
            "DATABASE_URL",
            concat!("postgres://app:", "Rj4vTq81zWm@db.example.com:5432/app"),
            Opaque,
        ),
        (
            "url",
            concat!("redis://:", "k3T9vQ2mZx7L@cache.example.com:6379"),
            Opaque,
        ),
        (
            "connectionString",
            concat!("Server=s;User Id=a;Password", "=Rj4vTq81zWm;"),
            Opaque,
        ),
        (
            "DB_PASSWORD",
            concat!("${DB_PASSWORD:-", "Rj4vTq81zWm}"),
            Opaque,
        ),
        ("password", concat!("Summer-2", "024-Rain"), Opaque),
        ("password", concat!("Tr0ub", "4dor&3"), Opaque),
        ("password", concat!("dbpass", "_2020"), Opaque),
        ("password", concat!("blue", "42sky"), Opaque),
        ("password", concat!("Buy", "Milk!"), Opaque),
        ("JWT_SECRET", "prod_db_pw_2019!", Opaque),
        ("api_key", concat!("AKXQ-9QPL", "-M4T8-ZZ31"), Opaque),
        ("password", concat!("8492", "0193"), Opaque),
        ("password", concat!("xkqzvb", "nmwplt"), Opaque),
        ("password", concat!("$ecr3t", "P4ss9x"), Opaque),
        ("NEXT_PUBLIC_VELT_API_KEY", "vk7Rm2Qx9LfT4vWz", Opaque),
        ("", "b7Qp2xVn9TzK4mWc8x", Opaque),
        (
            "SECRET_KEY",
            "django-insecure-x9$k2m!v7q@w4z#p1r8t%b5n",
            Opaque,
        ),
    ]);
}

#[test]
fn what_is_fetched_at_run_time() {
    assert_classes(&[
        ("password", "${DB_PASSWORD}", Reference),
        ("password", "$DB_PASSWORD", Reference),
        ("password", "%DB_PASSWORD%", Reference),
        ("password", "$env:DB_PASSWORD", Reference),
        ("password", "$(openssl rand -hex 32)", Reference),
        ("password", "document.getElementById(", Reference),
        (
            "password",
            "document.getElementById('password1').value",
            Reference,
        ),
        ("password", "${JWT_SECRET:?set JWT_SECRET}", Reference),
        ("password", "{{ .Values.password }}", Reference),
        ("password", "{{ lookup('env', 'X') }}", Reference),
        ("password", "<%= ENV['X'] %>", Reference),
        ("token", "${{ secrets.GITHUB_TOKEN }}", Reference),
        ("password", "#{ENV[\"X\"]}", Reference),
        ("password", "process.env.DB_PASSWORD", Reference),
        ("password", "import.meta.env.VITE_X", Reference),
        ("password", "os.environ[\"X\"]", Reference),
        ("password", "os.getenv(\"X\")", Reference),
        ("password", "getPassword()", Reference),
        ("password", "self.password", Reference),
        ("password", "this.form.value.password", Reference),
        ("password", "config.db.password", Reference),
        ("password", "var.db_password", Reference),
        (
            "password",
            "data.aws_secretsmanager_secret_version.db.secret_string",
            Reference,
        ),
        ("token", "op://vault/item/field", Reference),
        ("token", "vault:secret/data/x#k", Reference),
        (
            "token",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x",
            Reference,
        ),
        (
            "token",
            "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/y)",
            Reference,
        ),
        ("token", "{{resolve:ssm-secure:x:1}}", Reference),
        ("authorization", "Bearer ${token}", Reference),
        (
            "DATABASE_URL",
            "postgres://app:${DB_PASSWORD}@db/app",
            Reference,
        ),
        (
            "DATABASE_URL",
            "postgres://${user}:${pass}@${host}/app",
            Reference,
        ),
        ("password", "req.body.password", Reference),
        ("password", "`cat /run/secrets/x`", Reference),
    ]);
}

#[test]
fn what_is_encrypted_or_hashed_or_public() {
    let sealed = format!("AgBy3i4OJSWK{}", "pQ7xT2vR9mLz".repeat(6));
    let png = format!("iVBORw0KGgo{}", "AAAANSUhEUgAAAAUA".repeat(6));
    assert_classes(&[
        (
            "password",
            "ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]",
            Encrypted,
        ),
        ("password", "ENC(xyzabc123)", Encrypted),
        ("password", "{cipher}abcdef0123456789", Encrypted),
        ("password", "$ANSIBLE_VAULT;1.1;AES256", Encrypted),
        ("jwt", &sealed, Encrypted),
        ("password", "$2b$10$N9qo8uLOickgx2ZMRZoMye", PasswordHash),
        ("password", "pbkdf2_sha256$260000$abc$def", PasswordHash),
        ("password", "{SSHA}abcdefghijklmnop", PasswordHash),
        ("key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIx", PublicKey),
        ("image", &png, Media),
        ("image", "data:image/png;base64,iVBORw0KGgo", Media),
        ("integrity", "sha512-abcdefghijklmnopqrstuvwxyz==", Hash),
        ("checksum", "9f2c7a1e4b8d3f6059c1e7a2b4d8f036", Hash),
        ("commit", "9f2c7a1e4b8d", Hash),
        ("build", "9f2c7a1e4b8d3f6059c1e7a2b4d8f0369f2c7a1e", Hash),
        ("id", "0b5c9d3e-7f2a-41b4-8c8d-5e9f0a3b6c1d", Uuid),
        (
            "api_key",
            concat!("0b5c9d3e-7f2a-41b4", "-8c8d-5e9f0a3b6c1d"),
            Uuid,
        ),
        (
            "api_key",
            "00000000-0000-0000-0000-000000000000",
            Placeholder,
        ),
        (
            "api_key",
            "12345678-1234-1234-1234-123456789abc",
            Placeholder,
        ),
        (
            "token_address",
            "0x6B175474E89094C44Da98b954EedeAC495271d0F",
            Identifier,
        ),
    ]);
}

#[test]
fn placeholders() {
    assert_classes(&[
        ("token", "<TOKEN>", Placeholder),
        ("token", "<your-key-here>", Placeholder),
        ("token", "{api_key}", Placeholder),
        ("token", "[SECRET]", Placeholder),
        ("token", "__TOKEN__", Placeholder),
        ("token", "@TOKEN@", Placeholder),
        ("token", "xxxx", Placeholder),
        ("token", "XXXXXXXXXXXX", Placeholder),
        ("token", "********", Placeholder),
        ("token", "••••••••", Placeholder),
        ("token", "...", Placeholder),
        ("token", "sk_live_...", Placeholder),
        ("token", "sk_test_xxxxxxxxxxxxxxxx", Placeholder),
        ("token", "[REDACTED]", Placeholder),
        ("token", "***REMOVED***", Placeholder),
        ("token", "1234567890abcdef", Placeholder),
        ("token", "abcdefghijklmnop", Placeholder),
        ("token", "0123456789abcdef0123456789abcdef", Placeholder),
        ("token", "a1b2c3d4e5f6a7b8c9d0", Placeholder),
        ("token", "your-api-key", Placeholder),
        ("token", "your_stripe_secret_key_here", Placeholder),
        ("token", "YOUR_API_KEY", Placeholder),
        ("JWT_SECRET", "your-256-bit-secret", Placeholder),
        (
            "VELT_AUTH_TOKEN",
            "your-auth-token-from-console",
            Placeholder,
        ),
        ("JWT_SECRET", "<run: openssl rand -hex 32>", Placeholder),
        ("token", "replace_me_with_token", Placeholder),
        ("token", "null", Placeholder),
        ("token", "string", Placeholder),
        ("token", "%s", Placeholder),
        ("token", "{0}", Placeholder),
        ("token", ":param", Placeholder),
        ("token", "test-token", Placeholder),
        ("token", "fake_token_123", Placeholder),
        ("token", "Bearer YOUR_TOKEN", Placeholder),
        ("token", "Bearer <token>", Placeholder),
        ("secret", "my-secret-key", Placeholder),
    ]);
}

#[test]
fn weak_passwords() {
    assert_classes(&[
        ("password", "password", Dictionary),
        ("password", "Passw0rd!", Dictionary),
        ("password", "P@ssw0rd123", Dictionary),
        ("password", "changeme", Dictionary),
        ("password", "changeit", Dictionary),
        ("JWT_SECRET", "secret", Dictionary),
        ("JWT_SECRET", "supersecret", Dictionary),
        ("JWT_SECRET", "changemechangemechangemechangeme", Dictionary),
        ("SESSION_SECRET", "keyboard cat", Dictionary),
        (
            "JWT_SECRET",
            "super-secret-jwt-token-with-at-least-32-characters-long",
            Dictionary,
        ),
        ("password", "admin", Dictionary),
        ("password", "admin123", Dictionary),
        ("password", "hunter2", Dictionary),
        ("password", "postgres", Dictionary),
        ("password", "root", Dictionary),
        ("password", "123456", Dictionary),
        ("password", "qwerty123", Dictionary),
        ("password", "trustno1", Dictionary),
        ("password", "1q2w3e4r", Dictionary),
        ("password", "lighthouse", Dictionary),
        ("password", "yourStrong(!)Password", Dictionary),
        ("VELT_AUTH_TOKEN", "secret", Dictionary),
        ("password", "Welcome@2023", Dictionary),
        ("password", "zaphod", Dictionary),
        ("password", "x7k9", Dictionary),
        ("auth", "elastic:changeme", Dictionary),
        (
            "DATABASE_URL",
            concat!("postgres://app:", "password@localhost/db"),
            Dictionary,
        ),
        ("JWT_SECRET", "shhhhh", Dictionary),
    ]);
}

#[test]
fn data_of_other_kinds() {
    assert_classes(&[
        ("password", "", Empty),
        ("password", "  ", Empty),
        ("password", "''", Empty),
        ("secure", "true", Boolean),
        ("ttl", "3600", Number),
        ("ttl", "-1.5e3", Number),
        ("ttl", "15m", Number),
        ("version", "v1.2.3-beta", Number),
        ("date", "2024-01-01T10:00:00Z", Number),
        ("keyFile", "/run/secrets/jwt", Path),
        ("secret", "./certs/key.pem", Path),
        ("secret", "~/.ssh/id_rsa", Path),
        ("secret", "C:\\certs\\server.pfx", Path),
        ("SECRET_ID", "prod/jwt/secrets", Path),
        ("key", "server.key", Path),
        ("tokenUrl", "https://auth.example.com/token", Url),
        ("host", "db.example.com:5432", Url),
        ("host", "localhost:8080", Url),
        ("PASSWORD_FIELD", "user_password", Identifier),
        ("password", "required|string|min:8|confirmed", Identifier),
        ("password", "SettingsController@password", Identifier),
        ("auth", "acl_a_viewlogs", Identifier),
        ("userpass", "#{@username}:#{@password}", Reference),
        ("newPassword", "' . $newpass . '", Reference),
        ("token", "accessToken", Identifier),
        ("TOKEN_KEY", "auth_token", Identifier),
        ("jwt.secret", "JWT_SECRET", Reference),
        ("secret", "JWT_SECRET", Reference),
        ("error", "INVALID_TOKEN", Identifier),
        ("header", "X-Api-Key", Identifier),
        ("token", "auth.errors.invalidToken", Identifier),
        ("password", "Password", Identifier),
        ("token", "btn btn-primary mt-4 px-2", Prose),
        ("token", "#ff00aa", Identifier),
        ("token", "^[a-z0-9]{8,}$", Identifier),
        ("token", "@scope/token-name", Identifier),
        ("passwordLabel", "Enter your new password", Prose),
        ("password", "Password must be at least 8 characters", Prose),
        ("email", "ops@example.com", Identifier),
        ("token", "IPV6_PMTUDISC_DONT", Identifier),
        ("token", "mips64r6/net.rs", Path),
        ("secret", "8C:0F:5F:60:F5:C4", Identifier),
        ("token", "(?:[0-9A-F]{2})+", Identifier),
        ("table", "\\x00\\x01\\x80\\x00", Identifier),
        ("token", "%Y-%m-%dT%H:%M:%S", Placeholder),
        ("url", "$ro_url$file", Reference),
        ("type", "application/json", Path),
    ]);
}

#[test]
fn bits_tell_people_from_machines() {
    let bits = |text: &str| value(text.as_bytes(), b"password").bits;
    for weak in [
        "mySecretKey123",
        "Rj4vTq81zWm",
        "correct-horse-battery",
        "myHardcodedSecret123",
    ] {
        assert!(bits(weak) >= 20.0, "{weak} {}", bits(weak));
    }
    for strong in [
        "Rj4vTq81zWm",
        "Vq7!rZ2mTx9#LpWd",
        "b7Qp2xVn9TzK4mWc",
        "GxV7q2LmRt9Zb4Kw8YpN",
    ] {
        assert!(bits(strong) >= 40.0, "{strong} {}", bits(strong));
    }
    assert!(bits("password") < 20.0 && bits("admin123") < 20.0);
    assert!(
        is_strong(b"Zt3Wc8Lm5Xq1Rv7Kp9Yb2Nf6Hs4Jd0Ge")
            && is_strong(b"9f2c7a1e4b8d3f6059c1e7a2b4d8f036")
    );
    assert!(
        !is_strong(b"correct horse battery staple")
            && !is_strong(b"Rj4vTq81zWm")
            && !is_strong(&[b'a'; 90])
    );
}

#[test]
fn words_of_rules_are_known() {
    for &class in ValueClass::ALL {
        assert_eq!(class.as_str().parse(), Ok(class));
    }
}

proptest::proptest! {
    #[test]
    fn no_value_is_too_odd(text in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), key in "[a-zA-Z_.]{0,20}") {
        let judged = value(&text, key.as_bytes());
        assert!(judged.bits.is_finite() && judged.bits >= 0.0);
        assert!(super::token(&text).bits.is_finite());
        is_strong(&text);
    }

    #[test]
    fn no_syntax_is_too_odd(text in "[a-zA-Z0-9${}()<>%#\"'`:/@?=.;_\\- é…-]{0,60}") {
        value(text.as_bytes(), b"password");
        super::token(text.as_bytes());
    }
}

#[test]
fn letters_that_no_word_explains_are_chosen() {
    assert_classes(&[
        ("password", concat!("xkq", "zvb"), Opaque),
        ("password", concat!("mty", "jl"), Opaque),
        ("client_secret", concat!("xkq", "zvb"), Opaque),
        ("password", "mysql", Dictionary),
        ("password", "kitten", Dictionary),
        ("access_token", "xkqzvb", Dictionary),
    ]);
}

#[test]
fn an_object_is_what_its_members_are() {
    let token = ["k3T9vQ2m", "Zx7Lb5Wn", "8Yp1Rj4v"].concat();
    let escaped = format!(r#"{{\"user\":\"app\",\"sig\":\"{token}\"}}"#);
    let plain = format!(r#"{{"user": "app", "sig": "{token}"}}"#);
    assert_classes(&[
        ("apitoken", &escaped, Opaque),
        ("apitoken", &plain, Opaque),
        ("apitoken", r#"{"user":"app","role":"reader"}"#, Prose),
        ("payload", &plain, Prose),
    ]);
}

#[test]
fn marks_around_a_name_are_a_template() {
    assert_classes(&[
        ("password", "###DB_PASSWORD###", Placeholder),
        ("password", "%%DB_PASSWORD%%", Placeholder),
        ("password", "$$db.password$$", Placeholder),
        ("api_key", concat!("kTr3Qz8[...]", "m2VxW9"), Placeholder),
        ("ADMIN_SHA256_PASSWORD", &"9f2c7a1e4b8d3f60".repeat(4), Hash),
    ]);
}
