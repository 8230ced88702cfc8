//! Which files are private keys: by what was found in them, or by the name that OpenSSH gives them.

use super::File;
use crate::model::{RelPath, Severity};

/// The checks of private keys in `rules/generic/private-keys.toml`; a test holds that they are there.
const CHECKS: &[&str] = &[
    "pem-private-key",
    "openssh-private-key",
    "pgp-private-key",
    "putty-private-key",
    "wireguard-private-key",
    "base64-pem-private-key",
    "jwk-private-key",
];

/// Whether a private key was found in it.
pub(super) fn is_found(file: &File) -> bool {
    found(file).next().is_some()
}

/// Whether all the private keys in it need a pass phrase: their rule gives them less weight.
pub(super) fn is_locked(file: &File) -> bool {
    is_found(file) && found(file).all(|severity| severity <= Severity::Medium)
}

fn found(file: &File) -> impl Iterator<Item = Severity> + '_ {
    let keys = file
        .found
        .iter()
        .filter(|(id, _)| CHECKS.contains(&id.as_str()));
    keys.map(|(_, severity)| *severity)
}

/// Whether the name is that of a key which OpenSSH makes.
pub(super) fn is_named(path: &RelPath) -> bool {
    const NAMES: &[&[u8]] = &[
        b"id_rsa",
        b"id_dsa",
        b"id_ecdsa",
        b"id_ed25519",
        b"id_ecdsa_sk",
        b"id_ed25519_sk",
    ];
    NAMES.contains(&path.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checks_of_private_keys_exist() {
        let rules = include_str!("../../rules/generic/private-keys.toml");
        for id in CHECKS {
            assert!(rules.contains(&format!("\nid = \"{id}\"\n")), "{id}");
        }
    }
}
