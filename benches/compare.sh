#!/usr/bin/env bash
# Times keyward beside what it is measured against, in one run, and prints ratios of user+system time.
#
#   benches/compare.sh TREE [REPOSITORY…]
#
# TREE: a folder of 50 MB or more. REPOSITORY: bare, so that nothing but its history is read; held against what git takes to give all of its
# objects. MADE, a variable: where the repository that staged files are timed in is, or is put; without it one is made each time.
#
# Needs hyperfine, rg, git and python3. Nothing in the tests depends on what it prints.
set -euo pipefail
tree=$(realpath "${1:?usage: benches/compare.sh TREE [REPOSITORY…]}")
shift
repositories=()
for repository in "$@"; do
  repositories+=("$(realpath "$repository")")
done
made=${MADE:+$(realpath "$MADE")}
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
keyward=$PWD/target/release/keyward
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/empty"
made=${made:-$work/made}

hyperfine --warmup 2 --runs 10 --ignore-failure --export-json "$work/tree.json" \
  --command-name rg "rg -uu --hidden --count-matches a-literal-that-never-occurs-zq '$tree'" \
  --command-name keyward "'$keyward' scan --no-history --no-progress --no-repo-config --ignored --format json --output '$work/report.json' '$tree'" >&2
hyperfine --warmup 5 --runs 50 --ignore-failure --shell none --export-json "$work/empty.json" \
  --command-name true true \
  --command-name keyward "$keyward scan --no-progress $work/empty" >&2
# Ranges of the same repository are timed with it.
cargo bench --locked --quiet --bench range -- "$made"
git -C "$made" reset --hard --quiet
for at in 0 1 2 3 4 5 6 7 8 9; do
  git -C "$made" ls-files | sed -n "$((at * 500 + 1))p" | while read -r file; do
    echo "// staged" >>"$made/$file"
    git -C "$made" add "$file"
  done
done
hyperfine --warmup 2 --runs 10 --ignore-failure --shell none --export-json "$work/staged.json" \
  --command-name true true \
  --command-name keyward "$keyward scan --no-progress --staged $made" >&2
git -C "$made" reset --hard --quiet
/usr/bin/env python3 - "$work" "$keyward" "$tree" "${repositories[@]}" <<'PY'
import json, os, resource, subprocess, sys
work, keyward, tree, *repositories = sys.argv[1:]
def runs(name):
    return {r['command']: r for r in json.load(open(f'{work}/{name}.json'))['results']}
cpu = lambda r: r['user'] + r['system']
t, e, s = runs('tree'), runs('empty'), runs('staged')
print(f"tree: cpu {cpu(t['rg']):.3f} s rg, {cpu(t['keyward']):.3f} s keyward: {cpu(t['keyward']) / cpu(t['rg']):.2f} times")
print(f"tree: wall {t['rg']['median']:.3f} s rg, {t['keyward']['median']:.3f} s keyward: {t['keyward']['median'] / t['rg']['median']:.2f} times")
print(f"empty folder: {1000 * (e['keyward']['median'] - e['true']['median']):.1f} ms more than true")
print(f"ten staged files of 5,000, 80,000 commits: {1000 * (s['keyward']['median'] - s['true']['median']):.1f} ms more than true")
subprocess.run([keyward, 'scan', '--no-history', '--no-progress', '--no-repo-config', '--ignored', '--format', 'json', '--output', f'{work}/report.json', tree], stderr=subprocess.DEVNULL)
print(f"memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most")
def least(*command):
    """User and system time, the least of three runs."""
    def once():
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        used = os.wait4(process.pid, 0)[2]
        return used.ru_utime + used.ru_stime
    return min(once() for _ in range(3))
for repository in repositories:
    git = least('git', '-C', repository, 'cat-file', '--batch-all-objects', '--unordered', '--batch')
    own = least(keyward, 'scan', '--no-progress', '--no-repo-config', '--format', 'json', '--output', f'{work}/report.json', repository)
    print(f"history of {repository}: cpu {git:.2f} s git cat-file, {own:.2f} s keyward: {own / git:.2f} times")
PY
