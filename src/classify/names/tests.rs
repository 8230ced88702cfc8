use super::NameClass::{self, *};
use super::{name, with_prefix};

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
        ("message-birdToken", Token),
        ("azure_devops_pat", Token),
        ("coinlayer_key", ApiKey),
        ("bitBarKey", ApiKey),
        ("herokukey", ApiKey),
        ("azurestorageaccountkey", ApiKey),
        ("HEX_KEY", Secret),
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
        ("DIRNAMEPWD", Other),
        ("path_pwd", Other),
        ("message_token_count", Meta),
        ("set_bird_key", Meta),
        ("regex_pat", Meta),
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

/// All wrong rows at once.
fn assert_all(what: &str, expected: bool, is: fn(&str) -> bool, keys: &[&str]) {
    let wrong: Vec<_> = keys.iter().filter(|key| is(key) != expected).collect();
    assert!(wrong.is_empty(), "{what} is not {expected}: {wrong:#?}");
}

#[test]
fn keys_that_sign() {
    let signs = |key: &str| name(key.as_bytes()).signing;
    assert_all(
        "signing",
        true,
        signs,
        &[
            "JWT_SECRET",
            "jwtSecret",
            "jwtsecret",
            "JWT_SECRET_KEY",
            "JWT_REFRESH_SECRET",
            "JWT_ACCESS_TOKEN_SECRET",
            "JWT_ORDERS_SECRET",
            "ORDERS_JWT_SECRET",
            "ORDERS_SESSION_SECRET",
            "APP_JWT_SECRET_KEY",
            "JWT_KEY",
            "JWT_SIGNING_KEY",
            "JWT_SECRET_BASE64",
            "JWT_SECRET_PROD",
            "ACCESS_TOKEN_SECRET",
            "REFRESH_TOKEN_SECRET",
            "TOKEN_SECRET",
            "SESSION_SECRET",
            "sessionSecret",
            "COOKIE_SECRET",
            "COOKIE_SIGNING_KEY",
            "NEXTAUTH_SECRET",
            "AUTH_SECRET",
            "BETTER_AUTH_SECRET",
            "SECRET_KEY",
            "DJANGO_SECRET_KEY",
            "FLASK_SECRET_KEY",
            "app.config[\"SECRET_KEY\"]",
            "settings.SECRET_KEY",
            "SECRET_KEY_BASE",
            "production.secret_key_base",
            "APP_KEY",
            "jwt.secret",
            "app.jwt.secret",
            "jwt.signingKey",
            "Jwt.SigningKey",
            "Jwt:Key",
            "signingKey",
            "session.secret",
            "nextauth.secret",
            "REACT_APP_JWT_SECRET",
        ],
    );
    assert_all(
        "signing",
        false,
        signs,
        &[
            "X_AUTH_TOKEN",
            "VELT_AUTH_TOKEN",
            "API_KEY",
            "STRIPE_SECRET_KEY",
            "stripe.secretKey",
            "AWS_SECRET_ACCESS_KEY",
            "aws.secret_key",
            "payment.secretKey",
            "CLIENT_SECRET",
            "OAUTH_CLIENT_SECRET",
            "WEBHOOK_SECRET",
            "webhook.signingKey",
            "PAYSTACK_API_SECRET",
            "ACME_API_SECRET",
            "TWITTER_ACCESS_TOKEN_SECRET",
            "SLACK_SIGNING_SECRET",
            "AUTH0_SECRET",
            "ENCRYPTION_KEY",
            "JWT_ENCRYPTION_KEY",
            "COOKIE_ENCRYPTION_KEY",
            "JWT_CLIENT_SECRET",
            "JWT_WEBHOOK_SECRET",
            "ACME_TOKEN_SECRET",
            "JWT_PRIVATE_KEY",
            "JWT_PUBLIC_KEY",
            "JWT_SECRET_TTL",
            "JWT_SECRET_NAME",
            "JWT_SECRET_FILE",
            "JWT_SECRET_LENGTH",
            "JWT_TOKEN",
            "JWT_EXPIRES_IN",
            "SESSION_ID",
            "SESSION_NAME",
            "DB_PASSWORD",
            "MASTER_KEY",
            "SECRET",
            "secret",
            "key",
            "",
        ],
    );
}

