import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tools.index.scratch import KeyFile, Sieve


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), max_size=20), max_size=25), st.integers(0, 400))
def test_a_sieve_gives_each_number_once_in_order_however_little_room_it_has(parts: list[list[int]], room: int) -> None:
    sieve = Sieve(room)
    for part in parts:
        sieve.add(np.array(part, np.uint64))
    found = [number for part in sieve.sorted() for number in part.tolist()]
    assert found == sorted({number for part in parts for number in part})


def test_a_sieve_with_little_room_gives_parts_that_fit_into_it() -> None:
    sieve = Sieve(room=1600)
    for start in range(0, 5000, 50):
        sieve.add(np.arange(start, start + 50, dtype=np.uint64))
    parts = list(sieve.sorted())
    assert len(parts) > 10
    assert max(map(len, parts)) <= 100


def test_a_column_of_keys_is_read_by_itself_whatever_the_chunks_were() -> None:
    keys = np.arange(30_000, dtype=np.uint64).reshape(-1, 3)
    file = KeyFile()
    for start, stop in ((0, 1), (1, 4090), (4090, 9000), (9000, 10_000)):
        file.add(keys[start:stop])
    file.flush()
    assert [file.column(number).tolist() for number in range(3)] == keys.T.tolist()
    file.close()
