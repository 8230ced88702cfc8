//! One file: its shape in TOML, and what it must not say.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::civil::Date;
#[cfg(test)]
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::fault::Text;
use super::globs::Base;
#[cfg(test)]
use super::schema;
use super::{Accept, Allow, At, Config, Globs, OwnRules, Owner, RuleSource, Said, Switch};
use super::{discover, fingerprint, nearest};
use crate::model::{Check, Confidence, Pack, Result, Rule, Severity};

type Words = Vec<Spanned<String>>;

/// keyward.toml: what is scanned, what counts and what is accepted, for the folder that it stands in and all below.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(rename = "keyward.toml"))]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What is scanned, and how it is reported.
    #[serde(default)]
    scan: Scan,
    /// Single checks, by their ids (`keyward rules list`), that are off or weigh otherwise.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, CheckTable>"))]
    checks: BTreeMap<Spanned<String>, Spanned<CheckTable>>,
    /// Findings that are accepted, each with the reason.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<AllowTable>"))]
    allow: Vec<Spanned<AllowTable>>,
    /// Checks of one's own: rules/README.md tells how they are written.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Check>"))]
    check: Vec<Spanned<Check>>,
    /// Rules of one's own, for checks of one's own or for built-in ones.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<Rule>"))]
    rule: Vec<Spanned<Rule>>,
}

/// What is scanned, and how it is reported.
#[derive(Default, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Scan {
    /// Globs of files and folders that are not read, relative to this file.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    exclude: Words,
    /// Gaps that do not make a scan incomplete: `shallow`, `partial`, or `path:GLOB` for files that cannot be read.
    #[cfg_attr(
        test,
        schemars(
            with = "Vec<String>",
            inner(regex(pattern = "^(shallow|partial|path:.+)$"))
        )
    )]
    accept: Words,
    /// The severity from which the exit code is 1; medium where nothing is said.
    #[cfg_attr(test, schemars(with = "Option<Severity>"))]
    fail_on: Option<Spanned<String>>,
    /// The least confidence that is reported; medium where nothing is said.
    #[cfg_attr(test, schemars(with = "Option<Confidence>"))]
    confidence: Option<Spanned<String>>,
    /// The baseline's file, relative to this file; `.keyward-baseline` in the root where nothing is said.
    #[cfg_attr(test, schemars(with = "Option<String>", length(min = 1)))]
    baseline: Option<Spanned<String>>,
    /// Files and folders of rules, relative to this file.
    #[cfg_attr(test, schemars(with = "Vec<String>", inner(length(min = 1))))]
    rules: Words,
}

/// How one check is set.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(extend("minProperties" = 1)))]
#[serde(deny_unknown_fields)]
struct CheckTable {
    /// Nothing of it is reported.
    off: Option<bool>,
    /// The severity of what it finds, before it is weighed by where that stands.
    #[cfg_attr(test, schemars(with = "Option<Severity>"))]
    severity: Option<Spanned<String>>,
}

/// Findings that are accepted. Of what is said here all must fit: an id and a path and a fingerprint; one of the three must be said.
#[derive(Deserialize)]
#[cfg_attr(test, derive(JsonSchema), schemars(extend("anyOf" = schema::one_of(&["ids", "paths", "fingerprints"]))))]
#[serde(deny_unknown_fields)]
struct AllowTable {
    /// Checks, by their ids.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    ids: Words,
    /// Globs of files, relative to this file.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    paths: Words,
    /// Single findings, as `keyward scan --format json` names them.
    #[serde(default)]
    #[cfg_attr(
        test,
        schemars(with = "Vec<String>", inner(regex(pattern = "^[0-9a-fA-F]{32}$")))
    )]
    fingerprints: Words,
    /// The last day on which it holds: 2031-12-31.
    #[cfg_attr(
        test,
        schemars(with = "Option<String>", regex(pattern = r"^\d{4}-\d{2}-\d{2}$"))
    )]
    until: Option<Spanned<toml::Value>>,
    /// Why it is accepted, for whoever reads this a year from now.
    #[cfg_attr(test, schemars(with = "String", regex(pattern = r"\S")))]
    reason: Spanned<String>,
}

/// Reads the text of one file.
pub(super) fn parse(path: &Path, text: &str, owner: Owner, root: &Path) -> Result<Config> {
    let here = Text { file: path, text };
    let file: File = toml::from_str(text).map_err(|e| here.toml_fault(&e))?;
    let reader = Reader {
        here,
        owner,
        folder: std::path::absolute(path)
            .ok()
            .and_then(|p| Some(p.parent()?.to_owned()))
            .unwrap_or_default(),
        root,
    };
    reader.config(file)
}

