#!/bin/sh
# Build the wheel, install it in a fresh environment, and use it: the catalog must travel with it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python -m build --quiet --wheel --no-isolation --outdir "$work" .
python -m venv "$work/fresh"
"$work/fresh/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
"$work/fresh/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$work"/*.whl
cd "$work"
"$work/fresh/bin/auditor" --version
controls=$("$work/fresh/bin/auditor" controls list --output json | "$work/fresh/bin/python" -c 'import json,sys; print(len(json.load(sys.stdin)))')
[ "$controls" -ge 10 ] || { echo "the wheel carries $controls controls, expected at least 10" >&2; exit 1; }
"$work/fresh/bin/auditor" permissions >/dev/null
echo "wheel: $controls controls listed from a fresh environment"
