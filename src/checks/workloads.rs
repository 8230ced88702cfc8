//! What runs in a cluster, and which keys of its secrets it is given: read from manifests of Kubernetes as they are written, templates too.

use super::File;
use crate::classify::kinds::Kind;
use crate::facts::{self, Format};

/// Kinds of objects that run programs and answer others.
const KINDS: &[&str] = &["DaemonSet", "Deployment", "Rollout", "StatefulSet"];

/// An object that runs a program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Workload {
    /// Its name.
    pub name: String,
    /// The images of its containers, in the order of the file.
    pub images: Vec<String>,
    /// The keys of secrets that it is given, with the variable, and the line that names the key.
    pub given: Vec<Given>,
}

/// A variable that gets its value from a secret of the cluster.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// The variable.
    pub variable: String,
    /// The secret and the key in it: `jwt/secret`.
    pub key: String,
    /// The line, from 1.
    pub line: usize,
}

/// The workloads of the manifests in `file`, if its text was kept.
pub(super) fn workloads(file: &File) -> Vec<Workload> {
    let text = match &file.text {
        Some(text) if file.kind == Some(Kind::Kubernetes) => text.expose(),
        _ => return Vec::new(),
    };
    let facts = facts::read(Format::Yaml, text);
    let mut all: Vec<Workload> = Vec::new();
    let mut runs = false;
    let (mut variable, mut secret, mut key) = (String::new(), String::new(), String::new());
    for pair in &facts.pairs {
        let path = facts.dotted(pair, text);
        let value = || String::from_utf8_lossy(pair.value(text)).into_owned();
        if path == b"kind" {
            runs = KINDS.contains(&&*value());
            if runs {
                all.push(Workload::default());
            }
        }
        let Some(workload) = all.last_mut().filter(|_| runs) else {
            continue;
        };
        if path == b"metadata.name" {
            workload.name = value();
        } else if path.ends_with(b"containers.image") {
            workload.images.push(value());
        } else if path.ends_with(b".env.name") {
            (variable, secret, key) = (value(), String::new(), String::new());
        } else if path.ends_with(b".secretKeyRef.name") {
            secret = value();
        } else if path.ends_with(b".secretKeyRef.key") {
            key = value();
        }
        if !secret.is_empty() && !key.is_empty() {
            let before = &text[..pair.key.start];
            workload.given.push(Given {
                variable: variable.clone(),
                key: format!("{secret}/{key}"),
                line: 1 + memchr::memchr_iter(b'\n', before).count(),
            });
            (secret, key) = (String::new(), String::new());
        }
    }
    all
}

/// Whether the text of a manifest says which key of a secret a program verifies tokens with.
pub fn gives_keys(text: &[u8]) -> bool {
    let holds = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    holds(b"secretKeyRef") && (holds(b"jwt") || holds(b"JWT") || holds(b"Jwt"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::governing;
    use super::*;

    #[test]
    fn a_manifest_tells_what_is_given() {
        let text = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
        - name: api
          image: shop/api:1
          env:
            - name: PORT
              value: \"80\"
            - name: JWT_SECRET
              valueFrom:
                secretKeyRef:
                  name: jwt
                  key: secret
---
apiVersion: v1
kind: Service
metadata:
  name: api
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ws }
spec:
  template:
    spec:
      containers:
        - image: shop/ws
          env:
            - { name: KEY, valueFrom: { secretKeyRef: { key: secret, name: jwt } } }
";
        let file = File {
            kind: Some(Kind::Kubernetes),
            ..governing("k8s/all.yaml", text)
        };
        let given = |variable: &str, line| Given {
            variable: variable.to_owned(),
            key: "jwt/secret".to_owned(),
            line,
        };
        let wanted = [
            ("api", "shop/api:1", given("JWT_SECRET", 18)),
            ("ws", "shop/ws", given("KEY", 34)),
        ];
        let wanted = wanted.map(|(name, image, given)| Workload {
            name: name.to_owned(),
            images: vec![image.to_owned()],
            given: vec![given],
        });
        assert_eq!(workloads(&file), wanted);
        assert!(gives_keys(text.as_bytes()) && !gives_keys(b"secretKeyRef: { name: db }"));
    }
}
