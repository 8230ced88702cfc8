//! The hook as a file: a few lines of POSIX shell, which Git for Windows brings a shell for.
//!
//! It does little: what was there before runs first and may refuse, then `keyward hook run`. Where keyward is missing it refuses and
//! says what to do: a commit that was not looked at must not look like one that was.

use crate::args::HookKind;

/// How the second line begins, by which a hook is known to be keyward's in all versions of keyward.
const MARK: &str = "# Written by `keyward hook install`";
/// What the name of a hook that was there before is given behind it.
pub const BEFORE: &str = ".before-keyward";

/// Whether a file is a hook of keyward's; line endings may have been changed by a checkout.
pub fn is_ours(text: &[u8]) -> bool {
    let second = text.split(|&b| b == b'\n').nth(1);
    second.is_some_and(|line| line.starts_with(MARK.as_bytes()))
}

/// The text of the hook.
pub fn text(kind: HookKind) -> String {
    let name = kind.name();
    let missing = match kind {
        HookKind::Commit => "echo '  or commit without it this once: git commit --no-verify' >&2",
        HookKind::Push => "echo '  or push without it this once: git push --no-verify' >&2",
        HookKind::Receive => "echo '  this is a hook of the server: tell who runs it' >&2",
    };
    // git tells the refs on stdin, which can be read only once.
    let (refs, given, remote) = match kind {
        HookKind::Commit => ("", "", ""),
        HookKind::Push => (REFS, "given | ", " \"$1\""),
        HookKind::Receive => (REFS, "given | ", ""),
    };
    format!(
        "#!/bin/sh\n\
         {MARK}, and taken away by `keyward hook uninstall`.\n\
         # The hook that was here before is {name}{BEFORE}: it runs first, and its exit code is obeyed.\n\
         {refs}\
         before=\"${{0%/*}}/{name}{BEFORE}\"\n\
         if [ -f \"$before\" ] && [ -x \"$before\" ]; then\n\
         \x20 {given}\"$before\" \"$@\" || exit\n\
         fi\n\
         # Programs with windows start git without what a shell adds to PATH.\n\
         PATH=\"$PATH${{HOME:+:$HOME/.cargo/bin}}\"\n\
         if ! command -v keyward >/dev/null 2>&1; then\n\
         \x20 echo 'keyward: not found in PATH, so nothing was scanned' >&2\n\
         \x20 echo '  hint: install it (cargo install --locked --path FOLDER_OF_KEYWARD), or run `keyward hook uninstall`' >&2\n\
         \x20 {missing}\n\
         \x20 exit 2\n\
         fi\n\
         {given}keyward hook run {name}{remote}\n"
    )
}

const REFS: &str = "refs=$(cat)\ngiven() { [ -z \"$refs\" ] || printf '%s\\n' \"$refs\"; }\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_as_ours_and_has_unix_line_endings() {
        for kind in HookKind::ALL {
            let text = text(kind);
            assert!(text.starts_with("#!/bin/sh\n") && !text.contains('\r'));
            assert!(is_ours(text.as_bytes()));
            assert!(is_ours(text.replace('\n', "\r\n").as_bytes()));
        }
        assert!(!is_ours(b"#!/bin/sh\nkeyward hook run pre-commit\n"));
    }
}
