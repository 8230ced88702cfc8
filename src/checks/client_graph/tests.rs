//! Small trees, and one that is a ring.

use super::*;
use crate::checks::File;
use crate::checks::tests::{file, governing, tree};
use crate::facts;
use crate::model::Standing;

/// A file of a project, with what would be kept of it.
pub(super) fn kept(path: &str, text: &str) -> File {
    let module = facts::module(&path.into(), text.as_bytes());
    match module {
        Some(module) => File {
            module: Some(module),
            ..file(path, Standing::Tracked)
        },
        None => governing(path, text),
    }
}

/// Whether the read of a secret in each of these files is reached, and by which way: `lib/a.ts` holds the word `SECRET`.
fn ways(files: &[(&str, &str)]) -> Vec<String> {
    let tree = tree(files.iter().map(|(path, text)| kept(path, text)));
    let walk = Walk::of(&tree);
    let mut found = Vec::new();
    for (path, text) in files {
        let Some(at) = text.find("SECRET") else {
            continue;
        };
        let i = tree
            .files
            .iter()
            .position(|f| f.path.as_bytes() == path.as_bytes())
            .expect("it is there");
        let module = tree.files[i].module.as_ref().expect("a script");
        let part = module.part_at(at).expect("a statement");
        if let Some(reached) = walk.reached(i, part) {
            let way = walk.way(reached.trail, MOST_STEPS);
            let sure = if reached.sure { "" } else { "?" };
            found.push(format!("{}{sure}", told(&tree, &way, i)));
        }
    }
    found
}

const SECRET: &str = "export const token = process.env.SECRET;\nexport const name = 'x';\n";

#[test]
fn a_name_is_followed_to_the_statement_that_reads() {
    for (client, way) in [
        (
            "import { token } from './a';\nuse(token);",
            Some("c.ts -> a.ts"),
        ),
        (
            "import { token as t, name } from './a.js';\nuse(t);",
            Some("c.ts -> a.ts"),
        ),
        ("export { token } from './a';", Some("c.ts -> a.ts")),
        ("export * from './a';", None),
        ("import { name } from './a';\nuse(name);", None),
        ("import { token } from './a';", Some("c.ts -> a.ts")),
        ("import type { token } from './a';\nuse(token);", None),
        ("import './a';", None),
        ("import * as a from './a';\nuse(a);", Some("c.ts -> a.ts?")),
        ("use(() => import('./a'));", Some("c.ts -> a.ts?")),
        (
            "const { token } = require('./a');\nuse(token);",
            Some("c.ts -> a.ts"),
        ),
        ("import { token } from 'a';\nuse(token);", None),
    ] {
        let client = format!("'use client';\n{client}");
        let found = ways(&[("c.ts", &client), ("a.ts", SECRET)]);
        let wanted: Vec<String> = way.into_iter().map(str::to_owned).collect();
        assert_eq!(found, wanted, "{client}");
    }
}

#[test]
fn what_is_run_with_a_module_comes_with_it() {
    let module = "export const name = 'x';\nstart(process.env.SECRET);\n";
    let client = "'use client';\nimport { name } from './a';\nuse(name);";
    assert_eq!(
        ways(&[("c.ts", client), ("a.ts", module)]),
        ["c.ts -> a.ts"]
    );
    let client = "'use client';\nimport './a';";
    assert_eq!(
        ways(&[("c.ts", client), ("a.ts", module)]),
        ["c.ts -> a.ts"]
    );
}

