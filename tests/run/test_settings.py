"""Settings files: found upwards, read whole, and refused where they can't be right."""

import os
from pathlib import Path

import pytest

from corpus_tools.config import find_config, load_config
from corpus_tools.errors import InputError, RuleError, UsageError
from corpus_tools.rules.load import own_table


def test_the_nearest_file_upwards_is_found(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "corpus-tools.toml").write_text("quiet = true\n")
    assert find_config(below) == tmp_path / "corpus-tools.toml"
    (below / "pyproject.toml").write_text("[tool.corpus-tools]\nquiet = true\n")
    assert find_config(below) == below / "pyproject.toml"


def test_a_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    (below / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / "corpus-tools.toml").write_text("quiet = true\n")
    assert find_config(below) == tmp_path / "corpus-tools.toml"


def test_shared_options_verbs_and_steps_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "corpus-tools.toml"
    path.write_text("rules = 'r.toml'\n[clean]\nfail-on = 'error'\n[step.detect-language]\nmin_chars = 9\n")
    config = load_config(path)
    assert config.shared == {"rules": str(tmp_path / "r.toml")}
    assert config.verbs == {"clean": {"fail_on": "error"}}
    assert config.steps == {"detect_language": {"min_chars": 9}}


def test_files_that_can_not_be_right_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "corpus-tools.toml"
    path.write_text("rules = \n")
    with pytest.raises(UsageError, match="not valid TOML"):
        load_config(path)
    path.write_text("[step]\nmin_chars = 3\n")
    with pytest.raises(UsageError, match=r"\[step\] holds tables"):
        load_config(path)
    with pytest.raises(InputError, match="can't be read"):
        load_config(tmp_path / "nowhere.toml")
    assert load_config(None).shared == {}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"x = " + b"[" * 100_000, "nested too deep"),
        (b".".join([b"a"] * 100_000) + b" = 1", "a key has more than 100 parts"),
        (b'x."' + b'"."'.join([b"a"] * 1000) + b'" = 1', "a key has more than 100 parts"),
        (b"x = " + b"9" * 5000, "digits"),
        ("x = 'é'".encode("latin-1"), "0xe9 at 5 is no UTF-8. Save the file as UTF-8"),
    ],
)
def test_a_file_that_is_there_to_do_harm_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "corpus-tools.toml"
    path.write_bytes(data)
    with pytest.raises(UsageError, match=says):
        load_config(path)
    with pytest.raises(RuleError, match=says):
        own_table(str(path))


def test_a_mark_of_the_byte_order_is_no_part_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "corpus-tools.toml"
    path.write_bytes(b"\xef\xbb\xbfquiet = true\r\n")
    assert load_config(path).shared == {"quiet": True}


def test_settings_that_are_no_file_are_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "corpus-tools.toml"
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        assert find_config(tmp_path) != path
        path.unlink()
    path.mkdir()
    assert find_config(tmp_path) == path
    with pytest.raises(InputError, match="and is a folder"):
        load_config(path)
    path.rmdir()
    path.symlink_to("nowhere.toml")
    assert find_config(tmp_path) == path
    with pytest.raises(InputError, match="can't be read"):
        load_config(path)
