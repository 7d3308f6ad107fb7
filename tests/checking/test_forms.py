"""Every form of a report is what the system that reads it expects."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from junitparser import Failure, JUnitXml
from markdown_it import MarkdownIt

from corpus_tools.report import sarif
from corpus_tools.report.forms import FORMS
from corpus_tools.report.markdown import code

from .corpus import check, jsonl, record
from .test_check import run

__all__ = ["run"]

# OASIS's schema of SARIF 2.1.0 as SchemaStore publishes it (Apache-2.0), to the letter.
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


@pytest.fixture
def many(tmp_path) -> Path:
    """Twelve warnings, three errors and the rest in one file, and nothing wrong in another."""
    jsonl(tmp_path / "fine.jsonl", record("fine"))
    rows = [record(f"w{at}", license=None) for at in range(12)] + [record(f"e{at}", url=None) for at in range(3)]
    jsonl(tmp_path / "bad.jsonl", *rows)
    return tmp_path


def written(report, form: str) -> str:
    return "\n".join(FORMS[form](report))


class TestSarif:
    def test_it_holds_to_the_published_schema(self, many, fixtures):
        with check(many, fixtures / "corpora", steps=None) as report:
            jsonschema.validate(json.loads(written(report, "sarif")), SCHEMA)

    def test_no_findings_are_a_log_too(self, many):
        with check(many / "fine.jsonl") as report:
            log = json.loads(written(report, "sarif"))
        jsonschema.validate(log, SCHEMA)
        assert log["runs"][0]["results"] == []

    def test_results_have_rules_levels_places_and_fingerprints(self, many):
        with check(many) as report:
            run = json.loads(written(report, "sarif"))["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        results = run["results"]
        assert [rules[one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
        assert {(one["ruleId"], one["level"]) for one in results} == {("PR005", "warning"), ("PR002", "error")}
        assert len({one["partialFingerprints"]["corpusTools/v1"] for one in results}) == len(results)
        assert all(rule["help"]["text"] and "**" in rule["help"]["markdown"] for rule in rules)
        place = results[0]["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] == 1
        assert run["columnKind"] == "unicodeCodePoints"

    def test_only_the_gravest_are_written_where_there_are_too_many(self, many, monkeypatch):
        monkeypatch.setattr(sarif, "MOST", 4)
        with check(many) as report:
            log = json.loads(written(report, "sarif"))
        run = log["runs"][0]
        jsonschema.validate(log, SCHEMA)
        assert [one["level"] for one in run["results"]] == ["error"] * 3 + ["warning"]
        assert "11 findings" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]

    def test_a_run_may_have_as_many_results_as_code_scanning_takes(self):
        assert sarif.MOST == 25_000

    def test_paths_are_addresses_below_the_root(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".git").mkdir()
        jsonl(tmp_path / "data/Mai & Juni/é#1.jsonl", record("a", license=None))
        with check("data") as report:
            result = json.loads(written(report, "sarif"))["runs"][0]["results"][0]
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact == {"uri": "data/Mai%20%26%20Juni/%C3%A9%231.jsonl", "uriBaseId": "%SRCROOT%"}


class TestJunit:
    def test_a_reader_of_junit_reads_it(self, many, tmp_path):
        path = tmp_path / "out.xml"
        with check(many) as report:
            path.write_text(written(report, "junit"), encoding="utf-8")
        suites = JUnitXml.fromfile(str(path))
        assert (suites.tests, suites.failures) == (16, 3)
        by_name = {Path(suite.name).name: suite for suite in suites}
        assert (by_name["fine.jsonl"].tests, by_name["fine.jsonl"].failures) == (1, 0)
        assert (by_name["bad.jsonl"].tests, by_name["bad.jsonl"].failures) == (15, 3)
        failed = [case for case in by_name["bad.jsonl"] if any(isinstance(one, Failure) for one in case.result)]
        assert len(failed) == 3
        assert failed[0].name == "PR002 missing-url, line 13, url"
        assert failed[0].result[0].type == "PR002"

    def test_the_counts_are_those_of_the_tests(self, fixtures, tmp_path):
        path = tmp_path / "out.xml"
        with check(fixtures / "corpora", steps=None, fail_on="warning") as report:
            path.write_text(written(report, "junit"), encoding="utf-8")
        for suite in JUnitXml.fromfile(str(path)):
            told = suite.tests, suite.failures
            suite.update_statistics()
            assert told == (suite.tests, suite.failures)


class TestGitlab:
    def test_it_is_a_list_of_issues(self, many):
        with check(many) as report:
            issues = json.loads(written(report, "gitlab"))
        assert len(issues) == 15
        assert {issue["severity"] for issue in issues} <= {"info", "minor", "major", "critical", "blocker"}
        assert len({issue["fingerprint"] for issue in issues}) == 15
        assert issues[12]["location"]["lines"] == {"begin": 13, "end": 13}

    def test_no_findings_are_an_empty_list(self, many):
        with check(many / "fine.jsonl") as report:
            assert json.loads(written(report, "gitlab")) == []


class TestGithub:
    def test_ten_at_most_the_gravest_first_and_the_last_says_how_many_more(self, many):
        with check(many) as report:
            lines = written(report, "github").split("\n")
        assert len(lines) == 10
        assert [line.split(" ")[0] for line in lines] == ["::error"] * 3 + ["::warning"] * 6 + ["::notice"]
        assert "6 more findings in the same file" in lines[-1]

    def test_ten_are_all_shown(self, tmp_path):
        jsonl(tmp_path / "a.jsonl", *(record(f"w{at}", license=None) for at in range(10)))
        with check(tmp_path / "a.jsonl") as report:
            lines = written(report, "github").split("\n")
        assert (len(lines), lines[-1].startswith("::warning")) == (10, True)

    def test_lines_and_columns_are_named(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "a.jsonl").write_text('{"text": "x", "url": "/b"}\n')
        with check("a.jsonl", steps=("validate",)) as report:
            (line,) = written(report, "github").split("\n")
        assert line.startswith(
            "::warning file=a.jsonl,line=1,endLine=1,col=22,endColumn=26,title=SC003 invalid-value::"
        )

    def test_a_file_that_has_no_lines_gets_none(self, tmp_path):
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"text": ["x"], "url": ["/b"]}), tmp_path / "a.parquet")
        with check(tmp_path / "a.parquet", steps=("validate",)) as report:
            (line,) = written(report, "github").split("\n")
        assert re.match(r"::warning file=[^,]*a\.parquet,title=SC003 invalid-value::row 1: ", line)

    def test_paths_start_at_the_root_of_the_tree(self, tmp_path, monkeypatch):
        (tmp_path / ".git").mkdir()
        jsonl(tmp_path / "data/a.jsonl", record("a", license=None))
        monkeypatch.chdir(tmp_path / "data")
        with check("a.jsonl") as report:
            assert "file=data/a.jsonl," in written(report, "github")


class TestMarkdown:
    def tables(self, text: str) -> list[list[list[str]]]:
        """The cells of every table, as a reader of Markdown sees them."""
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
        tables: list[list[list[str]]] = []
        for token, inside in itertools.pairwise(tokens):
            if token.type == "table_open":
                tables.append([])
            elif token.type == "tr_open":
                tables[-1].append([])
            elif token.type in ("td_open", "th_open"):
                tables[-1][-1].append("".join(part.content for part in inside.children or []))
        return tables

    def test_it_counts_by_flag_and_file_and_shows_the_corpus(self, many):
        with check(many, steps=None) as report:
            flags, files, gravest, corpus = self.tables(written(report, "markdown"))
        assert flags[1][:4] == ["PR005", "missing-license", "warning", "12"]
        assert files[1][0].endswith("bad.jsonl")
        assert gravest[1][1] == "PR002"
        assert ["records", "16"] in corpus

    def test_it_shows_by_whom_a_copy_came(self, raw):
        with check(raw, steps=None) as report:
            tables = self.tables(written(report, "markdown"))
        copies = next(table for table in tables if "who wrote it" in table[0][2])
        assert "Bloomberg → The Malaysian Reserve → Arah.my" in [row[2] for row in copies]

    @pytest.mark.parametrize("text", ["a|b", "a\\|b", "`", "``|`", " x ", "<script>", "\\", "[a](b)", "|\\\\|", "`a"])
    def test_a_value_stays_one_cell_and_stays_itself(self, text):
        table = self.tables(f"| a | b |\n| --- | --- |\n| {code(text)} | z |")[0]
        assert table[1][1] == "z"
        assert table[1][0].replace("\\x5c", "\\") == text

    def test_it_is_added_to_the_summary_of_the_step(self, run, many, monkeypatch):
        summary = many / "summary.md"
        summary.write_text("before\n")
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
        run("check", "bad.jsonl")
        text = summary.read_text()
        assert text.startswith("before\n## Check of the corpus: failed\n")


class TestWhereTheyGo:
    def test_several_at_once(self, run: Callable, many):
        forms = ["sarif", "junit", "gitlab", "markdown", "jsonl", "github"]
        given = [part for form in forms for part in ("--format", f"{form}:out/{form}")]
        code, out, _ = run("check", "bad.jsonl", "--format", "text", *given)
        assert code == 1
        assert len(out.splitlines()) == 15
        assert sorted(path.name for path in (many / "out").iterdir()) == sorted(forms)
        assert len((many / "out/jsonl").read_text().splitlines()) == 15

    @pytest.mark.usefixtures("many")
    def test_text_and_annotations_share_a_log(self, run):
        _, out, _ = run("check", "bad.jsonl", "--format", "text", "--format", "github")
        assert len(out.splitlines()) == 25

    @pytest.mark.usefixtures("many")
    @pytest.mark.parametrize(
        "given", [["--format", "sarif", "--format", "junit"], ["--format", "word"], ["--format", "sarif:"]]
    )
    def test_what_can_not_be_is_a_wrong_call(self, run, given):
        code, out, _ = run("check", "bad.jsonl", *given)
        assert (code, out) == (2, "")

    def test_a_report_does_not_take_the_place_of_what_is_read(self, run, many):
        before = (many / "bad.jsonl").read_bytes()
        assert run("check", "bad.jsonl", "--format", "jsonl:bad.jsonl")[0] == 2
        assert (many / "bad.jsonl").read_bytes() == before

    def test_validate_has_the_same_forms(self, run, many):
        (many / "x.jsonl").write_text('{"text": ""}\n')
        code, out, _ = run("validate", "x.jsonl", "--format", "sarif")
        jsonschema.validate(json.loads(out), SCHEMA)
        assert code == 1

    def test_a_settings_file_may_name_them(self, run, many):
        (many / "corpus-tools.toml").write_text('[check]\nformat = ["gitlab:out.json", "text"]\nfail-on = "never"\n')
        code, out, _ = run("check", "bad.jsonl")
        assert (code, len(json.loads((many / "out.json").read_text())), len(out.splitlines())) == (0, 15, 15)
