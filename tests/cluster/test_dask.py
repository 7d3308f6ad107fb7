"""However a corpus is parted, Dask workers find in it what one machine finds, and write the same records."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from corpus_tools.errors import InputError, OutputError, UsageError
from corpus_tools.restore import find_outputs, restored_records
from corpus_tools.run import Settings, run

from ..conftest import FIXTURES
from ..engines.corpora import lines

LIGHT = ("fix_encoding", "normalize_whitespace", "mark_duplicates", "decide")
CORPORA = FIXTURES / "corpora"
SAID_OF_THE_RUN = {"seconds", "peak_memory_mb", "outputs"}

Found = dict[str, Any]


def said(manifest: dict[str, Any]) -> dict[str, Any]:
    return {name: what for name, what in manifest.items() if name not in SAID_OF_THE_RUN}


def changes(ledger: bytes) -> list[bytes]:
    """The ledger without the rows that name keys: each part has its own first one."""
    return [line for line in ledger.splitlines() if b'"step":"read","keys"' not in line]


def on_one_machine(inputs: list[Path], out: Path, **settings: Any) -> Found:
    manifest = run([str(path) for path in inputs], Settings(output=str(out), jobs=1, **settings)).manifest
    beside = {kind: out.with_suffix(f".{kind}.jsonl") for kind in ("removed", "findings", "quarantine", "ledger")}
    found: Found = {kind: path.read_bytes() for kind, path in {"kept": out, **beside}.items()}
    return found | {"ledger": changes(found["ledger"]), "manifest": said(manifest)}


def on_dask(inputs: list[Path], out: Path, **settings: Any) -> Found:
    given: dict[str, Any] = {"scheduler": "synchronous", **settings}
    manifest = run([str(path) for path in inputs], Settings(output=f"{out}/", engine="dask", **given)).manifest
    return parts_in(out) | {"manifest": said(manifest)}


def parts_in(out: Path) -> Found:
    folders = {"kept": out, **{kind: out / kind for kind in ("removed", "findings", "quarantine", "ledger")}}
    found: Found = {
        kind: b"".join(path.read_bytes() for path in sorted(folder.glob("part-*"))) for kind, folder in folders.items()
    }
    return found | {"ledger": changes(found["ledger"])}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dask") / "in.jsonl"
    path.write_bytes(b"\n".join(lines(600)) + b"\n")
    return path


@pytest.mark.parametrize("parts", [1, 3, 16])
def test_a_corpus_in_parts_gives_what_it_gives_whole(tmp_path: Path, source: Path, parts: int) -> None:
    whole = on_one_machine([source], tmp_path / "out.jsonl", steps=LIGHT)
    size = source.stat().st_size // parts + 1
    assert on_dask([source], tmp_path / "parted", steps=LIGHT, part_bytes=size) == whole
    assert len(list((tmp_path / "parted").glob("part-*.jsonl"))) == parts
    assert '"duplicate_of":"' in whole["removed"].decode()


def test_the_whole_chain_gives_the_same_over_files_of_all_kinds(tmp_path: Path, source: Path) -> None:
    packed = tmp_path / "some.jsonl.gz"
    packed.write_bytes(gzip.compress(b"\n".join(lines(90, seed=3))))
    inputs = [CORPORA / "raw_news.jsonl", packed, CORPORA / "pages", source]
    common = {"learned_furniture": "cut"}
    whole = on_one_machine(inputs, tmp_path / "out.jsonl", common=common)
    assert on_dask(inputs, tmp_path / "parted", common=common, part_bytes=150_000, scheduler="threads") == whole


def test_what_an_earlier_run_marked_is_counted_in_whatever_part_it_is(tmp_path: Path, source: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    run([str(source)], Settings(output=str(marked), steps=LIGHT, remove=False, jobs=1))
    whole = on_one_machine([marked], tmp_path / "out.jsonl", steps=LIGHT)
    assert on_dask([marked], tmp_path / "parted", steps=LIGHT, part_bytes=90_000) == whole


def test_a_chain_without_duplicates_passes_once(tmp_path: Path, source: Path) -> None:
    steps = ("fix_encoding", "decide")
    whole = on_one_machine([source], tmp_path / "out.jsonl", steps=steps)
    assert on_dask([source], tmp_path / "parted", steps=steps, part_bytes=90_000) == whole


def test_parts_without_a_record_are_parts(tmp_path: Path) -> None:
    for name, data in (("a", b""), ("b", b"{broken\n"), ("c", b'{"text": "The ferry sails again at dawn."}\n')):
        (tmp_path / f"{name}.jsonl").write_bytes(data)
    inputs = [tmp_path / f"{name}.jsonl" for name in "abc"]
    whole = on_one_machine(inputs, tmp_path / "out.jsonl")
    assert on_dask(inputs, tmp_path / "parted", part_bytes=1) == whole


def test_the_other_verbs_read_parts(tmp_path: Path, source: Path) -> None:
    from corpus_tools.io.sources import find_sources
    from corpus_tools.story import stories
    from corpus_tools.survey.figures import figures_of
    from corpus_tools.survey.visit import find_run

    on_one_machine([source], tmp_path / "out.jsonl", steps=LIGHT)
    on_dask([source], tmp_path / "parted", steps=LIGHT, part_bytes=90_000)
    whole, parted = find_outputs(tmp_path / "out.jsonl"), find_outputs(tmp_path / "parted")
    assert list(restored_records(parted)) == list(restored_records(whole))
    copy = next(whole.sidecar("removed"))["id"]
    assert stories(parted, copy) == stories(whole, copy)
    assert find_sources([tmp_path / "parted"]) == [str(path) for path in sorted((tmp_path / "parted").glob("part-*"))]
    drawn = [figures_of(find_run(run)) for run in (tmp_path / "parted" / "run.json", tmp_path / "out.jsonl")]
    assert [name for name in drawn[1] if drawn[0][name] != drawn[1][name]] == ["manifest", "records"]


def test_nothing_unfinished_stays_behind(tmp_path: Path, source: Path) -> None:
    on_dask([source], tmp_path / "parted", steps=LIGHT, part_bytes=90_000)
    assert not (tmp_path / "parted" / ".work").exists()
    with pytest.raises(OutputError, match="not empty"):
        on_dask([source], tmp_path / "parted", steps=LIGHT)
    (tmp_path / "steps.py").write_text(
        "import corpus_tools\n\n\n@corpus_tools.step(reads=['text'])\n"
        "def fall(df):\n    raise RuntimeError('it fell')\n",
        encoding="utf-8",
    )
    with pytest.raises(RuntimeError, match="it fell"):
        on_dask([source], tmp_path / "other", steps=(f"{tmp_path / 'steps.py'}:fall",))
    assert not (tmp_path / "other").exists()


def test_what_dask_can_not_do_is_refused(tmp_path: Path, source: Path) -> None:
    for settings, name in (
        ({"resume": True}, "--resume"),
        ({"index": tmp_path / "index"}, "--index"),
        ({"reading": {"limit": 3}}, "--limit"),
        ({"output_format": "csv"}, "csv"),
    ):
        with pytest.raises(UsageError, match=name):
            on_dask([source], tmp_path / "parted", **settings)
    with pytest.raises(UsageError, match="folder"):
        run([str(source)], Settings(engine="dask"))
    with pytest.raises(InputError, match="There is no file"):
        on_dask([tmp_path / "none.jsonl"], tmp_path / "parted")
    assert not (tmp_path / "parted").exists()
