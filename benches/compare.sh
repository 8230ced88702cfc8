#!/usr/bin/env bash
# Times keyward beside what it is measured against, in one run, and prints ratios of user+system time.
#
#   benches/compare.sh TREE     TREE: a folder of 50 MB or more
#
# Needs hyperfine, rg and python3. Nothing in the tests depends on what it prints.
set -euo pipefail
tree=${1:?usage: benches/compare.sh TREE}
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
keyward=$PWD/target/release/keyward
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/empty"

hyperfine --warmup 2 --runs 10 --ignore-failure --export-json "$work/tree.json" \
  --command-name rg "rg -uu --hidden --count-matches a-literal-that-never-occurs-zq '$tree'" \
  --command-name keyward "'$keyward' scan --no-history --no-progress --no-repo-config --ignored --format json --output '$work/report.json' '$tree'" >&2
hyperfine --warmup 5 --runs 50 --ignore-failure --shell none --export-json "$work/empty.json" \
  --command-name true true \
  --command-name keyward "$keyward scan --no-progress $work/empty" >&2
/usr/bin/env python3 - "$work" "$keyward" "$tree" <<'PY'
import json, resource, subprocess, sys
work, keyward, tree = sys.argv[1:]
def runs(name):
    return {r['command']: r for r in json.load(open(f'{work}/{name}.json'))['results']}
cpu = lambda r: r['user'] + r['system']
t, e = runs('tree'), runs('empty')
print(f"tree: cpu {cpu(t['rg']):.3f} s rg, {cpu(t['keyward']):.3f} s keyward: {cpu(t['keyward']) / cpu(t['rg']):.2f} times")
print(f"tree: wall {t['rg']['median']:.3f} s rg, {t['keyward']['median']:.3f} s keyward: {t['keyward']['median'] / t['rg']['median']:.2f} times")
print(f"empty folder: {1000 * (e['keyward']['median'] - e['true']['median']):.1f} ms more than true")
subprocess.run([keyward, 'scan', '--no-history', '--no-progress', '--no-repo-config', '--ignored', '--format', 'json', '--output', f'{work}/report.json', tree], stderr=subprocess.DEVNULL)
print(f"memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB at most")
PY
