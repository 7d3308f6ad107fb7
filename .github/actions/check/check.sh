#!/usr/bin/env bash
# Check the records of a push or pull request. Inputs come as variables (see action.yml), and none of them is ever
# read as an option or as code. The exit code is that of `corpus-tools check`.
set -euo pipefail

home=$RUNNER_TEMP/corpus-tools
sarif=$home/findings.sarif
mkdir -p "$home"
rm -f "$sarif"

# The lines of a text that are not blank, as the array `lines`.
split() {
  local line
  lines=()
  while IFS= read -r line; do
    if [[ $line =~ [^[:space:]] ]]; then lines+=("$line"); fi
  done <<< "$1"
}

since() {
  case $SINCE in
    auto)
      if [[ -n ${GITHUB_BASE_REF:-} ]]; then
        echo "origin/$GITHUB_BASE_REF..."
      elif [[ -n $BEFORE ]] && git cat-file -e "$BEFORE^{commit}" 2> /dev/null; then
        echo "$BEFORE"  # a new branch has only zeros there, and a forced push what nobody has
      fi
      ;;
    all) ;;
    *) echo "$SINCE" ;;
  esac
}

arguments=("--fail-on=$FAIL_ON")
revision=$(since)
if [[ -n $revision ]]; then
  arguments+=("--since=$revision" "--index=$home/index" --update-index)
fi
if [[ -n $BASELINE ]]; then arguments+=("--baseline=$BASELINE"); fi
split "$MAX"
for line in "${lines[@]}"; do arguments+=("--max=$line"); done
split "$FORMAT"
for line in "${lines[@]}"; do arguments+=("--format=$line"); done
split "$PATHS"

code=0
PATH=$home/venv/bin:$PATH corpus-tools check "${arguments[@]}" "--format=sarif:$sarif" -- "${lines[@]}" || code=$?
if [[ -f $sarif ]]; then echo "sarif=$sarif" >> "$GITHUB_OUTPUT"; fi
exit "$code"
