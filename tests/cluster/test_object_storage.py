"""A corpus in object storage, on a real server on loopback: read from there, cleaned, and written there."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

s3fs = pytest.importorskip("s3fs")
server = pytest.importorskip("moto.server")

from corpus_tools.cluster.store import Store, file_system  # noqa: E402  # only where there is a server
from corpus_tools.errors import InputError  # noqa: E402
from corpus_tools.run import Settings, run  # noqa: E402

from ..engines.corpora import lines  # noqa: E402
from .test_dask import LIGHT, on_one_machine, parts_in, said  # noqa: E402

# What botocore and the server say of their own code is not ours to mend.
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::ResourceWarning")


def _forget() -> None:
    """Let the next file system be made anew, with the variables that are set then."""
    file_system.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        _forget()
        file_system("s3://news")[0].mkdir("news")
        yield "s3://news"
    _forget()
    running.stop()


def test_a_corpus_goes_from_bucket_to_bucket(tmp_path: Path, bucket: str) -> None:
    for name, seed in (("a", 5), ("b", 6)):
        data = b"\n".join(lines(60, seed))
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
        Store(f"{bucket}/raw").write(f"{name}.jsonl.gz", (tmp_path / f"{name}.jsonl.gz").read_bytes())
    Store(f"{bucket}/raw").write("c.jsonl", b"\n".join(lines(60, 5)))
    (tmp_path / "c.jsonl").write_bytes(b"\n".join(lines(60, 5)))
    settings = Settings(
        output=f"{bucket}/clean/", engine="dask", scheduler="synchronous", steps=LIGHT, part_bytes=30_000
    )
    manifest = run([f"{bucket}/raw/*.jsonl.gz", f"{bucket}/raw/c.jsonl"], settings).manifest
    files, path = file_system(f"{bucket}/clean")
    files.get(path, str(tmp_path / "clean"), recursive=True)
    whole = on_one_machine([tmp_path / f"{name}" for name in ("a.jsonl.gz", "b.jsonl.gz", "c.jsonl")],
                           tmp_path / "out.jsonl", steps=LIGHT)  # fmt: skip
    here = str(tmp_path).encode()

    def anywhere(data: bytes) -> bytes:
        return data.replace(here, b"").replace(f"{bucket}/raw".encode(), b"")

    parted = parts_in(tmp_path / "clean")
    for kind in ("kept", "removed", "findings", "quarantine"):
        assert anywhere(parted[kind]) == anywhere(whole[kind]), kind
    assert said(manifest)["counts"] == whole["manifest"]["counts"]
    assert [entry["sha256"] for entry in manifest["inputs"]] == [
        entry["sha256"] for entry in whole["manifest"]["inputs"]
    ]
    assert not files.exists(f"{path}/.work")


def test_an_object_that_is_not_there_is_told(bucket: str) -> None:
    settings = Settings(output=f"{bucket}/none/", engine="dask", scheduler="synchronous")
    with pytest.raises(InputError, match="There is no file s3://news/nothing"):
        run([f"{bucket}/nothing/*.jsonl"], settings)


def test_who_has_no_credentials_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    _forget()
    settings = Settings(output=str(tmp_path / "clean"), engine="dask", scheduler="synchronous", steps=LIGHT)
    with pytest.raises(InputError, match="credentials"):
        run(["s3://news/raw/*.jsonl"], settings)
    _forget()
