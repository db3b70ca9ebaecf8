#!/bin/sh
# Installs everything Xinglin needs into .venv and node_modules; quick when nothing has changed.
set -eu
cd "$(dirname "$0")"
say() { printf '%s\n' "$*" >&2; }

python=${PYTHON:-}
for one in python3.11 python3.12 python3.13 python3; do
  [ -n "$python" ] && break
  command -v "$one" >/dev/null 2>&1 && "$one" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' && python=$one
done
[ -n "$python" ] || { say "需要 Python 3.11—3.13 / Python 3.11 to 3.13 is needed: apt-get install python3 python3-venv"; exit 1; }

mkdir -p var
stamp=var/.installed
wanted=$(cat requirements/dev.lock package-lock.json pyproject.toml setup.sh | cksum)
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv || { say "缺 venv / venv is missing: apt-get install python3-venv"; exit 1; }
  rm -f "$stamp"
fi
# npm notes inside node_modules what it installed: without the note the folder was removed or left half-made.
[ -e node_modules/.package-lock.json ] || rm -f "$stamp"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  say "安装 Python 依赖 / installing Python packages"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps "$(grep -o '^uv==[^ ]*' requirements/dev.lock)"
  .venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes requirements/dev.lock --python .venv/bin/python
  .venv/bin/uv pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python -e .
  say "安装前端资源 / installing front-end assets"
  major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/' || true)
  if [ "${major:-0}" -ge 20 ] && command -v npm >/dev/null 2>&1; then
    npm ci --ignore-scripts --no-audit --no-fund --silent
  else
    PATH="$PWD/.venv/bin:$PATH" .venv/bin/npm ci --ignore-scripts --no-audit --no-fund --silent
  fi
  printf '%s' "$wanted" > "$stamp"
fi
# Half of what a process needs to start is compiling, where Python is told to keep nothing.
.venv/bin/python -m compileall -q src tests
newest=$(find src -name '*.po' -newer var/.compiled 2>/dev/null | head -1 || true)
if [ ! -e var/.compiled ] || [ -n "$newest" ]; then
  .venv/bin/python -m xinglin.shell.catalogue compile
  touch var/.compiled
fi