#[test]
fn the_way_through_statements_counts_and_the_shortest_is_told() {
    let files = [
        (
            "app/page.tsx",
            "'use client';\nimport { Token } from '../ui';\nimport { far } from '../lib/far';\nexport default () => <Token x={far}/>;",
        ),
        (
            "ui/index.ts",
            "export * from './token';\nexport * from './other';",
        ),
        (
            "ui/token.tsx",
            "import { token } from '../lib/a';\nexport const Token = () => <p>{token}</p>;",
        ),
        ("ui/other.tsx", "export const Other = () => null;"),
        (
            "lib/far.ts",
            "import { nearer } from './nearer';\nexport const far = nearer;",
        ),
        (
            "lib/nearer.ts",
            "import { again } from './again';\nexport const nearer = again;",
        ),
        (
            "lib/again.ts",
            "import { token } from './a';\nexport const again = token;",
        ),
        ("lib/a.ts", SECRET),
    ];
    assert_eq!(
        ways(&files),
        ["app/page.tsx -> ui/index.ts -> ui/token.tsx -> lib/a.ts"]
    );
    // The component takes another name of the same file.
    let mut apart = files;
    apart[2].1 = "import { token, name } from '../lib/a';\nexport const Token = () => <p>{name}</p>;\nexport const Mine = () => token;";
    apart[6].1 = "export const again = 1;";
    assert_eq!(ways(&apart), [""; 0]);
}

#[test]
fn what_stays_on_the_server_stops_the_way() {
    for (path, text) in [
        (
            "a.ts",
            "import 'server-only';\nexport const token = process.env.SECRET;",
        ),
        (
            "a.ts",
            "'use server';\nexport async function token() { return process.env.SECRET; }",
        ),
        (
            "a.ts",
            "import fs from 'node:fs';\nexport const token = process.env.SECRET + fs;",
        ),
        (
            "a.ts",
            "import { createServerFn } from '@tanstack/react-start';\nexport const token = createServerFn(() => process.env.SECRET);",
        ),
        (
            "a.ts",
            "import { createEnv } from '@t3-oss/env-nextjs';\nexport const token = createEnv({ x: process.env.SECRET });",
        ),
        ("a.server.ts", SECRET),
        ("app/api/t/route.ts", SECRET),
        ("pages/api/t.ts", SECRET),
    ] {
        let stem = path.strip_suffix(".ts").expect("a script");
        let client = format!("'use client';\nimport {{ token }} from './{stem}';\nuse(token);");
        assert_eq!(
            ways(&[("c.ts", &client), (path, text)]),
            [""; 0],
            "{path} {text}"
        );
    }
}

#[test]
fn frameworks_say_where_client_code_begins() {
    let import = "import { token } from './a';\nuse(token);\n";
    let mount = format!("import {{ createRoot }} from 'react-dom/client';\n{import}");
    let vue = format!("<script setup>\n{import}</script>\n<template><p/></template>");
    let astro = "---\nimport { token } from './a';\n---\n<p>{token}</p>";
    let island = "---\nimport Chat from './chat';\n---\n<Chat client:visible/>";
    let script = format!("<p/>\n<script>\n{import}</script>");
    let page = "import { token } from './a';\nexport const getServerSideProps = () => token;\nexport default function Page() { return null }\n";
    let leaky = "import { token } from './a';\nexport default function Page() { return token }\n";
    let next = "{\"dependencies\":{\"next\":\"15\"}}";
    let remix = "{\"dependencies\":{\"@react-router/dev\":\"7\"}}";
    let cra = "{\"dependencies\":{\"react-scripts\":\"5\"}}";
    let vite = "{\"dependencies\":{\"react\":\"19\"},\"devDependencies\":{\"vite\":\"7\"}}";
    let ssr = "{\"dependencies\":{\"react\":\"19\",\"express\":\"5\"},\"devDependencies\":{\"vite\":\"7\"}}";
    let html = "<script type=\"module\" src=\"/src/main.ts\"></script>";
    let a = ("src/a.ts", SECRET);
    let reached: &[&[(&str, &str)]] = &[
        &[("src/main.tsx", &mount), a],
        &[("src/c.client.ts", import), a],
        &[("src/App.vue", &vue), a],
        &[("src/App.svelte", &vue), a],
        &[("src/+page.ts", import), a],
        &[("src/index.astro", &script), a],
        &[
            ("src/index.astro", island),
            (
                "src/chat.tsx",
                &format!("{import}export default () => token;"),
            ),
            a,
        ],
        &[("index.html", html), ("src/main.ts", import), a],
        &[("package.json", cra), ("src/index.js", import), a],
        &[("package.json", vite), ("src/App.tsx", import), a],
        &[
            ("package.json", next),
            ("src/pages/x.tsx", &leaky.replace("./a", "../a")),
            a,
        ],
        &[
            ("package.json", remix),
            ("app/routes/x.tsx", &leaky.replace("./a", "../../src/a")),
            a,
        ],
    ];
    for files in reached {
        assert_eq!(ways(files).len(), 1, "{files:?}");
    }
    let apart: &[&[(&str, &str)]] = &[
        &[("src/main.ts", import), a],
        &[("src/index.astro", astro), a],
        &[("package.json", next), ("src/index.js", import), a],
        &[("package.json", ssr), ("src/App.tsx", import), a],
        &[
            ("package.json", next),
            ("src/pages/x.tsx", &page.replace("./a", "../a")),
            a,
        ],
        &[
            ("package.json", remix),
            (
                "app/routes/x.tsx",
                &page
                    .replace("./a", "../../src/a")
                    .replace("getServerSideProps", "loader"),
            ),
            a,
        ],
    ];
    for files in apart {
        assert_eq!(ways(files), [""; 0], "{files:?}");
    }
}

