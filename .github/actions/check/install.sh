#!/usr/bin/env bash
# Install corpus-tools beside the project's own Python: the release $VERSION, else what this action came with.
set -euo pipefail

home=$RUNNER_TEMP/corpus-tools
if [[ -z $VERSION ]]; then
  wanted=$(cd "$GITHUB_ACTION_PATH/../../.." && pwd)
elif [[ $VERSION =~ ^[0-9][0-9A-Za-z.+!-]*$ ]]; then
  wanted=corpus-tools==$VERSION
else
  echo "The input version is no version number; write e.g. 0.1.0" >&2
  exit 2
fi
"$PYTHON" -m venv "$home/venv"
"$home/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"
version=$("$home/venv/bin/corpus-tools" --version)
echo "version=${version##* }" >> "$GITHUB_OUTPUT"
