"""A frame that was cleaned tells the same story as the files of a run."""

import json
from pathlib import Path

import pandas as pd
import pytest

import corpus_tools as ct
from corpus_tools.errors import InputError

from .runs import cleaned


@pytest.fixture(scope="module")
def run(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cleaned([raw], tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def frames(raw: Path) -> ct.Cleaned:
    with pytest.warns(UserWarning, match="could not be read"):
        return ct.clean(ct.read(raw))


@pytest.mark.parametrize("name", ["arah-5571", "bb-tin-1", "id-1", "ap-lift-bridge"])
def test_frames_and_files_tell_one_story(run: Path, frames: ct.Cleaned, name: str) -> None:
    of_files, of_frames = ct.explain(run, name), ct.explain(frames, name)
    assert of_frames.keys() == of_files.keys()
    for key in of_files.keys() - {"changes", "chain"}:
        assert of_frames[key] == of_files[key], key
    assert [hop["evidence"] for hop in of_frames["chain"]] == [hop["evidence"] for hop in of_files["chain"]]
    json.dumps(of_frames)


def test_frames_and_files_compare_alike(run: Path, frames: ct.Cleaned) -> None:
    of_files, of_frames = (ct.compare(source, "arah-5571", "bb-tin-1") for source in (run, frames))
    assert (of_frames["figures"], of_frames["passages"]) == (of_files["figures"], of_files["passages"])
    assert "· " in str(of_frames)


def test_rows_keep_their_own_changes_on_any_index() -> None:
    df = pd.DataFrame(
        {"id": ["same", "same", "other"], "text": ["The cafÃ© is open.", "The pier is shut.", "The piÃ¨ce is on."]},
        index=["b", "a", "b"],
    )
    kept = ct.clean(df)
    assert kept.is_kept.tolist() == [True, True, True]
    first = ct.explain(kept, "same")
    assert (first["source_file"], first["source_line"]) == ("frame", 0)
    assert [edit["new"] for change in first["changes"] for edit in change["edits"]] == ["é"]
    assert ct.explain(kept, "other")["source_line"] == 2
    with pytest.raises(InputError, match=r"No record of the frame .* Did you mean other"):
        ct.explain(kept, "othre")
