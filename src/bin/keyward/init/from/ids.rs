//! Which of keyward's checks a rule of another scanner is: those alone that are certain.

use keyward::rules::Ruleset;

/// Rules of gitleaks that are called otherwise here.
const GITLEAKS: &[(&str, &[&str])] = &[
    ("anthropic-admin-api-key", &["anthropic-admin-key"]),
    (
        "aws-access-token",
        &["aws-access-key-id", "aws-sts-access-key-id"],
    ),
    ("databricks-api-token", &["databricks-pat"]),
    ("digitalocean-access-token", &["digitalocean-oauth-token"]),
    ("easypost-api-token", &["easypost-api-key"]),
    (
        "github-app-token",
        &["github-app-installation-token", "github-app-user-token"],
    ),
    ("github-fine-grained-pat", &["github-pat-fine-grained"]),
    ("github-oauth", &["github-oauth-token"]),
    ("github-pat", &["github-pat-classic"]),
    ("gitlab-ptt", &["gitlab-trigger-token"]),
    ("gitlab-rrt", &["gitlab-runner-registration-token"]),
    ("grafana-api-key", &["grafana-api-key-legacy"]),
    ("grafana-cloud-api-token", &["grafana-cloud-token"]),
    ("hashicorp-tf-api-token", &["terraform-cloud-token"]),
    ("huggingface-access-token", &["huggingface-user-token"]),
    (
        "huggingface-organization-api-token",
        &["huggingface-org-token"],
    ),
    ("jwt", &["jwt-committed"]),
    ("mailgun-private-api-token", &["mailgun-api-key"]),
    ("notion-api-token", &["notion-token"]),
    (
        "openai-api-key",
        &[
            "openai-project-key",
            "openai-svcacct-key",
            "openai-user-key-legacy",
        ],
    ),
    ("planetscale-api-token", &["planetscale-service-token"]),
    ("postman-api-token", &["postman-api-key"]),
    ("private-key", &["openssh-private-key", "pem-private-key"]),
    ("pulumi-api-token", &["pulumi-access-token"]),
    ("pypi-upload-token", &["pypi-api-token"]),
    ("rubygems-api-token", &["rubygems-api-key"]),
    ("sendgrid-api-token", &["sendgrid-api-key"]),
    ("shopify-custom-access-token", &["shopify-custom-app-token"]),
    (
        "shopify-private-app-access-token",
        &["shopify-private-app-password"],
    ),
    (
        "stripe-access-token",
        &[
            "stripe-restricted-key-live",
            "stripe-secret-key-live",
            "stripe-secret-key-test",
        ],
    ),
    ("telegram-bot-api-token", &["telegram-bot-token"]),
    ("twilio-api-key", &["twilio-api-key-sid"]),
];

/// Rules of secretlint, by the end of their names, and the checks that they are. One that ends in `*` is every check that begins so.
const SECRETLINT: &[(&str, &[&str])] = &[
    ("1password", &["onepassword-*"]),
    ("anthropic", &["anthropic-*"]),
    ("basicauth", &["basic-auth-in-url"]),
    ("github", &["github-*"]),
    ("gitlab", &["gitlab-*"]),
    ("linear", &["linear-api-key"]),
    ("npm", &["npm-access-token"]),
    ("openai", &["openai-*"]),
    ("privatekey", &["openssh-private-key", "pem-private-key"]),
    ("sendgrid", &["sendgrid-api-key"]),
    ("shopify", &["shopify-*"]),
    ("slack", &["slack-*"]),
];

/// The checks that a rule of gitleaks is.
pub fn of_gitleaks(rules: &Ruleset, id: &str) -> Vec<String> {
    if rules.check(id).is_some() {
        return vec![id.to_owned()];
    }
    let known = GITLEAKS.iter().find(|(name, _)| *name == id);
    known.map_or_else(Vec::new, |(_, ids)| {
        ids.iter().map(|id| (*id).to_owned()).collect()
    })
}

/// The checks that a rule of secretlint is, `@secretlint/secretlint-rule-slack`.
pub fn of_secretlint(rules: &Ruleset, id: &str) -> Vec<String> {
    let name = id.rsplit("secretlint-rule-").next().unwrap_or(id);
    let Some((_, ids)) = SECRETLINT.iter().find(|(known, _)| *known == name) else {
        return Vec::new();
    };
    let checks = || rules.checks().iter().map(|check| check.id.clone());
    let mut all: Vec<String> = ids
        .iter()
        .flat_map(|id| match id.strip_suffix('*') {
            Some(start) => checks().filter(|id| id.starts_with(start)).collect(),
            None => vec![(*id).to_owned()],
        })
        .collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_that_is_named_exists() {
        let rules = Ruleset::builtin().expect("built-in rules");
        for (name, ids) in GITLEAKS {
            assert!(rules.check(name).is_none(), "{name} is called so here too");
            for id in *ids {
                assert!(rules.check(id).is_some_and(|check| check.id == *id), "{id}");
            }
        }
        for (name, _) in SECRETLINT {
            let ids = of_secretlint(&rules, &format!("@secretlint/secretlint-rule-{name}"));
            assert!(!ids.is_empty(), "{name}");
            for id in ids {
                assert!(rules.check(&id).is_some(), "{id}");
            }
        }
        assert_eq!(of_gitleaks(&rules, "generic-api-key"), Vec::<String>::new());
        assert_eq!(of_gitleaks(&rules, "slack-bot-token"), ["slack-bot-token"]);
    }
}
