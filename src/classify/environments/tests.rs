use super::*;
use Environment::*;

fn of(path: &str) -> Option<Environment> {
    environment(&RelPath::from(path))
}

fn assert_all(expected: Option<Environment>, paths: &[&str]) {
    let wrong: Vec<_> = paths
        .iter()
        .filter(|path| of(path) != expected)
        .map(|path| format!("{path}: {:?}", of(path)))
        .collect();
    assert!(wrong.is_empty(), "not {expected:?}: {wrong:#?}");
}

#[test]
fn paths_name_their_environment() {
    assert_all(
        Some(Production),
        &[
            ".env.production",
            ".env.production.local",
            ".env.prod",
            "apps/web/.env.live",
            "env.production",
            "prod.env",
            "config/production.json",
            "config/prod.yml",
            "config/environments/production.rb",
            "appsettings.Production.json",
            "values-prod.yaml",
            "charts/api/values.prod.yaml",
            "values-prod-eu.yaml",
            "overlays/prod/secret.yaml",
            "k8s/overlays/production/patches/env.yaml",
            "envs/prod/main.tfvars",
            "environments/prod/terraform.tfvars",
            "envs/prod.tfvars",
            "prod.tfvars",
            "prod.auto.tfvars",
            "application-prod.properties",
            "src/main/resources/application-production.yml",
            "docker-compose.prod.yml",
            "docker-compose-prod.yml",
            "src/environments/environment.prod.ts",
            "deploy/production/.env",
            "deploy/production/.env.local",
            "database.production.json",
            "group_vars/production.yml",
            "secrets.prod.yaml",
            ".dev.vars.production",
        ],
    );
    assert_all(
        Some(Staging),
        &[
            ".env.staging",
            ".env.stage.local",
            "config/stg.json",
            "config/staging.json",
            "values-staging.yaml",
            "appsettings.Staging.json",
            "overlays/pre-prod/secret.yaml",
            "values-nonprod.yaml",
            "qa.tfvars",
            ".env.preview",
            "uat.env",
        ],
    );
    assert_all(
        Some(Development),
        &[
            ".env",
            "web/.env",
            ".env.local",
            ".env.development",
            ".env.development.local",
            ".env.dev",
            ".dev.vars",
            ".envrc",
            ".env.bak",
            "config/development.yml",
            "appsettings.Development.json",
            "application-dev.yml",
            "application-local.properties",
            "docker-compose.dev.yml",
            "dev.tfvars",
            "envs/dev/terraform.tfvars",
        ],
    );
    assert_all(
        Some(Test),
        &[
            ".env.test",
            ".env.test.local",
            ".env.ci",
            "config/test.json",
            "application-test.yml",
            "docker-compose.e2e.yml",
        ],
    );
}

#[test]
fn teams_name_environments_of_their_own() {
    assert_all(
        Some(Other("acme".to_owned())),
        &[
            ".env.acme",
            "overlays/acme/secret.yaml",
            "envs/acme.tfvars",
            "values-acme.yaml",
            "appsettings.Acme.json",
            ".env.acme.local",
        ],
    );
}

#[test]
fn most_files_are_of_no_environment() {
    assert_all(
        None,
        &[
            "",
            "/",
            ".env.example",
            ".env.production.example",
            ".env.sample",
            ".env.template",
            ".env.dist",
            ".env.vault",
            ".env.schema",
            ".env.d.ts",
            "web.env",
            "config/routes.json",
            "config/default.json",
            "values.yaml",
            "values.schema.json",
            "appsettings.json",
            "application.yml",
            "docker-compose.yml",
            "docker-compose.override.yml",
            "terraform.tfvars",
            "overlays/base/secret.yaml",
            "environments/variables.tf",
            "src/live.js",
            "src/production.rs",
            "login.test.json",
            "test/fixtures/a.json",
            "dev/tool.json",
            "package.json",
        ],
    );
}

proptest::proptest! {
    #[test]
    fn no_path_is_too_odd(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200), text in "[.a-zA-Z/_-]{0,40}") {
        environment(&RelPath::new(bytes));
        of(&text);
        of(&format!(".env.{text}"));
    }
}
