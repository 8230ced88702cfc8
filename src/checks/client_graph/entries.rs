//! Where client code begins: what frameworks and pages have the browser load.
//!
//! Takes a script of the tree, says what of it is shipped whoever imports it. Each says so by itself (a directive, its name, a mount) or is said
//! to be by a page, or lies where the framework of its package looks: what is only likely is none.

use super::resolve::Packages;
use crate::checks::{File, folders};
use crate::classify::contexts;
use crate::facts::Module;
use crate::facts::modules::{By, Taken, Use};

/// What of a script is shipped.
pub(super) enum Entry {
    /// All of it.
    Whole,
    /// What it exports by one of these names; the rest is taken off.
    Exports(&'static [&'static [u8]]),
    /// What it has the browser load.
    Loads(Vec<Use>),
}

/// Modules that put a program into a page; with each what does so, or nothing where all of it does.
const MOUNTS: &[(&[u8], &[&[u8]])] = &[
    (b"react-dom/client", &[]),
    (
        b"react-dom",
        &[
            b"default",
            b"render",
            b"hydrate",
            b"createRoot",
            b"hydrateRoot",
        ],
    ),
    (b"vue", &[b"createApp", b"createSSRApp"]),
    (b"svelte", &[b"mount", b"hydrate"]),
    (b"preact", &[b"render", b"hydrate"]),
    (b"solid-js/web", &[b"render", b"hydrate"]),
    (b"@angular/platform-browser", &[b"bootstrapApplication"]),
    (b"@angular/platform-browser-dynamic", &[]),
    (b"@remix-run/react", &[b"RemixBrowser"]),
    (b"react-router/dom", &[b"HydratedRouter"]),
];

/// What builds programs for the browser.
const BUNDLERS: &[&str] = &[
    "react-scripts",
    "vite",
    "parcel",
    "@vue/cli-service",
    "@rsbuild/core",
    "@craco/craco",
    "react-app-rewired",
];
/// What draws pages, there and elsewhere.
const DRAWING: &[&str] = &["react", "preact", "solid-js"];
/// What draws pages on a server, or answers there: with one of these a component may be that server's.
const SERVERS: &[&str] = &[
    "next",
    "gatsby",
    "astro",
    "@astrojs/react",
    "@remix-run/react",
    "@remix-run/node",
    "@react-router/dev",
    "@react-router/node",
    "@tanstack/react-start",
    "@tanstack/solid-start",
    "@solidjs/start",
    "solid-start",
    "@redwoodjs/core",
    "@redwoodjs/web",
    "rwsdk",
    "vike",
    "waku",
    "express",
    "fastify",
    "koa",
    "hono",
    "h3",
    "@nestjs/core",
    "@hapi/hapi",
    "ink",
    "@react-email/components",
    "@react-email/render",
    "react-email",
    "@react-pdf/renderer",
    "remotion",
    "electron",
];

/// A route of Remix and React Router: loaders and actions are taken off.
const ROUTE: &[&[u8]] = &[
    b"default",
    b"clientLoader",
    b"clientAction",
    b"ErrorBoundary",
    b"HydrateFallback",
    b"Layout",
    b"meta",
    b"links",
];

/// What of `file`, whose module is `module`, is shipped whoever imports it.
pub(super) fn entry(file: &File, module: &Module, packages: &Packages) -> Option<Entry> {
    if module.client
        || contexts::is_client_name(file.path.name())
        || is_component(file.path.name())
        || mounts(module)
    {
        return Some(Entry::Whole);
    }
    if !module.loads.is_empty() {
        return Some(Entry::Loads(module.loads.clone()));
    }
    let path = file.path.as_bytes();
    let (package, dependencies) = packages.around(folders::folder(path))?;
    let below = folders::below(path, package)?;
    let below = below.strip_prefix(b"src/").unwrap_or(below);
    let depends = |name: &str| dependencies.iter().any(|d| d == name);
    let depends_on_any = |names: &[&str]| names.iter().any(|name| depends(name));
    let stem = memchr::memchr(b'.', below).map_or(below, |dot| &below[..dot]);
    if depends("react-scripts") && stem == b"index" {
        return Some(Entry::Whole);
    }
    let markup = path.ends_with(b".jsx") || path.ends_with(b".tsx");
    if markup && depends_on_any(BUNDLERS) && depends_on_any(DRAWING) && !depends_on_any(SERVERS) {
        return Some(Entry::Whole);
    }
    if (depends("next") || depends("gatsby")) && below.starts_with(b"pages/") {
        return Some(Entry::Exports(&[b"default"]));
    }
    let routes = ["@remix-run/react", "@remix-run/dev", "@react-router/dev"];
    if routes.into_iter().any(depends) {
        let below = below.strip_prefix(b"app/").unwrap_or(below);
        let is_route = below.starts_with(b"routes/") || below.starts_with(b"root.");
        return is_route.then_some(Entry::Exports(ROUTE));
    }
    None
}

/// Components of Vue and Svelte, and what SvelteKit runs on both sides.
fn is_component(name: &[u8]) -> bool {
    let universal = [&b"+page."[..], b"+layout.", b"hooks.client."];
    name.ends_with(b".vue")
        || name.ends_with(b".svelte")
        || universal.iter().any(|start| name.starts_with(start)) && !name.ends_with(b".json")
}

fn mounts(module: &Module) -> bool {
    module.links.iter().any(|link| {
        let name = module.word(link.module);
        let mount = MOUNTS.iter().find(|(of, _)| *of == name);
        mount.is_some_and(|(_, which)| {
            which.is_empty()
                || link.names.iter().any(|taken| match taken {
                    Taken::Name(span) => which.contains(&module.word(*span)),
                    Taken::Default => which.contains(&&b"default"[..]),
                    Taken::All => link.by == By::Import && which.contains(&&b"default"[..]),
                })
        })
    })
}
