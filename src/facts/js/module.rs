//! Imports and exports.

use oxc_ast::ast::{
    ExportAllDeclaration, ExportFromDeclaration, ExportNamedDeclaration, ImportDeclaration,
    ImportDeclarationSpecifier, ImportOrExportKind, ModuleExportName, StringLiteral,
    TSImportEqualsDeclaration, TSModuleReference,
};
use oxc_span::GetSpan;

use super::reader::Reader;
use crate::facts::code::{Expr, ExprId, Import};
use crate::model::Span;

impl Reader<'_> {
    /// A string literal without its quotes.
    pub(super) fn unquoted(&self, literal: &StringLiteral<'_>) -> Span {
        inner(self.span(literal.span))
    }

    fn module_name(&self, name: &ModuleExportName<'_>) -> Span {
        match name {
            ModuleExportName::StringLiteral(literal) => self.unquoted(literal),
            name => self.span(name.span()),
        }
    }

    pub(super) fn import(&mut self, import: &ImportDeclaration<'_>) {
        let module = self.unquoted(&import.source);
        let specifiers = import.specifiers.as_ref().map_or(&[][..], |s| s);
        let mut names = Vec::new();
        for specifier in specifiers {
            match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(s) => {
                    if s.import_kind == ImportOrExportKind::Value {
                        let there = self.module_name(&s.imported);
                        let here = self.span(s.local.span);
                        self.note_import(module, there, here, self.span(s.span));
                        names.push((Some(there), here));
                    }
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(s) => {
                    names.push((None, self.span(s.local.span)));
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(s) => {
                    names.push((None, self.span(s.local.span)));
                }
            }
        }
        // `import {} from "x"` runs x; `import { type T } from "x"` may not.
        let type_only = import.import_kind == ImportOrExportKind::Type
            || (names.is_empty() && !specifiers.is_empty());
        self.program.imports.push(Import {
            module,
            names: names.into(),
            type_only,
            exported: false,
        });
    }

    pub(super) fn import_equals(&mut self, import: &TSImportEqualsDeclaration<'_>) {
        if let TSModuleReference::ExternalModuleReference(reference) = &import.module_reference {
            let module = self.unquoted(&reference.expression);
            self.program.imports.push(Import {
                module,
                names: [(None, self.span(import.id.span))].into(),
                type_only: import.import_kind == ImportOrExportKind::Type,
                exported: false,
            });
        }
    }

    pub(super) fn export_all(&mut self, export: &ExportAllDeclaration<'_>) {
        let name = export.exported.as_ref().map(|n| self.module_name(n));
        self.program.imports.push(Import {
            module: self.unquoted(&export.source),
            names: name.map(|n| (None, n)).into_iter().collect(),
            type_only: export.export_kind == ImportOrExportKind::Type,
            exported: true,
        });
    }

    pub(super) fn export_from(&mut self, export: &ExportFromDeclaration<'_>) {
        let values = export
            .specifiers
            .iter()
            .filter(|s| s.export_kind == ImportOrExportKind::Value);
        let names: Box<[_]> = values
            .map(|s| {
                (
                    Some(self.module_name(&s.local)),
                    self.module_name(&s.exported),
                )
            })
            .collect();
        let type_only = export.export_kind == ImportOrExportKind::Type
            || (names.is_empty() && !export.specifiers.is_empty());
        self.program.imports.push(Import {
            module: self.unquoted(&export.source),
            names,
            type_only,
            exported: true,
        });
    }

    /// `export { a, b as c }`: `c` is bound to `b`, and functions of these names are exported.
    pub(super) fn export_names(&mut self, export: &ExportNamedDeclaration<'_>) {
        if export.export_kind == ImportOrExportKind::Type {
            return;
        }
        for specifier in &export.specifiers {
            let local = self.module_name(&specifier.local);
            let exported = self.module_name(&specifier.exported);
            self.handed_on.push(local);
            if exported != local {
                let path = Expr::Path {
                    parts: [local].into(),
                    on: None,
                };
                let value = self.add(local, path);
                self.bind([exported], value, true);
            }
        }
    }

    /// A call of `require` or `import` with a literal: an import whose names are not known yet.
    pub(super) fn note_require(&mut self, callee: &[Span], args: &[ExprId]) {
        let ([callee], [first, ..]) = (callee, args) else {
            return;
        };
        let first = self.program.node(*first);
        if matches!(self.word(*callee), b"require" | b"import")
            && matches!(first.expr, Expr::Text(_))
        {
            let module = first.span;
            self.program.imports.push(Import {
                module,
                names: Box::default(),
                type_only: false,
                exported: false,
            });
        }
    }

    /// `const x = require("y")`, `const { a: b } = await import("y")`: the names of what `value` takes in.
    pub(super) fn note_required(&mut self, value: ExprId, names: Vec<(Option<Span>, Span)>) {
        let Expr::Call(call) = self.program.node(value).expr else {
            return;
        };
        let Some(&first) = self.program.calls[call].args.first() else {
            return;
        };
        let module = self.program.node(first).span;
        if let Some(import) = self.program.imports.last_mut()
            && import.module == module
        {
            import.names = names.into();
        }
    }

    /// Marks functions of the file whose names stand in `export { … }`.
    pub(super) fn mark_exported(&mut self) {
        let text = self.text;
        let word = |span: Span| text.get(span.range()).unwrap_or_default();
        let names: std::collections::HashSet<_> =
            self.handed_on.iter().map(|&name| word(name)).collect();
        for function in &mut self.program.functions {
            function.exported |= function.outer == Default::default()
                && function.name.is_some_and(|n| names.contains(word(n)));
        }
    }
}

/// What stands between quotes.
pub(super) fn inner(span: Span) -> Span {
    Span::new(
        (span.start + 1).min(span.end),
        span.end.saturating_sub(1).max(span.start + 1).min(span.end),
    )
}