struct Reader<'a> {
    here: Text<'a>,
    owner: Owner,
    folder: PathBuf,
    root: &'a Path,
}

impl Reader<'_> {
    fn config(&self, file: File) -> Result<Config> {
        let scan = file.scan;
        let mut config = Config {
            fail_on: scan.fail_on.map(|w| self.fail_on(&w)).transpose()?,
            confidence: scan
                .confidence
                .map(|w| self.word::<Confidence>(&w, Confidence::ALL.iter().map(|c| c.as_str())))
                .transpose()?,
            baseline: scan.baseline.map(|p| self.path(&p)).transpose()?,
            own: self.own(file.check, file.rule),
            ..Config::default()
        };
        if !scan.exclude.is_empty() {
            config.exclude.push(self.globs(&scan.exclude)?);
        }
        for word in &scan.accept {
            let accept = Accept::based(word.get_ref(), self.base());
            config
                .accept
                .push(accept.map_err(|(m, h)| self.here.fault(word.span(), m, h))?);
        }
        for folder in &scan.rules {
            config.rules.push(self.path(folder)?);
        }
        for (id, table) in file.checks {
            config.checks.push(self.switch(&id, table)?);
        }
        // The map has them by name; messages and notices follow the file.
        config.checks.sort_by_key(|s| s.at.line);
        for table in file.allow {
            config.allow.push(self.allow(table)?);
        }
        Ok(config)
    }

    fn fail_on(&self, word: &Spanned<String>) -> Result<Said<Severity>> {
        if word.get_ref() == "never" {
            let message = "a file cannot switch the exit code off".to_owned();
            let hint = "pass --fail-on never where keyward is called";
            return Err(self.here.fault(word.span(), message, hint));
        }
        self.word(word, Severity::ALL.iter().map(|s| s.as_str()))
    }

    /// One word of a closed set.
    fn word<T: FromStr<Err = String>>(
        &self,
        word: &Spanned<String>,
        known: impl Iterator<Item = &'static str> + Clone,
    ) -> Result<Said<T>> {
        let value = word.get_ref().parse().map_err(|_| {
            let hint = nearest(word.get_ref(), known.clone()).map_or_else(
                || "write one of them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            // What was written is not repeated, here and below: a value may be anything, a secret too.
            let message = format!("this is none of {}", known.collect::<Vec<_>>().join(", "));
            self.here.fault(word.span(), message, hint)
        })?;
        Ok(Said {
            value,
            at: self.at(word.span()),
        })
    }

    fn path(&self, path: &Spanned<String>) -> Result<Said<PathBuf>> {
        if path.get_ref().trim().is_empty() {
            let message = "an empty path names nothing".to_owned();
            let hint = "write a path relative to this file, or leave the key out";
            return Err(self.here.fault(path.span(), message, hint));
        }
        Ok(Said {
            value: self.folder.join(path.get_ref()),
            at: self.at(path.span()),
        })
    }

    fn globs(&self, globs: &Words) -> Result<Globs> {
        let list: Vec<_> = globs.iter().map(|g| g.get_ref().clone()).collect();
        Globs::based(&list, self.base()).map_err(|(i, message, hint)| {
            let span = globs.get(i).map_or(0..0, Spanned::span);
            self.here.fault(span, message, hint)
        })
    }

    fn switch(&self, id: &Spanned<String>, table: Spanned<CheckTable>) -> Result<Switch> {
        self.single(id)?;
        let table = table.into_inner();
        if table.off.is_none() && table.severity.is_none() {
            let message = format!("[checks.{}] says nothing", id.get_ref());
            let hint = "write off = true, or severity = \"low\"";
            return Err(self.here.fault(id.span(), message, hint));
        }
        let severity = match &table.severity {
            Some(w) => Some(self.word::<Severity>(w, Severity::ALL.iter().map(|s| s.as_str()))?),
            None => None,
        };
        Ok(Switch {
            id: id.get_ref().clone(),
            off: table.off,
            severity: severity.map(|said| said.value),
            at: self.at(id.span()),
        })
    }

    /// An id stands for one check: a wildcard could stand for all of them.
    fn single(&self, id: &Spanned<String>) -> Result<()> {
        let word = id.get_ref();
        if word.is_empty() || word == "all" || word.contains(['*', '?', '[', '{']) {
            let message = "this does not name one check".to_owned();
            let hint = "name each check by its id; `keyward rules list` has them all";
            return Err(self.here.fault(id.span(), message, hint));
        }
        Ok(())
    }

    fn allow(&self, table: Spanned<AllowTable>) -> Result<Allow> {
        let span = table.span();
        let table = table.into_inner();
        let reason = table.reason.get_ref().trim();
        if reason.is_empty() {
            let message = "an [[allow]] without a reason".to_owned();
            let hint = "say why it is accepted, for whoever reads this a year from now";
            return Err(self.here.fault(table.reason.span(), message, hint));
        }
        if table.ids.is_empty() && table.paths.is_empty() && table.fingerprints.is_empty() {
            let message = "this [[allow]] would accept everything".to_owned();
            let hint = "say what is meant: ids, paths or fingerprints";
            return Err(self.here.fault(span, message, hint));
        }
        for id in &table.ids {
            self.single(id)?;
        }
        let paths = match &table.paths[..] {
            [] => None,
            [first, ..] => {
                let globs = self.globs(&table.paths)?;
                if table.ids.is_empty() && table.fingerprints.is_empty() && globs.cover_all() {
                    let message =
                        "these paths are all there are: this [[allow]] would accept everything"
                            .to_owned();
                    let hint = "name the ids that are meant, or fewer paths";
                    return Err(self.here.fault(first.span(), message, hint));
                }
                Some(globs)
            }
        };
        let fingerprints = table.fingerprints.iter().map(|text| {
            fingerprint(text.get_ref()).ok_or_else(|| {
                let message = "this is not a fingerprint".to_owned();
                let hint = "it has 32 hexadecimal digits; `keyward scan --format json` shows it";
                self.here.fault(text.span(), message, hint)
            })
        });
        Ok(Allow {
            fingerprints: fingerprints.collect::<Result<_>>()?,
            until: table.until.map(|u| self.date(&u)).transpose()?,
            ids: table.ids.into_iter().map(Spanned::into_inner).collect(),
            paths,
            reason: reason.to_owned(),
            at: self.at(span),
        })
    }

    fn date(&self, value: &Spanned<toml::Value>) -> Result<Date> {
        let date = match value.get_ref() {
            toml::Value::Datetime(d) if d.time.is_none() => d.date.and_then(|d| {
                let (month, day) = (i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?);
                Date::new(i16::try_from(d.year).ok()?, month, day).ok()
            }),
            toml::Value::String(text) => Date::strptime("%Y-%m-%d", text).ok(),
            _ => None,
        };
        date.ok_or_else(|| {
            let message = "`until` is not a date".to_owned();
            let hint = "write the last day on which it holds: until = 2031-12-31";
            self.here.fault(value.span(), message, hint)
        })
    }

    fn own(&self, checks: Vec<Spanned<Check>>, rules: Vec<Spanned<Rule>>) -> Vec<OwnRules> {
        if checks.is_empty() && rules.is_empty() {
            return Vec::new();
        }
        let source = RuleSource {
            file: self.here.file.to_owned(),
            text: self.here.text.to_owned(),
        };
        let (check_lines, checks) = self.lines(checks);
        let (rule_lines, rules) = self.lines(rules);
        let pack = Pack {
            checks,
            rules,
            ..Pack::default()
        };
        vec![OwnRules {
            source,
            pack,
            check_lines,
            rule_lines,
        }]
    }

    fn lines<T>(&self, tables: Vec<Spanned<T>>) -> (Vec<usize>, Vec<T>) {
        let line = |table: Spanned<T>| (self.here.line(table.span().start), table.into_inner());
        tables.into_iter().map(line).unzip()
    }

    fn base(&self) -> Base {
        match self.owner {
            Owner::User => Base::Root,
            Owner::Repository | Owner::Named => {
                Base::new(&discover::real(&self.folder), &discover::real(self.root))
            }
        }
    }

    fn at(&self, span: Range<usize>) -> At {
        let file = self.here.file;
        let shown = match self.owner {
            Owner::User => "the user's keyward.toml".to_owned(),
            Owner::Repository => {
                let inner = file.strip_prefix(self.root).unwrap_or(file);
                inner
                    .to_string_lossy()
                    .replace(std::path::MAIN_SEPARATOR, "/")
            }
            Owner::Named => file.to_string_lossy().into_owned(),
        };
        At {
            file: file.to_owned(),
            shown,
            line: self.here.line(span.start),
            owner: self.owner,
        }
    }
}