/// Where `name` leads from `app/web/c.ts`.
fn leads(name: &str, others: &[(&str, &str)]) -> Vec<String> {
    let client = format!("'use client';\nimport {{ token }} from '{name}';\nuse(token);");
    let mut files = vec![("app/web/c.ts", &client[..])];
    files.extend_from_slice(others);
    let ways = ways(&files);
    ways.into_iter()
        .map(|way| way.rsplit(" -> ").next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn names_lead_to_files() {
    let config = "{ // the usual\n \"extends\": [\"tsconfig/react-library.json\", \"../../base.json\"],\n \"compilerOptions\": { \"paths\": { \"@ui/*\": [\"./ui/*\", \"../ui/src/*\"], \"one\": [\"../one.ts\"] , }, /* x */ } }";
    let base = "{\"compilerOptions\":{\"baseUrl\":\"./lib\",\"paths\":{\"never\":[\"x\"]}}}";
    let package = "{\"name\":\"@acme/kit\",\"exports\":{\".\":{\"types\":\"./dist/index.d.ts\",\"import\":\"./dist/index.js\"},\"./deep/*\":\"./src/inner/*.ts\"}}";
    let plain = "{\"name\":\"plain\",\"main\":\"./lib/main.js\"}";
    for (name, at) in [
        ("./a", "app/web/a.ts"),
        ("./a.js", "app/web/a.ts"),
        ("./a.jsx", "app/web/a.tsx"),
        ("../b", "app/b/index.tsx"),
        (".", "app/web/index.ts"),
        ("../../x.vue", "x.vue"),
        ("./a.ts?worker", "app/web/a.ts"),
        ("@ui/token", "app/ui/src/token.ts"),
        ("one", "app/one.ts"),
        ("shared/a", "lib/shared/a.ts"),
        ("@/lib/a", "app/web/src/lib/a.ts"),
        ("~/a", "app/web/app/a.ts"),
        ("$lib/a", "app/web/src/lib/a.ts"),
        ("@acme/kit", "packages/kit/src/index.ts"),
        ("@acme/kit/deep/a", "packages/kit/src/inner/a.ts"),
        ("plain", "packages/plain/lib/main.js"),
        ("plain/other", "packages/plain/src/other.ts"),
    ] {
        let others = [
            ("app/web/tsconfig.json", config),
            ("base.json", base),
            ("tsconfig.json", base),
            ("app/web/package.json", "{}"),
            ("packages/kit/package.json", package),
            ("packages/plain/package.json", plain),
            (at, SECRET),
        ];
        assert_eq!(leads(name, &others), [at], "{name}");
    }
    for name in [
        "a",
        "@ui/x",
        "../../../x",
        "@acme/kit/src/none",
        "never",
        "@acme",
        "",
        "/app/web/a",
        "https://a.example/a.js",
    ] {
        let others = [
            ("app/web/tsconfig.json", config),
            ("packages/kit/package.json", package),
            ("app/web/a.ts", SECRET),
        ];
        assert_eq!(leads(name, &others), [""; 0], "{name}");
    }
}

#[test]
fn configurations_may_extend_themselves() {
    let ring = "{\"extends\":\"./tsconfig.json\"}";
    let fan = format!(
        "{{\"extends\":[{}\"./tsconfig.json\"]}}",
        "\"./tsconfig.json\",".repeat(7)
    );
    assert_eq!(
        leads(
            "./a",
            &[("app/web/tsconfig.json", &fan), ("app/web/a.ts", SECRET)]
        ),
        ["app/web/a.ts"]
    );
    assert_eq!(
        leads(
            "./a",
            &[("app/web/tsconfig.json", ring), ("app/web/a.ts", SECRET)]
        ),
        ["app/web/a.ts"]
    );
    assert_eq!(
        leads(
            "./a",
            &[
                ("app/web/tsconfig.json", "no json"),
                ("app/web/a.ts", SECRET)
            ]
        ),
        ["app/web/a.ts"]
    );
}

#[test]
fn a_ring_of_ten_thousand_files_is_walked_once() {
    const MANY: usize = 10_000;
    let text = |i: usize| {
        let next = (i + 1) % MANY;
        format!(
            "import {{ f{next} }} from './m{next}';\nexport * from './m{next}';\nexport const f{i} = () => f{next}();\n"
        )
    };
    let mut files: Vec<(String, String)> =
        (0..MANY).map(|i| (format!("m{i}.ts"), text(i))).collect();
    files[0].1.insert_str(0, "'use client';\n");
    files[MANY - 1]
        .1
        .push_str("export const last = process.env.SECRET;\nstart(last);\n");
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&a[..], &b[..])).collect();
    let start = std::time::Instant::now();
    let way = ways(&files).concat();
    assert!(
        way.starts_with("m0.ts -> (9990 more) -> m9991.ts -> m9992.ts -> "),
        "{way}"
    );
    assert!(way.ends_with(" -> m9998.ts -> m9999.ts"), "{way}");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

/// Prints what the walk of a tree comes to: `KEYWARD_TREE=… cargo test --lib client_graph -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
#[allow(clippy::print_stdout, reason = "it is its purpose")]
fn a_whole_tree() {
    let root = std::env::var("KEYWARD_TREE").expect("KEYWARD_TREE");
    let mut files = Vec::new();
    for entry in ignore::Walk::new(&root).flatten() {
        let Ok(path) = entry.path().strip_prefix(&root) else {
            continue;
        };
        let path = path.to_string_lossy().into_owned();
        let name = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .as_bytes()
            .to_vec();
        let is_wanted = name == b"package.json"
            || is_compiler_config(&name)
            || facts::module(&path[..].into(), b"").is_some();
        if entry.path().is_file() && is_wanted {
            let text = std::fs::read(entry.path()).expect("a file");
            files.push(kept(&path, &String::from_utf8_lossy(&text)));
        }
    }
    files.retain(|file| !file.contexts.has(crate::model::Context::Test));
    let tree = tree(files);
    let scripts = tree.files.iter().filter(|f| f.module.is_some()).count();
    let start = std::time::Instant::now();
    let walk = Walk::of(&tree);
    println!(
        "{scripts} scripts: {:?} in {:?}",
        walk.counts,
        start.elapsed()
    );
    println!("{}", walk.told_unresolved());
}
