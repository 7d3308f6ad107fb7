"""What is reported, what fails, what stays quiet."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import corpus_tools as ct
from corpus_tools.__main__ import main
from corpus_tools.checking.baseline import fingerprint
from corpus_tools.checking.settings import Limit, read_limit
from corpus_tools.checking.waivers import Waiver, read_waivers
from corpus_tools.errors import InputError, UsageError
from corpus_tools.flags import FLAGS
from corpus_tools.report.forms import FORMS

from .corpus import STORY, check, found, jsonl, record

WIRE = (
    "KELTON HARBOUR, May 14 (Bernama) -- Tin rose for a fourth day on Tuesday as two island smelters stayed shut, "
    "traders said. Stocks in the port's sheds fell to their lowest level since the floods, and buyers from three "
    "countries asked for early delivery. A spokeswoman for the smelters said that repairs to the furnaces would take "
    "until the end of the month."
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary) -> Callable[..., tuple[int, str, str]]:
    """`corpus-tools` in an empty folder: its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


class TestWhatIsFound:
    def test_all_families_speak(self, tmp_path):
        records = [
            record("a", text=WIRE, source="Suara Lembah", url="https://suara-lembah.example/a"),
            record("b", text=WIRE, source="Coast Mirror", url="https://coast-mirror.example/b"),
            record("c", text=f"{STORY} The cafÃ© on the pier is open, tooâ€”at last."),
            record("d", language="ms"),
            record("e", text=""),
            record("f", license=None),
        ]
        path = jsonl(tmp_path / "a.jsonl", *records)
        codes = {code[:2] for code, _, _ in found(path, steps=None)}
        assert codes >= {"SC", "EN", "LA", "SY", "DU", "PR"}

    def test_what_the_door_for_frames_says_is_the_same(self, raw, news):
        with check(raw, steps=None) as report:
            ours = sorted((one.code, one.column or "") for one in report.findings if one.code != "SC006")
        table = ct.check(news)
        theirs = sorted(zip(table["code"], table["column"].fillna(""), strict=True))
        assert ours == theirs

    def test_every_finding_has_its_sentence_and_what_to_do(self, raw):
        with check(raw, steps=None) as report:
            assert all(one.says and one.advice and one.fingerprint for one in report.findings)

    def test_a_copy_names_the_parties_it_came_by(self, raw):
        with check(raw, steps=None) as report:
            chains = {one.id: one.chain for one in report.findings if one.code == "SY001"}
        assert chains["arah-5571"] == ("Bloomberg", "The Malaysian Reserve", "Arah.my")

    def test_a_check_says_nothing_of_a_ledger(self, raw):
        with check(raw, steps=None) as report:
            assert not [one for one in report.findings if "ledger" in one.says and one.code.startswith("EN")]

    def test_the_chunk_size_changes_nothing(self, fixtures):
        told = []
        for rows in (1, 7, 2000):
            with check(fixtures / "corpora", steps=None, reading={"chunk_rows": rows}) as report:
                told.append((list(report.findings), report.tally))
        assert told[0] == told[1] == told[2]

    def test_memory_does_not_grow_with_the_findings(self, tmp_path):
        peaks = []
        for count in (500, 4000):
            path = jsonl(tmp_path / "a.jsonl", *({"id": str(at), "text": "", "url": f"/{at}"} for at in range(count)))
            tracemalloc.start()
            with check(path, steps=("validate",), reading={"chunk_rows": 100}) as report:
                assert sum(len("".join(FORMS[form](report))) > 0 for form in ("github", "markdown")) == 2
                assert sum(1 for _ in report.findings) == 2 * count
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        # An id takes some hundred bytes in a set; a finding would take thousands.
        assert peaks[1] - peaks[0] < 3500 * 400

    def test_nothing_is_written_and_nothing_is_edited(self, run, tmp_path):
        path = jsonl(tmp_path / "a.jsonl", record("a", text="cafÃ©"), record("b", text=""))
        before = path.read_bytes()
        run("check", "a.jsonl")
        assert [one.name for one in tmp_path.iterdir()] == ["a.jsonl"]
        assert path.read_bytes() == before

    def test_standard_input_is_pointed_at_too(self, cli):
        done = cli("check", "-", "--quiet", stdin=b'{"text": "x"}\n{"text": "", "url": "/b"}\n')
        assert b"-:2:10: SC001 error: The record has no text. [text: '']" in done.stdout
        assert done.returncode == 1

    def test_what_a_run_wrote_beside_its_records_is_left_out(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", record("a"))
        run("clean", "a.jsonl", "-o", "out.jsonl", "-q")
        code, _, told = run("check", "out.ledger.jsonl", "a.jsonl")
        assert (code, "out.ledger.jsonl belongs to a run" in told) == (0, True)

    def test_no_file_is_an_error_and_not_a_pass(self, run):
        assert run("check", "nothing.jsonl")[0] == 3


class TestWhatFails:
    @pytest.mark.parametrize(("limit", "code"), [("never", 0), ("error", 0), ("warning", 1), ("info", 1)])
    def test_the_least_severity(self, run, tmp_path, limit, code):
        jsonl(tmp_path / "a.jsonl", record("a", license=None))
        assert run("check", "a.jsonl", "--fail-on", limit)[0] == code

    @pytest.mark.parametrize(
        ("limit", "code"),
        [
            ("PR005=2", 0),
            ("PR005=1", 1),
            ("missing-license=1", 1),
            ("PR005=50%", 0),
            ("PR005=49.9%", 1),
            ("PR005=0", 1),
        ],
    )
    def test_a_limit_by_flag(self, run, tmp_path, limit, code):
        jsonl(tmp_path / "a.jsonl", *(record(f"r{at}", license=None if at < 2 else "CC0-1.0") for at in range(4)))
        done = run("check", "a.jsonl", "--steps", "flag_provenance", "--max", limit)
        assert done[0] == code
        assert ("--max allows" in done[2]) == bool(code)

    def test_within_its_limit_an_error_does_not_fail(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", record("a", text=""), record("b"))
        assert run("check", "a.jsonl", "--max", "SC001=1")[0] == 0

    def test_a_limit_counts_records_and_not_findings(self):
        assert not Limit("PR005", 1).is_passed(1, 10)

    @pytest.mark.parametrize("text", ["PR005", "PR005=", "=3", "PR005=-1", "PR005=x%", "NOPE=1"])
    def test_a_limit_that_is_none_is_a_wrong_call(self, text):
        with pytest.raises(UsageError):
            read_limit(text)

    def test_severities_of_the_users_own(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", record("a", license=None))
        (tmp_path / "own.toml").write_text('[[severity]]\nseverity = "error"\nflags = ["PR005"]\n')
        code, out, _ = run("check", "a.jsonl", "--rules", "own.toml")
        assert (code, "PR005 error" in out) == (1, True)


class TestWaivers:
    ROW = '[[waiver]]\ncode = "missing-license"\nreason = "Being cleared."\nexpires = 2024-06-30\n'

    @pytest.fixture
    def corpus(self, tmp_path):
        jsonl(tmp_path / "data/old/a.jsonl", record("a", license=None))
        jsonl(tmp_path / "data/b.jsonl", record("b", license=None))
        return tmp_path

    @pytest.mark.parametrize(
        ("more", "left"),
        [("", []), ('path = "data/old/*"\n', ["b"]), ('id = "b"\n', ["a"]), ('path = "data/*"\nid = "a"\n', ["b"])],
    )
    def test_a_waived_finding_is_counted_and_not_told(self, run, corpus, more, left):
        (corpus / "corpus-tools.toml").write_text(self.ROW + more)
        code, out, told = run("check", "data", "--now", "2024-06-30", "--fail-on", "warning", "--format", "jsonl")
        assert [json.loads(line)["id"] for line in out.splitlines()] == left
        assert (code, f"Waived: {2 - len(left)} findings." in told) == (int(bool(left)), True)

    def test_the_day_after_its_last_it_is_a_finding_itself(self, run, corpus):
        (corpus / "corpus-tools.toml").write_text("# ours\n\n" + self.ROW)
        code, out, _ = run("check", "data/b.jsonl", "--now", "2024-07-01", "--fail-on", "warning")
        assert code == 1
        first, second = out.splitlines()
        assert first.endswith("corpus-tools.toml:3: CK001 warning: The waiver of PR005 in * has expired on 2024-06-30.")
        assert "PR005" in second

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ({"code": "PR005", "expires": date(2030, 1, 1)}, "needs 'reason'"),
            ({"code": "PR005", "reason": "x"}, "needs 'expires'"),
            ({"code": "PR005", "reason": "x", "expires": "soon"}, "is no day"),
            ({"code": "PR005", "reason": "x", "expires": 7}, "is no day"),
            ({"code": "PR005", "reason": "x", "expires": "2030-01-01", "file": "x"}, "has 'file'"),
            ({"code": "PR999", "reason": "x", "expires": "2030-01-01"}, "PR999"),
        ],
    )
    def test_a_waiver_says_why_and_until_when(self, row, says):
        with pytest.raises(UsageError, match=says):
            read_waivers([row], None)

    def test_the_day_is_read_as_every_other_time(self, run, corpus):
        (corpus / "corpus-tools.toml").write_text(self.ROW)
        assert run("check", "data", "--now", "today")[0] == 2

    def test_a_waiver_covers_its_last_day(self):
        waiver = Waiver("PR005", "x", date(2024, 6, 30))
        assert [waiver.has_expired(date(2024, 6, 30)), waiver.has_expired(date(2024, 7, 1))] == [False, True]


class TestBaseline:
    def records(self):
        return [record(f"r{at}", license=None if at % 2 else "CC0-1.0") for at in range(6)]

    def codes(self, out: str) -> list[str]:
        return [json.loads(line)["id"] for line in out.splitlines()]

    def test_known_problems_stay_quiet_wherever_they_stand(self, run, tmp_path):
        records = self.records()
        jsonl(tmp_path / "a.jsonl", *records)
        run("check", "a.jsonl", "--write-baseline", "known.jsonl")
        (tmp_path / "a.jsonl").unlink()
        jsonl(tmp_path / "moved.jsonl", *reversed(records), record("new", license=None))
        code, out, told = run(
            "check", "moved.jsonl", "--baseline", "known.jsonl", "--fail-on", "info", "--format", "jsonl"
        )
        assert self.codes(out) == ["new"]
        assert "Baseline: 3 known, 0 fixed." in told
        assert code == 1

    def test_a_record_without_an_id_is_known_by_what_it_holds(self, run, tmp_path):
        bare = [{name: value for name, value in one.items() if name != "id"} for one in self.records()]
        jsonl(tmp_path / "a.jsonl", *bare)
        run("check", "a.jsonl", "--write-baseline", "known.jsonl")
        jsonl(tmp_path / "a.jsonl", *reversed(bare))
        assert run("check", "a.jsonl", "--baseline", "known.jsonl", "--format", "jsonl")[1] == ""

    def test_a_problem_known_once_is_not_known_twice(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", {"text": "x"})
        run("check", "a.jsonl", "--write-baseline", "known.jsonl", "--steps", "validate,flag_provenance")
        (tmp_path / "a.jsonl").write_text("broken\n")
        run("check", "a.jsonl", "--write-baseline", "known.jsonl")
        (tmp_path / "a.jsonl").write_text("broken\nbroken\n")
        code, out, _ = run("check", "a.jsonl", "--baseline", "known.jsonl", "--format", "jsonl")
        assert (code, len(out.splitlines())) == (1, 1)

    def test_what_was_fixed_is_said_and_taken_out(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", *self.records())
        jsonl(tmp_path / "b.jsonl", record("other", license=None))
        run("check", "a.jsonl", "b.jsonl", "--write-baseline", "known.jsonl")
        before = (tmp_path / "known.jsonl").read_text().splitlines()
        mended = [one | {"license": "CC0-1.0"} if one["id"] == "r1" else one for one in self.records()]
        jsonl(tmp_path / "a.jsonl", *mended, record("new", license=None))
        _, out, told = run(
            "check", "a.jsonl", "--baseline", "known.jsonl", "--write-baseline", "known.jsonl", "--format", "jsonl"
        )
        after = (tmp_path / "known.jsonl").read_text().splitlines()
        assert "Baseline: 2 known, 1 fixed." in told
        assert self.codes(out) == ["new"]
        assert [line for line in before if line not in after] == [line for line in before if '"r1"' in line]
        assert not [line for line in after if line not in before]

    def test_a_problem_stays_known_in_the_file_that_was_not_looked_at(self, run, tmp_path):
        for name in ("a.jsonl", "b.jsonl"):
            jsonl(tmp_path / name, record("same", license=None))
        run("check", "a.jsonl", "b.jsonl", "--write-baseline", "known.jsonl", "--steps", "flag_provenance")
        before = (tmp_path / "known.jsonl").read_bytes()
        jsonl(tmp_path / "a.jsonl", record("same"))
        run("check", "a.jsonl", "--baseline", "known.jsonl", "--write-baseline", "known.jsonl")
        assert (tmp_path / "known.jsonl").read_bytes() == before.partition(b"\n")[2]

    def test_a_baseline_does_not_take_the_place_of_what_is_read(self, run, tmp_path):
        path = jsonl(tmp_path / "a.jsonl", *self.records())
        before = path.read_bytes()
        assert run("check", "a.jsonl", "--write-baseline", "a.jsonl")[0] == 2
        assert path.read_bytes() == before

    def test_a_settings_file_names_it_from_where_it_stands(self, run, tmp_path, monkeypatch):
        jsonl(tmp_path / "data/a.jsonl", *self.records())
        (tmp_path / "corpus-tools.toml").write_text('[check]\nbaseline = "known.jsonl"\nfail-on = "info"\n')
        monkeypatch.chdir(tmp_path / "data")
        (tmp_path / "known.jsonl").write_text("")
        assert run("check", "a.jsonl")[0] == 1
        run("--config", "/dev/null", "check", "a.jsonl", "--write-baseline", "../known.jsonl")
        assert run("check", "a.jsonl")[0] == 0

    def test_the_file_does_not_depend_on_the_order_of_records(self, run, tmp_path):
        jsonl(tmp_path / "a.jsonl", *self.records())
        run("check", "a.jsonl", "--write-baseline", "one.jsonl")
        jsonl(tmp_path / "a.jsonl", *reversed(self.records()))
        run("check", "a.jsonl", "--write-baseline", "two.jsonl")
        assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()

    def test_two_checks_that_one_value_breaks_are_two_problems(self):
        assert fingerprint("SC003", "url", "It is long.", "a", "") != fingerprint("SC003", "url", "It is odd.", "a", "")

    def test_a_baseline_that_is_none_is_told(self, tmp_path):
        (tmp_path / "known.jsonl").write_text('{"code": 3}\n')
        with pytest.raises(UsageError, match=r"known\.jsonl:1"), check(baseline=tmp_path / "known.jsonl"):
            pass
        with pytest.raises(InputError, match="--write-baseline"), check(baseline=tmp_path / "none.jsonl"):
            pass


def test_the_flags_of_the_check_have_a_sentence_each():
    assert [FLAGS[code].name for code in ("CK001", "CK002")] == ["waiver-expired", "link-leads-out"]
