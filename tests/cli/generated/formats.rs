//! The formats that the generated tree is made of.

use super::format::{Format, Literal, Style};
use super::made::{Fault, Twin};

const SOPS: &str = "ENC[AES256_GCM,data:#,iv:#,tag:#,type:str]";
const ALL: &[Twin] = &[
    Twin::Reference,
    Twin::Placeholder,
    Twin::Encrypted,
    Twin::Meta,
    Twin::PublicKey,
    Twin::Publishable,
    Twin::Empty,
];
/// Where nothing is encrypted in place.
const PLAIN: &[Twin] = &[
    Twin::Reference,
    Twin::Placeholder,
    Twin::Meta,
    Twin::PublicKey,
    Twin::Publishable,
    Twin::Empty,
];
const RANDOM: &[Fault] = &[Fault::Random];
const PUBLIC: &[Fault] = &[Fault::Random, Fault::Public];
const FALLBACK: &[Fault] = &[Fault::Random, Fault::Fallback];

const BASE: Format = Format {
    name: "",
    paths: &[],
    style: Style::Snake,
    head: "",
    entry: "",
    literal: Literal::Quoted,
    between: "\n",
    tail: "\n",
    filler: None,
    reference: "${#}",
    encrypted: SOPS,
    faults: RANDOM,
    twins: ALL,
};

