"""`report` and `clean --report` write a page, or say what is missing before any work is done."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import corpus_tools as ct

from .runs import cleaned

Call = Callable[..., subprocess.CompletedProcess[bytes]]


def test_report_writes_the_page_of_a_run(cli: Call, raw: Path, tmp_path: Path) -> None:
    assert cli("clean", "-q", raw, "-o", "out.jsonl").returncode == 0
    done = cli("report", "out.jsonl", "-o", "page.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "27 read = 18 kept + 6 removed + 3 quarantined" in text


def test_clean_with_report_writes_the_page_that_report_writes(cli: Call, raw: Path, tmp_path: Path) -> None:
    assert cli("clean", "-q", raw, "-o", "out.jsonl", "--report", "one.html").returncode == 0
    assert cli("report", ".", "-o", "-").stdout == (tmp_path / "one.html").read_bytes()


def test_records_from_a_pipe_are_reported_with_their_audit(cli: Call, raw: Path, tmp_path: Path) -> None:
    done = cli("clean", "-q", "--audit", "audit", stdin=raw.read_bytes())
    (tmp_path / "clean.jsonl").write_bytes(done.stdout)
    refused = cli("report", "audit")
    assert refused.returncode == 3
    assert b"corpus-tools report clean.jsonl --audit audit" in refused.stderr
    assert cli("report", "clean.jsonl", "--audit", "audit").returncode == 0
    assert (tmp_path / "report.html").is_file()


def test_a_report_that_would_lack_its_files_is_refused_before_the_run(cli: Call, raw: Path, tmp_path: Path) -> None:
    for options in (["--no-audit", "-o", "out.jsonl"], ["--audit", "audit"], ["--dry-run", "-o", "out.jsonl"]):
        done = cli("clean", raw, *options, "--report", "page.html")
        assert done.returncode == 2
        assert b"--report" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_report_does_not_overwrite_the_run(cli: Call, raw: Path) -> None:
    assert cli("clean", "-q", raw, "-o", "out.jsonl").returncode == 0
    assert cli("report", "out.jsonl", "-o", "out.findings.jsonl").returncode == 2


def test_a_missing_package_is_named_before_the_run(raw: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['jinja2'] = None\n"
        "from corpus_tools.__main__ import main\n"
        f"sys.argv = ['corpus-tools', 'clean', {str(raw)!r}, '-o', 'out.jsonl', '--report', 'page.html']\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"pip install 'corpus-tools[report]'" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_notebook_draws_a_run_too(raw: Path, tmp_path: Path) -> None:
    out = cleaned([raw], tmp_path)
    ct.draw_report(out, tmp_path / "one.html")
    ct.draw_report(str(tmp_path), str(tmp_path / "two.html"))
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
