//! What never leaves the server, whoever imports it.
//!
//! Takes a path and its module. Says yes where a framework keeps such a file from the browser, or where it takes in what no browser has, so that a
//! build would fail if it came there.

use crate::checks::folders;
use crate::facts::Module;
use crate::facts::modules::{Part, Taken, Use};
use crate::model::RelPath;

/// Modules that no browser has, or that are there to say so.
const OF_SERVERS: &[&[u8]] = &[
    b"server-only",
    b"next/headers",
    b"next/cache",
    b"fs",
    b"fs/promises",
    b"child_process",
    b"net",
    b"tls",
    b"dns",
    b"http2",
    b"cluster",
    b"worker_threads",
    b"async_hooks",
    b"express",
    b"fastify",
    b"koa",
    b"@nestjs/core",
    b"@nestjs/common",
    b"react-dom/server",
    b"astro:env/server",
];

/// Modules that hand out variables and see to it themselves that a browser gets none of the server's.
const GUARDS: &[&[u8]] = &[
    b"@t3-oss/env-nextjs",
    b"@t3-oss/env-core",
    b"@t3-oss/env-nuxt",
];

/// Functions whose calls are taken out of what the browser gets, with all that stands in them.
const TAKEN_OUT: &[&[u8]] = &[
    b"createServerFn",
    b"createServerOnlyFn",
    b"serverOnly",
    b"server$",
    b"createServerData$",
    b"createServerAction$",
    b"query$",
];

/// Whether a statement is taken out of what the browser gets, by what it mentions.
pub(super) fn is_taken_out(module: &Module, part: &Part) -> bool {
    part.uses.iter().any(|used| match used {
        Use::Link(link, name) => {
            let taken = module
                .links
                .get(*link)
                .and_then(|link| link.names.get(*name));
            matches!(taken, Some(Taken::Name(span)) if TAKEN_OUT.contains(&module.word(*span)))
        }
        Use::Part(_) => false,
    })
}

/// Folders whose scripts a framework or a host runs on a server.
const FOLDERS: &[&[u8]] = &[b"server", b".server", b"server-only"];

/// Whether the script at `path` runs on a server alone.
pub fn is_server(path: &RelPath, module: &Module) -> bool {
    module.server
        || is_server_path(path.as_bytes())
        || module.imported().any(|name| {
            name.starts_with(b"node:") || OF_SERVERS.contains(&name) || GUARDS.contains(&name)
        })
}

fn is_server_path(path: &[u8]) -> bool {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let mut parts = name.split(|&b| b == b'.');
    let stem = parts.next().unwrap_or_default();
    let marked = parts.any(|part| part == b"server" || part == b"config");
    let folders: Vec<&[u8]> = folders::folder(path).split(|&b| b == b'/').collect();
    let below = |a: &[u8], b: &[u8]| {
        let from = folders.iter().position(|f| *f == a);
        from.is_some_and(|from| folders[from + 1..].contains(&b))
    };
    marked
        || matches!(
            stem,
            b"+server" | b"route" | b"middleware" | b"instrumentation" | b"_document"
        )
        || folders.iter().any(|folder| FOLDERS.contains(folder))
        || below(b"app", b"api")
        || below(b"pages", b"api")
        || below(b"netlify", b"functions")
        || below(b"supabase", b"functions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::module;

    fn is(path: &str, text: &str) -> bool {
        let path = path.into();
        is_server(&path, &module(&path, text.as_bytes()).expect("a script"))
    }

    #[test]
    fn frameworks_keep_some_files_to_themselves() {
        for path in [
            "app/api/t/route.ts",
            "apps/web/app/api/lib.ts",
            "src/pages/api/a.ts",
            "middleware.ts",
            "src/routes/+page.server.ts",
            "src/routes/+server.js",
            "src/hooks.server.ts",
            "lib/db.server.ts",
            "server/a.ts",
            "packages/lib/server-only/a.ts",
            "vite.config.ts",
            "pages/_document.tsx",
        ] {
            assert!(is(path, ""), "{path}");
        }
        for path in [
            "lib/api/a.ts",
            "app/page.tsx",
            "lib/server.ts",
            "components/config.ts",
            "lib/serverless/a.ts",
        ] {
            assert!(!is(path, ""), "{path}");
        }
    }

    #[test]
    fn what_no_browser_has_is_taken_in_on_a_server() {
        for text in [
            "import \"server-only\";",
            "'use server'",
            "import { readFile } from 'node:fs/promises'",
            "const fs = require('fs')",
        ] {
            assert!(is("lib/a.ts", text), "{text}");
        }
        for text in [
            "import type { Stats } from 'fs'",
            "import x from './fs'",
            "import crypto from 'crypto'",
        ] {
            assert!(!is("lib/a.ts", text), "{text}");
        }
    }
}