pub const FORMATS: &[Format] = &[
    Format {
        name: "dotenv",
        paths: &["@/.env", "@/.env.production", "@/.env.local", "@/app.env"],
        style: Style::Upper,
        entry: "#k=#v",
        literal: Literal::Bare,
        encrypted: "encrypted:#",
        faults: &[
            Fault::Random,
            Fault::Public,
            Fault::WeakJwt,
            Fault::Fallback,
        ],
        ..BASE
    },
    Format {
        name: "dotenv, quoted",
        paths: &["@/.env.staging", "@/.dev.vars", "@/.env.development"],
        style: Style::Upper,
        head: "# Settings of this service\n\n",
        entry: "export #k=#v",
        encrypted: "encrypted:#",
        faults: &[Fault::Random, Fault::Public, Fault::WeakJwt],
        ..BASE
    },
    Format {
        name: "yaml",
        paths: &["@/config/settings.yml", "@/config.yaml"],
        head: "production:\n",
        entry: "  #k: #v",
        ..BASE
    },
    Format {
        name: "spring yaml",
        paths: &["@/src/main/resources/application.yml"],
        style: Style::Kebab,
        head: "spring:\n  application:\n    name: shop\nshop:\n",
        entry: "  #k: #v",
        literal: Literal::Bare,
        encrypted: "'{cipher}#'",
        faults: FALLBACK,
        ..BASE
    },
    Format {
        name: "compose map",
        paths: &["@/docker-compose.yml", "@/compose.yaml"],
        style: Style::Upper,
        head: "services:\n  web:\n    image: registry.example.com/web:1.4\n    environment:\n",
        entry: "      #k: #v",
        reference: "${#:?set #}",
        faults: &[Fault::Random, Fault::Public, Fault::Fallback],
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "compose list",
        paths: &["@/docker-compose.prod.yml", "@/compose.yml"],
        style: Style::Upper,
        head: "services:\n  worker:\n    build: .\n    environment:\n",
        entry: "      - #k=#v",
        literal: Literal::Bare,
        tail: "\n    restart: always\n",
        faults: &[Fault::Random, Fault::Fallback, Fault::Public],
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "k8s secret",
        paths: &["@/k8s/secret.yaml"],
        style: Style::Kebab,
        head: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ntype: Opaque\ndata:\n",
        entry: "  #k: #v",
        literal: Literal::Base64,
        twins: &[Twin::Placeholder, Twin::Meta, Twin::PublicKey, Twin::Empty],
        ..BASE
    },
    Format {
        name: "k8s stringData",
        paths: &["@/deploy/secret.yml"],
        style: Style::Upper,
        head: "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\nstringData:\n",
        entry: "  #k: #v",
        ..BASE
    },
    Format {
        name: "k8s env",
        paths: &["@/k8s/deployment.yaml"],
        style: Style::Upper,
        head: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          env:\n",
        entry: "            - name: #k\n              value: #v",
        reference: "$(#)",
        faults: PUBLIC,
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "helm values",
        paths: &["charts/@/values.yaml", "charts/@/values-prod.yaml"],
        style: Style::Camel,
        head: "replicaCount: 2\nauth:\n",
        entry: "  #k: #v",
        literal: Literal::Bare,
        reference: "'{{ .Values.global.# }}'",
        ..BASE
    },
    Format {
        name: "GitHub workflow",
        paths: &[".github/workflows/@.yml"],
        style: Style::Upper,
        head: "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make deploy\n        env:\n",
        entry: "          #k: #v",
        reference: "${{ secrets.# }}",
        faults: PUBLIC,
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "GitLab CI",
        paths: &["@/.gitlab-ci.yml"],
        style: Style::Upper,
        head: "stages: [build]\nvariables:\n",
        entry: "  #k: #v",
        reference: "$#",
        tail: "\nbuild:\n  stage: build\n  script: [make]\n",
        faults: PUBLIC,
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "CircleCI",
        paths: &["@/.circleci/config.yml"],
        style: Style::Upper,
        head: "version: 2.1\njobs:\n  build:\n    docker: [{ image: 'cimg/node:22.1' }]\n    environment:\n",
        entry: "      #k: #v",
        reference: "<< parameters.# >>",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "appsettings",
        paths: &["@/appsettings.json", "@/appsettings.Production.json"],
        style: Style::Pascal,
        head: "{\n  \"Logging\": { \"LogLevel\": { \"Default\": \"Warning\" } },\n  \"Shop\": {\n",
        entry: "    \"#k\": #v",
        between: ",\n",
        tail: "\n  }\n}\n",
        reference: "\"#{#}#\"",
        ..BASE
    },
    Format {
        name: "json",
        paths: &["@/config/production.json", "@/config.json"],
        style: Style::Camel,
        head: "{\n",
        entry: "  \"#k\": #v",
        between: ",\n",
        tail: "\n}\n",
        reference: "\"${#}\"",
        ..BASE
    },
    Format {
        name: "jsonc",
        paths: &["@/settings.jsonc"],
        style: Style::Snake,
        head: "{\n  // what the service needs\n",
        entry: "  \"#k\": #v",
        between: ", // see above\n",
        tail: ",\n}\n",
        reference: "\"${env:#}\"",
        ..BASE
    },
    Format {
        name: "toml",
        paths: &["@/config.toml", "@/settings.toml"],
        head: "[service]\n",
        entry: "#k = #v",
        reference: "\"${#}\"",
        ..BASE
    },
    Format {
        name: "ini",
        paths: &["@/app.ini", "@/service.conf"],
        head: "; the service\n[service]\n",
        entry: "#k = #v",
        literal: Literal::Bare,
        reference: "%(#_)s",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "properties",
        paths: &["@/application.properties", "@/gradle.properties"],
        style: Style::Dots,
        head: "# service\n",
        entry: "#k=#v",
        literal: Literal::Bare,
        encrypted: "ENC(#)",
        faults: FALLBACK,
        ..BASE
    },
    Format {
        name: "npmrc",
        paths: &["@/.npmrc"],
        head: "save-exact=true\n",
        entry: "//registry.example.com/:_authToken=#v",
        literal: Literal::Bare,
        filler: Some(&[
            "fund=false",
            "audit=false",
            "engine-strict=true",
            "@shop:registry=https://registry.example.com/",
        ]),
        twins: &[Twin::Reference, Twin::Placeholder],
        ..BASE
    },
    Format {
        name: "netrc",
        paths: &["@/.netrc"],
        entry: "machine api.example.com login deploy password #v",
        literal: Literal::Bare,
        filler: Some(&["# hosts", "machine mirror.example.com", "  login anonymous"]),
        twins: &[Twin::Reference, Twin::Placeholder],
        ..BASE
    },
    Format {
        name: "tfvars",
        paths: &["@/prod.tfvars", "@/terraform.tfvars"],
        entry: "#k = #v",
        twins: &[
            Twin::Placeholder,
            Twin::Meta,
            Twin::PublicKey,
            Twin::Publishable,
            Twin::Empty,
        ],
        ..BASE
    },
    Format {
        name: "terraform",
        paths: &["@/main.tf"],
        head: "resource \"acme_service\" \"shop\" {\n  name = \"shop\"\n",
        entry: "  #k = #v",
        tail: "\n}\n",
        reference: "var.#_",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "web.config",
        paths: &["@/web.config", "@/App.config"],
        style: Style::Pascal,
        head: "<?xml version=\"1.0\"?>\n<configuration>\n  <appSettings>\n",
        entry: "    <add key=\"#k\" value=#v />",
        tail: "\n  </appSettings>\n</configuration>\n",
        reference: "\"#{#}#\"",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "xml",
        paths: &["@/config.xml", "@/service.config"],
        style: Style::Camel,
        head: "<service>\n",
        entry: "  <#k>#v</#k>",
        literal: Literal::Bare,
        tail: "\n</service>\n",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "plist",
        paths: &["@/Info.plist", "@/Config.plist"],
        style: Style::Pascal,
        head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n<dict>\n",
        entry: "  <key>#k</key>\n  <string>#v</string>",
        literal: Literal::Bare,
        tail: "\n</dict>\n</plist>\n",
        reference: "$(#)",
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "Dockerfile",
        paths: &["@/Dockerfile"],
        style: Style::Upper,
        head: "FROM node:22-slim\nWORKDIR /srv\n",
        entry: "ENV #k=#v",
        literal: Literal::Bare,
        tail: "\nCMD [\"node\", \"server.js\"]\n",
        faults: PUBLIC,
        twins: &[
            Twin::Placeholder,
            Twin::Meta,
            Twin::PublicKey,
            Twin::Publishable,
            Twin::Empty,
        ],
        ..BASE
    },
    Format {
        name: "shell",
        paths: &["@/deploy.sh", "@/bin/start.sh"],
        style: Style::Upper,
        head: "#!/bin/sh\nset -eu\n",
        entry: "export #k=#v",
        reference: "\"$(cat /run/secrets/#_)\"",
        tail: "\nexec ./serve\n",
        faults: &[Fault::Random, Fault::Fallback, Fault::Public],
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "package.json",
        paths: &["@/package.json"],
        style: Style::Upper,
        head: "{\n  \"name\": \"shop\",\n  \"private\": true,\n  \"scripts\": {\n",
        entry: "    \"start\": \"#k=#v node server.js\"",
        literal: Literal::Bare,
        between: ",\n",
        tail: "\n  }\n}\n",
        filler: Some(&[
            "    \"build\": \"NODE_ENV=production tsc -p .\"",
            "    \"lint\": \"eslint .\"",
            "    \"dev\": \"PORT=3000 tsx watch src\"",
        ]),
        reference: "$#",
        faults: PUBLIC,
        twins: &[
            Twin::Reference,
            Twin::Placeholder,
            Twin::Meta,
            Twin::PublicKey,
            Twin::Publishable,
        ],
        ..BASE
    },
    Format {
        name: "vercel.json",
        paths: &["@/vercel.json"],
        style: Style::Upper,
        head: "{\n  \"version\": 2,\n  \"env\": {\n",
        entry: "    \"#k\": #v",
        between: ",\n",
        tail: "\n  }\n}\n",
        reference: "\"@#_\"",
        faults: PUBLIC,
        twins: PLAIN,
        ..BASE
    },
    Format {
        name: "netlify.toml",
        paths: &["@/netlify.toml"],
        style: Style::Upper,
        head: "[build]\ncommand = \"make site\"\n\n[build.environment]\n",
        entry: "#k = #v",
        faults: PUBLIC,
        twins: &[
            Twin::Placeholder,
            Twin::Meta,
            Twin::PublicKey,
            Twin::Publishable,
            Twin::Empty,
        ],
        ..BASE
    },
];
