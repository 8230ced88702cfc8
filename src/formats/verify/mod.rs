//! What a token's own structure says about it, without asking anybody.
//!
//! Takes the bytes of one token, as a rule matched them, and the name of the structure the rule expects; gives a
//! [`Verdict`] and the readable facts the token carries (account, role, expiry). It never calls a service, never
//! says whether a credential is still live, and never drops a finding: a wrong checksum is as often an edited
//! fixture as a chance hit, so what to make of a verdict is the caller's business.
//!
//! Input is hostile by default: anything longer than 16 KiB is left alone, every access is checked, and facts are
//! stripped of control characters and cut short before they leave this room.

mod aws;
mod bech32;
mod crc;
#[cfg(test)]
mod fuzz;
mod gitlab;
mod json;
pub mod jwt;
mod macaroon;
mod marvin;
mod nkey;
mod pem;
mod pgp;
mod sha;
mod text;

/// Bytes of the longest token looked at: an RSA key of 16384 bits, the longest credential met, takes 13 KiB.
const LONGEST: usize = 16 * 1024;

/// What a token's own structure says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The checksum is right, or the content decodes to what it must be: no chance hit.
    Valid,
    /// The layout is there, but checksum or content is wrong: edited, truncated, made up, or a chance hit.
    Invalid,
    /// Nothing to be said: another layout, no redundancy to check, or a check too weakly sourced to fail on.
    Unknown,
}

/// A verdict, and the facts read on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What the structure says.
    pub verdict: Verdict,
    /// Decoded facts for the report, by name: `("account", "123456789012")`, `("expires", "2033-11-12")`. Printable,
    /// at most 80 characters each, and never a part that is secret.
    pub details: Vec<(&'static str, String)>,
}

impl Evidence {
    /// A verdict with no facts.
    fn of(verdict: Verdict) -> Self {
        Evidence {
            verdict,
            details: Vec::new(),
        }
    }

    /// The same with one more fact, if there is one.
    fn with(mut self, name: &'static str, value: Option<String>) -> Self {
        if let Some(value) = value {
            self.details.push((name, value));
        }
        self
    }

