"""The command line, as a shell sees it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import FIXTURES, RAW, jsonl


def test_broken_lines_are_set_aside_and_the_run_goes_on(cli, tmp_path: Path) -> None:
    done = cli("clean", "--audit", "a", stdin=b'{"text":"ok"}\n{broken\n\xff\xfe\n')
    assert done.returncode == 0
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["ok"]
    quarantined = jsonl(tmp_path / "a" / "clean.quarantine.jsonl")
    assert [row["source_line"] for row in quarantined] == [2, 3]
    assert quarantined[0]["raw"] == "{broken"
    assert quarantined[1]["raw_base64"] == "//4="
    assert b"3 read = 1 kept + 0 removed + 2 quarantined" in done.stderr


def test_clean_on_a_pipe_asks_where_removed_records_go(cli) -> None:
    done = cli("clean", stdin=b'{"text":"ok"}\n')
    assert done.returncode == 2
    for way in (b"--audit", b"--mark", b"--no-audit"):
        assert way in done.stderr
    assert done.stdout == b""


def test_verbs_in_a_pipe_give_what_one_clean_gives(cli) -> None:
    piped = RAW.read_bytes()
    for verb in ("fix-encoding", "detect-language", "mark-duplicates"):
        done = cli(verb, "--quiet", stdin=piped)
        assert done.returncode == 0
        piped = done.stdout
    steps = "fix_encoding,detect_language,mark_duplicates"
    at_once = cli("clean", "--mark", "--quiet", "--steps", steps, stdin=RAW.read_bytes())
    assert piped == at_once.stdout


def test_broken_input_on_a_pipe_without_audit_is_kept_in_a_file(cli, tmp_path: Path) -> None:
    done = cli("fix-encoding", stdin=b'{"text":"ok"}\n{broken\n')
    assert done.returncode == 0
    assert jsonl(tmp_path / "fix-encoding.quarantine.jsonl")[0]["raw"] == "{broken"
    assert b"fix-encoding.quarantine.jsonl" in done.stderr


def test_reading_and_writing_one_file_is_refused(cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    done = cli("clean", "a.jsonl", "-o", "a.jsonl")
    assert done.returncode == 2
    assert (tmp_path / "a.jsonl").read_bytes() == b'{"text":"ok"}\n'


def test_a_missing_file_exits_3_and_a_wrong_option_exits_2(cli) -> None:
    missing = cli("clean", "nowhere.jsonl", "-o", "out.jsonl")
    assert missing.returncode == 3
    assert b"nowhere.jsonl" in missing.stderr
    assert cli("clean", "--no-such-option").returncode == 2
    assert cli("clean", "--steps", "fix_encodign", "-o", "x.jsonl", RAW).returncode == 2


def test_validate_prints_findings_with_their_place_and_exits_1(cli) -> None:
    done = cli("validate", RAW)
    assert done.returncode == 1
    assert b"SC001" in done.stdout
    assert f"{RAW}:".encode() in done.stdout
    assert cli("validate", "--fail-on", "never", RAW).returncode == 0
    github = cli("validate", "--format", "github", RAW).stdout
    assert github.startswith(b"::")


def test_restore_and_explain_read_what_clean_wrote(cli, tmp_path: Path) -> None:
    assert cli("clean", RAW, "-o", "out.jsonl").returncode == 0
    back = cli("restore", "out.jsonl")
    assert back.returncode == 0
    assert [json.loads(line) for line in back.stdout.split(b"\n") if line.startswith(b'{"id": "0012"')] == []
    assert b"caf\xe9 bytes that are no UTF-8" in back.stdout
    removed = jsonl(tmp_path / "out.removed.jsonl")[0]["id"]
    told = cli("explain", "out.jsonl", removed).stdout.decode()
    assert "removed, verdict drop" in told
    assert "chosen by R" in told
    story = json.loads(cli("explain", "out.jsonl", removed, "--format", "json").stdout)[0]
    assert story["cluster"]["duplicate_of"]
    assert cli("explain", "out.jsonl", "no-such-id").returncode == 3


def test_restore_without_audit_says_what_is_missing(cli) -> None:
    cli("clean", RAW, "-o", "out.jsonl", "--no-audit")
    done = cli("restore", "out.jsonl")
    assert done.returncode == 3
    assert b"--audit DIR" in done.stderr


def test_a_piped_run_is_restored_from_its_audit_folder(cli, tmp_path: Path) -> None:
    done = cli("clean", "--audit", "a", stdin=RAW.read_bytes())
    (tmp_path / "out.jsonl").write_bytes(done.stdout)
    back = cli("restore", "out.jsonl", "--audit", "a", "--records-only")
    came = [
        json.loads(line) for line in RAW.read_bytes().split(b"\n") if line.startswith(b'{"') and b"broken" not in line
    ]
    assert [json.loads(line) for line in back.stdout.splitlines()] == came


def test_a_dry_run_writes_nothing(cli, tmp_path: Path) -> None:
    done = cli("clean", RAW, "-o", "out.jsonl", "--dry-run")
    assert done.returncode == 0
    assert b"nothing was written" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_limit_stops_early_and_fail_on_turns_findings_into_exit_1(cli, tmp_path: Path) -> None:
    assert cli("clean", RAW, "-o", "out.jsonl", "--limit", 2, "--mark").returncode == 0
    assert len(jsonl(tmp_path / "out.jsonl")) == 2
    assert cli("clean", RAW, "-o", "out.jsonl", "--fail-on", "warning").returncode == 1


def test_a_closed_pipe_is_silent() -> None:
    verb = f"{sys.executable} -m corpus_tools fix-encoding --quiet --chunk-rows 50"
    command = f'yes \'{{"text":"a"}}\' | {verb} | head -n 1; exit ${{PIPESTATUS[1]}}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert done.returncode == 0
    assert done.stderr == b""


def test_settings_come_from_the_nearest_file_and_the_command_line_wins(cli, tmp_path: Path) -> None:
    (tmp_path / "my_steps.py").write_text(
        "import corpus_tools as ct\n\n\n"
        '@ct.step(reads=["text"], adds=["words"])\n'
        "def count_words(frame):\n"
        '    """Count the words of each text."""\n'
        '    return frame.assign(words=frame["text"].str.split().str.len())\n'
    )
    (tmp_path / "corpus-tools.toml").write_text(
        'steps = ["my_steps.py:count_words", "detect_language"]\nquiet = true\n\n'
        "[step.detect_language]\nmin_chars = 5\n"
    )
    done = cli("clean", "--mark", RAW)
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout.splitlines()[0])
    assert record["words"] > 50
    assert record["detected_language"] == "en"
    assert done.stderr == b"Set aside: 3 broken pieces of input in clean.quarantine.jsonl.\n"
    overruled = cli("clean", "--mark", "--steps", "decide", RAW)
    assert "words" not in json.loads(overruled.stdout.splitlines()[0])


@pytest.mark.parametrize("size", ["0", "-3", "0.2", "inf", "nan", "64 X"])
def test_a_size_of_no_bytes_is_an_error(cli, size: str) -> None:
    done = cli("check", RAW, "--max-record-bytes", size)
    assert done.returncode == 2
    assert b"is no size" in done.stderr


def test_a_setting_that_nobody_knows_is_an_error(cli, tmp_path: Path) -> None:
    (tmp_path / "corpus-tools.toml").write_text("fail-onn = 'error'\n")
    done = cli("clean", "--mark", RAW)
    assert done.returncode == 2
    assert b"fail_onn" in done.stderr
    assert b"fail_on" in done.stderr


@pytest.mark.parametrize(
    "says",
    [
        'rules = ["ours.toml"]',
        "schema = 5",
        "steps = 5",
        "steps = [5]",
        'step = ["fix_encoding"]',
        "[check]\nmax = 5",
        "[clean]\njobs = [1, 2]",
        'memory = ["64M"]',
        "[step.detect_language]\nmin_chars = [5]",
        "[step.detect_language]\nmin_chars = true",
        "[step.detect_language]\nparagraphs = 1",
    ],
)
def test_a_setting_of_another_shape_is_an_error_that_names_it(cli, tmp_path: Path, says: str) -> None:
    (tmp_path / "corpus-tools.toml").write_text(says + "\n")
    done = cli("check", RAW)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("corpus-tools: ")
    assert says.rpartition("\n")[2].split()[0].strip("`") in line
    assert "take" in line or "hold" in line


@pytest.mark.parametrize(
    "says", ['steps = "fix-encoding, decide"', '[check]\nmax = "PR005=90"', "[check]\nnow = 2024-06-01"]
)
def test_a_setting_may_be_one_of_a_list_or_a_bare_date(cli, tmp_path: Path, says: str) -> None:
    (tmp_path / "corpus-tools.toml").write_text(says + "\n")
    done = cli("check", RAW)
    assert done.returncode == 1
    assert b"rows read" in done.stderr


@pytest.mark.parametrize("what", ["steps", "flags", "agencies", "schemas", "columns"])
def test_lists_are_printed_as_text_json_and_markdown(cli, what: str) -> None:
    assert cli("list", what).stdout
    assert json.loads(cli("list", what, "--format", "json").stdout)
    assert cli("list", what, "--format", "markdown").stdout.startswith(b"| ")


@pytest.mark.parametrize("name", ["article", "clean_article", "finding", "change"])
def test_schemas_are_printed_as_table_and_json_schema(cli, name: str) -> None:
    assert cli("schema", name).returncode == 0
    assert json.loads(cli("schema", name, "--json").stdout)["type"] == "object"


def test_an_unknown_schema_is_named_with_its_likely_meaning(cli) -> None:
    done = cli("schema", "artcle")
    assert done.returncode == 2
    assert b"Did you mean 'article'?" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_command(cli, shell: str) -> None:
    assert b"corpus-tools" in cli("completion", shell).stdout


@pytest.mark.parametrize(
    "verb",
    ["clean", "validate", "fix-encoding", "normalize-whitespace", "trace-syndication", "strip-furniture",
     "detect-language", "flag-provenance", "mark-duplicates", "decide", "restore", "explain", "schema", "list"],
)  # fmt: skip
def test_every_verb_has_help_with_an_example(cli, verb: str) -> None:
    done = cli(verb, "--help")
    assert done.returncode == 0
    assert f"corpus-tools {verb} ".encode() in done.stdout


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from corpus_tools.__main__ import main; main(['--help']); "
        "print(sorted({'pandas', 'pandera', 'ftfy', 'langdetect', 'pyarrow', 'numpy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("given", "spared"), [("", True), ("['--version']", False)])
def test_only_a_process_of_our_own_is_spared_the_collector(given: str, spared: bool) -> None:
    script = (
        "import gc, sys; from corpus_tools.__main__ import main; before = gc.get_threshold(); "
        f"sys.argv = ['corpus-tools', '--version']; main({given}); print(gc.get_threshold() != before)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == str(spared)


def test_all_fixture_formats_are_read_in_one_run(cli, tmp_path: Path) -> None:
    done = cli("clean", FIXTURES / "corpora", "-o", "out.parquet")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.parquet").exists()


def test_files_named_in_a_settings_file_stand_beside_it_and_other_verbs_pass_over_them(cli, tmp_path: Path) -> None:
    (tmp_path / "my_steps.py").write_text(
        "import corpus_tools as ct\n\n\n"
        '@ct.step(reads=["text"])\n'
        "def fail(frame, *, kind=None):\n"
        '    """Fail."""\n'
        "    raise ValueError(kind)\n"
    )
    (tmp_path / "corpus-tools.toml").write_text(
        'map = ["prose=text"]\nfrom = "jsonl"\nsteps = ["my_steps.py:fail"]\n\n[step.fail]\nkind = "on purpose"\n'
    )
    below = tmp_path / "below"
    below.mkdir()
    record = b'{"prose": "The ferry sails again."}\n'
    command = [sys.executable, "-m", "corpus_tools"]
    done = subprocess.run([*command, "clean", "--mark"], input=record, capture_output=True, cwd=below, check=False)
    assert done.returncode == 4
    assert b"ValueError: on purpose" in done.stderr
    assert json.loads(cli("fix-encoding", stdin=record).stdout)["text"] == "The ferry sails again."


def test_a_file_is_not_read_and_appended_to_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    command = f"{sys.executable} -m corpus_tools clean --mark a.jsonl >> a.jsonl"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert (tmp_path / "a.jsonl").read_bytes() == b'{"text":"ok"}\n'


def test_a_dry_run_makes_no_audit_folder_and_a_mistyped_rule_table_is_named(cli, tmp_path: Path) -> None:
    assert cli("clean", RAW, "--dry-run", "--audit", "dd").returncode == 0
    assert not (tmp_path / "dd").exists()
    (tmp_path / "own.toml").write_text("[[polcy]]\nverdict = 'drop'\n")
    done = cli("clean", RAW, "--mark", "--rules", "own.toml")
    assert done.returncode == 2
    assert b"Did you mean 'policy'?" in done.stderr


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which TOOL is the command."""
    line = command.replace("TOOL", f"{sys.executable} -m corpus_tools")
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, check=False)


needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="lines for bash")


@needs_bash
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("TOOL clean --mark -o out.jsonl <&-", 3, b"Standard input can't be read: it is closed; name a"),
        ("TOOL clean --mark -q a.jsonl >&-", 3, b"standard output could not be written"),
        ("TOOL list flags >&-", 3, b"standard output could not be"),
        ("TOOL clean -o out.jsonl a.jsonl 2>&- >&-", 0, b""),
    ],
)
def test_a_closed_stream_is_an_error_only_where_it_is_needed(
    tmp_path: Path, command: str, code: int, said: bytes
) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    done = shell(command, tmp_path)
    assert done.returncode == code
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize("command", ["TOOL clean a.jsonl --audit a", "TOOL restore out.jsonl", "TOOL list steps"])
def test_a_full_disk_behind_stdout_exits_3_and_leaves_no_audit(tmp_path: Path, command: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    assert shell("TOOL clean a.jsonl -q -o out.jsonl --steps decide", tmp_path).returncode == 0
    done = shell(f"{command} > /dev/full", tmp_path)
    assert done.returncode == 3
    assert b"standard output could not be" in done.stderr
    assert b"the disk is full" in done.stderr
    assert not (tmp_path / "a").exists() or not list((tmp_path / "a").iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize(("command", "code"), [("TOOL clean a.jsonl -o out.jsonl", 0), ("TOOL clean --no-such", 2),
                                               ("TOOL clean no.jsonl -o out.jsonl", 3)])  # fmt: skip
def test_a_log_that_is_full_or_gone_changes_no_exit_code(tmp_path: Path, command: str, code: int) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    assert shell(f"{command} 2> /dev/full", tmp_path).returncode == code
    assert shell(f"{command} 2> >(true)", tmp_path).returncode == code
    assert (tmp_path / "out.jsonl").exists() == (code == 0)


@needs_bash
def test_a_working_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    done = shell(f"mkdir gone; cd gone; rmdir ../gone; TOOL check {tmp_path}/a.jsonl", tmp_path)
    assert done.returncode == 3
    assert done.stderr == b"corpus-tools: the working folder is gone. Go to another one with cd.\n"


@needs_bash
def test_a_named_pipe_is_a_pipe_and_devices_get_no_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    assert shell("TOOL clean a.jsonl -o >(cat)", tmp_path).returncode == 2
    done = shell("TOOL clean a.jsonl -q --mark --steps decide -o >(cat > got.jsonl); sleep 0.2", tmp_path)
    assert done.stderr == b""
    assert jsonl(tmp_path / "got.jsonl")[0]["text"] == "ok"
    assert shell("TOOL clean a.jsonl -q --no-audit -o /dev/null", tmp_path).returncode == 0
    assert not list(Path("/dev").glob("null.*"))
    done = shell("TOOL clean a.jsonl -q --mark -o /dev/stdout | cat", tmp_path)
    assert json.loads(done.stdout)["text"] == "ok"


def test_an_empty_name_is_not_taken_for_this_folder(cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"ok"}\n')
    for arguments in (["", "-o", "out.jsonl"], ["a.jsonl", "-o", ""], ["a.jsonl", "--audit", ""]):
        done = cli("clean", *arguments)
        assert done.returncode == 2
        assert b"the name is empty" in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_exits_3(cli, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").touch(mode=0)
    assert cli("clean", "a.jsonl", "--mark").returncode == 3


def test_a_settings_file_may_hold_options_of_a_step_that_runs_only_when_asked_for(cli, tmp_path: Path) -> None:
    (tmp_path / "corpus-tools.toml").write_text("[step.learn_furniture]\nunknown = 1\n")
    assert cli("clean", RAW, "-o", "out.jsonl").returncode == 0
    asked = cli("clean", RAW, "-o", "out.jsonl", "--learned-furniture", "report")
    assert asked.returncode == 2
    assert b"unknown" in asked.stderr


def test_a_verdict_that_nobody_gave_is_not_explained_by_the_policy(cli) -> None:
    cli("clean", RAW, "-o", "out.jsonl", "--steps", "fix_encoding")
    assert b"the step `decide` did not run" in cli("explain", "out.jsonl", "bb-tin-1").stdout


def test_the_summary_shows_severities_as_the_rules_judge_them(cli, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[[severity]]\nseverity = 'error'\nflags = ['missing-license']\n")
    said = cli("clean", RAW, "-o", "out.jsonl", "--rules", "own.toml").stderr.decode()
    line = next(line for line in said.splitlines() if "PR005" in line)
    assert line.split()[2] == "error"