#[test]
fn names_that_no_bundle_may_hold() {
    let never = |key: &str| name(key.as_bytes()).is_never_public();
    assert_all(
        "never public",
        true,
        never,
        &[
            "NEXT_PUBLIC_VELT_AUTH_TOKEN",
            "VITE_STRIPE_SECRET_KEY",
            "VITE_STRIPE_API_KEY",
            "REACT_APP_JWT_SECRET",
            "NEXT_PUBLIC_SUPABASE_SERVICE_ROLE_KEY",
            "EXPO_PUBLIC_OPENAI_API_KEY",
            "NUXT_PUBLIC_GEMINI_API_KEY",
            "NUXT_PUBLIC_GOOGLE_AI_API_KEY",
            "GATSBY_NOTION_TOKEN",
            "GATSBY_AIRTABLE_API_KEY",
            "VUE_APP_SENDGRID_API_KEY",
            "STORYBOOK_GITHUB_TOKEN",
            "NG_APP_ENCRYPTION_KEY",
            "NG_APP_SIGNING_KEY",
            "BUN_PUBLIC_CLIENT_SECRET",
            "SNOWPACK_PUBLIC_WEBHOOK_SECRET",
            "RAZZLE_SESSION_SECRET",
            "PLASMO_PUBLIC_REFRESH_TOKEN",
            "WXT_ACCESS_TOKEN",
            "MIX_DB_PASSWORD",
            "MIX_PUSHER_APP_SECRET",
            "PUBLIC_ENV__API_SECRET",
            "REDWOOD_ENV_PRIVATE_KEY",
            "PUBLIC_DB_PASSWORD",
            "PUBLIC_DATABASE_URL",
            "NEXT_PUBLIC_CONNECTION_STRING",
            "NEXT_PUBLIC_CREDENTIALS",
            "NEXT_PUBLIC_CLIENT_API_KEY",
            "NEXT_PUBLIC_MASTER_KEY",
            "NEXT_PUBLIC_MASTER_API_KEY",
            "NEXT_PUBLIC_MASTER_PASSWORD",
            "NEXT_PUBLIC_ADMIN_KEY",
            "VITE_ACCESS_KEY",
            "VITE_SANITY_TOKEN",
            "VITE_SECRET",
            "VITE_SMTP_PASS",
        ],
    );
    assert_all(
        "never public",
        false,
        never,
        &[
            // Without a prefix nobody publishes it.
            "JWT_SECRET",
            "AUTH_SECRET",
            "VELT_AUTH_TOKEN",
            "vitePassword",
            "publicToken",
            // Made to be published.
            "NEXT_PUBLIC_VELT_API_KEY",
            "VITE_ACME_API_KEY",
            "VITE_VELT_CLIENT_API_KEY",
            "VITE_STRIPE_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_SUPABASE_ANON_KEY",
            "PUBLIC_KEY",
            "NEXT_PUBLIC_VAPID_PUBLIC_KEY",
            "NEXT_PUBLIC_RECAPTCHA_SITE_KEY",
            "NEXT_PUBLIC_GOOGLE_CLIENT_ID",
            "NEXT_PUBLIC_FIREBASE_API_KEY",
            "NEXT_PUBLIC_FIREBASE_APP_ID",
            "NEXT_PUBLIC_FIREBASE_PROJECT_ID",
            "NEXT_PUBLIC_SENTRY_DSN",
            "NEXT_PUBLIC_SEGMENT_WRITE_KEY",
            "NEXT_PUBLIC_ALGOLIA_SEARCH_KEY",
            "REACT_APP_GOOGLE_MAPS_API_KEY",
            "NEXT_PUBLIC_POSTHOG_KEY",
            "VITE_MIXPANEL_TOKEN",
            "VITE_AMPLITUDE_API_KEY",
            "VITE_ROLLBAR_CLIENT_TOKEN",
            "VITE_DATADOG_CLIENT_TOKEN",
            "VITE_CLOUDFLARE_ANALYTICS_TOKEN",
            "VITE_MAPBOX_ACCESS_TOKEN",
            "VITE_CESIUM_ION_TOKEN",
            "VITE_SHOPIFY_STOREFRONT_ACCESS_TOKEN",
            // About a secret, or a question.
            "NEXT_PUBLIC_TOKEN_ADDRESS",
            "VITE_TOKEN_SYMBOL",
            "VITE_TOKEN_REFRESH_URL",
            "REACT_APP_FORGOT_PASSWORD_URL",
            "REACT_APP_FORGOT_PASSWORD",
            "VITE_SHOW_PASSWORD",
            "VITE_ENABLE_TOKEN",
            "VITE_RESET_PASSWORD",
            "VITE_RESET_TOKEN",
            "VITE_PASSWORD_MIN",
            "VITE_PASSWORD_POLICY",
            "VITE_AUTH_TOKEN_HEADER",
            "VITE_SESSION_COOKIE",
            "VITE_JWT_SECRET_NAME",
            "VITE_ACCESS_TOKEN_TTL",
            "NEXT_PUBLIC_MASTER_USERNAME",
            "NEXT_PUBLIC_APP_NAME",
            "NEXT_PUBLIC_",
            "VITE_KEY",
        ],
    );
}

#[test]
fn a_prefix_publishes_and_a_project_may_have_its_own() {
    let public = |key: &str| name(key.as_bytes()).public;
    assert_all(
        "public",
        true,
        public,
        &[
            "NEXT_PUBLIC_X",
            "VITE_API_KEY",
            "PUBLIC_API_KEY",
            "import.meta.env.VITE_A",
            "env.PUBLIC_A.value",
        ],
    );
    assert_all(
        "public",
        false,
        public,
        &[
            "PUBLIC_KEY",
            "PUBLIC_TOKEN",
            "publicKey",
            "PUBLICITY",
            "INVITE_SECRET",
            "X_VITE_KEY",
            "VITE_",
            "vite_secret",
        ],
    );

    let own: &[&[u8]] = &[b"ACME_", b"", b"ACME_WEB_"];
    let judged = with_prefix(b"ACME_WEB_JWT_SECRET", own);
    assert!(judged.public && judged.is_never_public() && judged.signing);
    assert_eq!(judged, with_prefix(b"env.ACME_JWT_SECRET", own));
    assert!(!with_prefix(b"ACME_API_KEY", own).is_never_public());
    for key in ["JWT_SECRET", "ACME_", "acme_JWT_SECRET", "VITE_JWT_SECRET"] {
        assert_eq!(
            with_prefix(key.as_bytes(), own),
            name(key.as_bytes()),
            "{key}"
        );
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
        with_prefix(&key, &[&key[..key.len() / 2]]);
    }

    #[test]
    fn no_path_is_too_odd(key in "[a-zA-Z0-9_.\\-\\[\\]\"/: é]{0,80}") {
        name(key.as_bytes());
    }
}
