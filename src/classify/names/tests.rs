use super::NameClass::{self, *};
use super::name;

fn class(key: &str) -> NameClass {
    name(key.as_bytes()).class
}

/// All wrong rows at once: a change of the lists shows its whole effect.
fn assert_classes(rows: &[(&str, NameClass)]) {
    let wrong: Vec<_> = rows
        .iter()
        .filter(|(key, expected)| class(key) != *expected)
        .map(|(key, expected)| format!("{key}: {} instead of {expected}", class(key)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn names_that_hold_a_secret() {
    assert_classes(&[
        ("JWT_SECRET", Secret),
        ("jwtSecret", Secret),
        ("jwt.secret", Secret),
        ("client_secret", Secret),
        ("clientSecret", Secret),
        ("SECRET_KEY", Secret),
        ("SECRET_KEY_BASE", Secret),
        ("AWS_SECRET_ACCESS_KEY", Secret),
        ("secret_access_key", Secret),
        ("encryption_key", Secret),
        ("ENCRYPTION_KEY", Secret),
        ("signingKey", Secret),
        ("Jwt.SigningKey", Secret),
        ("JWT_SIGNING_KEY", Secret),
        ("master_key", Secret),
        ("webhookSecret", Secret),
        ("app_secret", Secret),
        ("license_key", Secret),
        ("APP_KEY", Secret),
        ("secret", Secret),
        ("secretkey", Secret),
        ("SESSION_SECRET", Secret),
        ("SLACK_SIGNING_SECRET", Secret),
        ("secrets.jwt.secret", Secret),
        ("SECRET_DEV", Secret),
        ("jwtsecret", Secret),
        ("app.config[\"SECRET_KEY\"]", Secret),
        ("access_token", Token),
        ("accessToken", Token),
        ("auth_token", Token),
        ("authtoken", Token),
        ("bearer", Token),
        ("NEXT_PUBLIC_FOO_TOKEN", Token),
        ("NEXT_PUBLIC_VELT_AUTH_TOKEN", Token),
        ("x-velt-auth-token", Token),
        ("//registry.example.com/:_authToken", Token),
        ("TOKEN_GITHUB", Token),
        ("GITHUB_PAT", Token),
        ("refreshToken", Token),
        ("dbPassword", Password),
        ("dbpassword", Password),
        ("mypassword", Password),
        ("DB_PASS", Password),
        ("smtpPass", Password),
        ("pass", Password),
        ("pwd", Password),
        ("passwd1", Password),
        ("PGPASSWORD", Password),
        ("MYSQL_ROOT_PASSWORD", Password),
        ("spring.datasource.password", Password),
        ("password.value", Password),
        ("variable.master_password.default", Password),
        ("app:dbPassword", Password),
        ("password_prod", Password),
        ("PassWord", Password),
        ("user_password", Password),
        ("requirepass", Password),
        ("private_key", PrivateKey),
        ("privateKey", PrivateKey),
        ("SSH_PRIVATE_KEY", PrivateKey),
        ("apiKey", ApiKey),
        ("APIkey", ApiKey),
        ("apikey", ApiKey),
        ("x-api-key", ApiKey),
        ("API_KEY", ApiKey),
        ("accesskey", ApiKey),
        ("account_key", ApiKey),
        ("STRIPE_KEY", ApiKey),
        ("SENDGRID_KEY", ApiKey),
        ("OPENAI_KEY", ApiKey),
        ("stripe.key", ApiKey),
        ("CLIENT_API_KEY", ApiKey),
        ("apiKeyStripe", ApiKey),
        ("SUPABASE_SERVICE_ROLE_KEY", ApiKey),
        ("passphrase", Credential),
        ("twilio_auth", Credential),
        ("_auth", Credential),
        ("Authorization", Credential),
        ("DATABASE_URL", Credential),
        ("connectionString", Credential),
        ("ConnectionStrings.Default.connectionString", Credential),
        ("mnemonic", Credential),
    ]);
}

#[test]
fn names_that_hold_none() {
    assert_classes(&[
        ("monkey", Other),
        ("author", Other),
        ("keyboard", Other),
        ("keyframes", Other),
        ("tokenizer", Other),
        ("tokens", Other),
        ("passport", Other),
        ("secretary", Other),
        ("compass", Other),
        ("bypass", Other),
        ("description", Other),
        ("", Other),
        ("...", Other),
        ("maxTokens", Meta),
        ("max_new_tokens", Meta),
        ("prompt_tokens", Meta),
        ("passwordField", Meta),
        ("PASSWORD_FIELD", Meta),
        ("passwordLabel", Meta),
        ("secretName", Meta),
        ("imagePullSecrets", Meta),
        ("existingSecret", Meta),
        ("token_type", Meta),
        ("password_confirmation", Meta),
        ("secretRef", Meta),
        ("secretKeyRef", Meta),
        ("passwordFile", Meta),
        ("JWT_SECRET_FILE", Meta),
        ("API_KEY_HEADER", Meta),
        ("jwtSecretLength", Meta),
        ("TOKEN_TTL", Meta),
        ("tokenExpiresIn", Meta),
        ("password_hash", Meta),
        ("FORGOT_PASSWORD", Meta),
        ("REACT_APP_FORGOT_PASSWORD_URL", Meta),
        ("VITE_TOKEN_REFRESH_URL", Meta),
        ("NEXT_PUBLIC_TOKEN_ADDRESS", Meta),
        ("isPassword", Meta),
        ("hasToken", Meta),
        ("passwordfield", Meta),
        ("password.min", Meta),
        ("passwordPolicy", Meta),
        ("primaryKey", Identifier),
        ("foreign_key", Identifier),
        ("cacheKey", Identifier),
        ("key", Identifier),
        ("csrf_token", Identifier),
        ("authenticity_token", Identifier),
        ("checkout_token", Identifier),
        ("csrfToken", Identifier),
        ("nextPageToken", Identifier),
        ("accessKeyId", Identifier),
        ("AWS_ACCESS_KEY_ID", Identifier),
        ("client_id", Identifier),
        ("SECRET_ID", Identifier),
        ("MASTER_USERNAME", Identifier),
        ("eos_token", Identifier),
        ("public_key", PublicKey),
        ("publicKey", PublicKey),
        ("VITE_STRIPE_PUBLISHABLE_KEY", PublicKey),
        ("SUPABASE_ANON_KEY", PublicKey),
        ("siteKey", PublicKey),
    ]);
}

#[test]
fn who_chose_it_and_who_may_see_it() {
    for key in [
        "JWT_SECRET",
        "JWT_REFRESH_SECRET",
        "SESSION_SECRET",
        "ACCESS_TOKEN_SECRET",
        "SECRET_KEY_BASE",
        "NEXTAUTH_SECRET",
        "AUTH_SECRET",
        "APP_KEY",
        "jwt.secret",
        "signingKey",
        "MASTER_PASSWORD",
        "dbPassword",
    ] {
        assert!(name(key.as_bytes()).self_chosen, "{key}");
    }
    for key in [
        "VELT_AUTH_TOKEN",
        "API_KEY",
        "STRIPE_SECRET_KEY",
        "CLIENT_SECRET",
        "SLACK_SIGNING_SECRET",
        "username",
        "TWITTER_ACCESS_TOKEN_SECRET",
        "JWT_SECRET_TTL",
    ] {
        assert!(!name(key.as_bytes()).self_chosen, "{key}");
    }
    for key in [
        "NEXT_PUBLIC_VELT_API_KEY",
        "VITE_STRIPE_PUBLISHABLE_KEY",
        "VITE_MAPBOX_ACCESS_TOKEN",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "FIREBASE_API_KEY",
        "REACT_APP_GOOGLE_MAPS_API_KEY",
        "NEXT_PUBLIC_POSTHOG_KEY",
        "MIXPANEL_TOKEN",
        "DD_CLIENT_TOKEN",
    ] {
        assert!(name(key.as_bytes()).client_safe, "{key}");
    }
    for key in [
        "NEXT_PUBLIC_VELT_AUTH_TOKEN",
        "VITE_STRIPE_SECRET_KEY",
        "EXPO_PUBLIC_OPENAI_API_KEY",
        "NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY",
        "REACT_APP_JWT_SECRET",
        "PUBLIC_DB_PASSWORD",
        "NEXT_PUBLIC_CLIENT_API_KEY",
        "API_KEY",
        "VITE_SANITY_TOKEN",
    ] {
        assert!(!name(key.as_bytes()).client_safe, "{key}");
    }
}

#[test]
fn words_of_rules_are_known() {
    for &class in NameClass::ALL {
        assert_eq!(class.as_str().parse(), Ok(class));
    }
    assert!("secrets".parse::<NameClass>().is_err());
}

proptest::proptest! {
    #[test]
    fn no_name_is_too_odd(key in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        name(&key);
    }

    #[test]
    fn no_path_is_too_odd(key in "[a-zA-Z0-9_.\\-\\[\\]\"/: é]{0,80}") {
        name(key.as_bytes());
    }
}