    /// The fact of that name, if the token carries it.
    pub fn detail(&self, name: &str) -> Option<&str> {
        self.details
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The structures that can be checked offline, as rules name them in `verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verifier {
    /// CRC-32 of the body in base62: GitHub's classic tokens (vendor engineering blog, 2021) and npm's.
    Crc32Base62,
    /// SHA-256 at a fixed place: GitHub's fine-grained tokens (measured).
    GithubFineGrained,
    /// CRC-32 in base36 and routing ids: GitLab's routable tokens (vendor source).
    GitlabRoutable,
    /// CRC-32 in upper-case hex: Atlassian and Bitbucket Cloud (measured).
    Atlassian,
    /// CRC-32 in hex, least byte first: Grafana service accounts (vendor source).
    GrafanaServiceAccount,
    /// JSON in base64: Grafana Cloud access policies and Grafana's older API keys.
    GrafanaCloud,
    /// CRC-32 in hex: Cloudflare's prefixes of 2026 (vendor changelog; the covered range is a rule set's).
    Cloudflare,
    /// CRC-32 in base62: Vercel's prefixes of 2026 (measured).
    Vercel,
    /// CRC-32 in base62 with small letters first: Apify (measured).
    Apify,
    /// CRC-32 in base62: Salad Cloud (measured).
    Salad,
    /// CRC-32 in base62: Polar (vendor source).
    Polar,
    /// CRC-32 in hex: Zuplo (measured).
    Zuplo,
    /// Marvin32 with a seed per service: Azure keys with a signature (microsoft/security-utilities).
    AzureHis,
    /// Marvin32 and the month of issue: Azure's and Azure DevOps's 84-character keys (microsoft/security-utilities).
    AzureAnnotated,
    /// bech32: age identities and recipients (age specification, BIP 173).
    Age,
    /// CRC-16: NATS seeds (nats-io/nkeys).
    Nkey,
    /// Two JSON objects and a signature (RFC 7519, RFC 7518).
    Jwt,
    /// A binary macaroon, version 2: PyPI (libmacaroons format document).
    Pypi,
    /// The account number inside an AWS access key id (measured by third parties).
    AwsAccessKeyId,
    /// JSON in base64: Sentry organization tokens (vendor source).
    Sentry,
    /// JSON in base64: Mapbox access tokens (vendor documentation).
    Mapbox,
    /// A PEM block with a key in it (RFC 7468, RFC 1421, OpenSSH's PROTOCOL.key, RFC 4880).
    Pem,
}

impl Verifier {
    /// Every verifier, in the order of `rules/README.md`.
    pub const ALL: [Verifier; 22] = [
        Verifier::Crc32Base62,
        Verifier::GithubFineGrained,
        Verifier::GitlabRoutable,
        Verifier::Atlassian,
        Verifier::GrafanaServiceAccount,
        Verifier::GrafanaCloud,
        Verifier::Cloudflare,
        Verifier::Vercel,
        Verifier::Apify,
        Verifier::Salad,
        Verifier::Polar,
        Verifier::Zuplo,
        Verifier::AzureHis,
        Verifier::AzureAnnotated,
        Verifier::Age,
        Verifier::Nkey,
        Verifier::Jwt,
        Verifier::Pypi,
        Verifier::AwsAccessKeyId,
        Verifier::Sentry,
        Verifier::Mapbox,
        Verifier::Pem,
    ];

    /// The name a rule's `verify` has for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verifier::Crc32Base62 => "crc32-base62",
            Verifier::GithubFineGrained => "github-fine-grained",
            Verifier::GitlabRoutable => "gitlab-routable",
            Verifier::Atlassian => "atlassian",
            Verifier::GrafanaServiceAccount => "grafana-service-account",
            Verifier::GrafanaCloud => "grafana-cloud",
            Verifier::Cloudflare => "cloudflare",
            Verifier::Vercel => "vercel",
            Verifier::Apify => "apify",
            Verifier::Salad => "salad",
            Verifier::Polar => "polar",
            Verifier::Zuplo => "zuplo",
            Verifier::AzureHis => "azure-his",
            Verifier::AzureAnnotated => "azure-annotated",
            Verifier::Age => "age",
            Verifier::Nkey => "nkey",
            Verifier::Jwt => "jwt",
            Verifier::Pypi => "pypi",
            Verifier::AwsAccessKeyId => "aws-access-key-id",
            Verifier::Sentry => "sentry",
            Verifier::Mapbox => "mapbox",
            Verifier::Pem => "pem",
        }
    }

    /// The verifier of that name; none if there is no such name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verifier| verifier.as_str() == name)
    }

    /// What the structure of `token` says about it. Any bytes will do; tokens above 16 KiB are `Unknown`.
    pub fn verify(self, token: &[u8]) -> Evidence {
        if token.len() > LONGEST {
            return Evidence::of(Verdict::Unknown);
        }
        match self {
            Verifier::Crc32Base62 => crc::github(token),
            Verifier::GithubFineGrained => sha::github_fine_grained(token),
            Verifier::GitlabRoutable => gitlab::routable(token),
            Verifier::Atlassian => crc::atlassian(token),
            Verifier::GrafanaServiceAccount => crc::grafana(token),
            Verifier::GrafanaCloud => json::grafana_cloud(token),
            Verifier::Cloudflare => crc::cloudflare(token),
            Verifier::Vercel => crc::vercel(token),
            Verifier::Apify => crc::apify(token),
            Verifier::Salad => crc::salad(token),
            Verifier::Polar => crc::polar(token),
            Verifier::Zuplo => crc::zuplo(token),
            Verifier::AzureHis => marvin::his(token),
            Verifier::AzureAnnotated => marvin::annotated(token),
            Verifier::Age => bech32::age(token),
            Verifier::Nkey => nkey::seed(token),
            Verifier::Jwt => jwt::jwt(token),
            Verifier::Pypi => macaroon::pypi(token),
            Verifier::AwsAccessKeyId => aws::access_key_id(token),
            Verifier::Sentry => json::sentry(token),
            Verifier::Mapbox => json::mapbox(token),
            Verifier::Pem => pem::block(token),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Verdict, Verifier};

    #[test]
    fn names_are_those_of_the_readme() {
        let readme = include_str!("../../../rules/README.md");
        let list = readme
            .split_once("Names:")
            .and_then(|(_, rest)| rest.split_once("\n\n"))
            .map_or("", |(list, _)| list);
        let mut documented: Vec<_> = list.split('`').skip(1).step_by(2).collect();
        documented.retain(|name| name.len() > 1);
        let mut known: Vec<_> = Verifier::ALL.iter().map(|v| v.as_str()).collect();
        documented.sort_unstable();
        known.sort_unstable();
        assert_eq!(documented, known);
    }

    #[test]
    fn names_parse_back() {
        for verifier in Verifier::ALL {
            assert_eq!(Verifier::parse(verifier.as_str()), Some(verifier));
        }
        assert_eq!(Verifier::parse("crc33"), None);
    }

    #[test]
    fn long_and_empty_tokens_are_not_judged_valid() {
        for verifier in Verifier::ALL {
            let long = vec![b'A'; LONGEST + 1];
            assert_eq!(verifier.verify(&long).verdict, Verdict::Unknown);
            assert_ne!(verifier.verify(b"").verdict, Verdict::Valid);
        }
    }
}
