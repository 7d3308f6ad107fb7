"""Times are read where they have one reading, and never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tools.text.dates import format_time, parse_time

MORNING = "2023-05-14T10:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        MORNING, "2023-05-14T10:00Z", "2023-05-14 10:00:00", "2023/05/14 10:00", "2023-05-14T18:00:00+08:00",
        "2023-05-14T18:00:00+0800", "2023-05-14T10:00:00.000Z", "2023-05-14 10:00:00 UTC", "20230514T100000Z",
        "20230514100000", "Sun, 14 May 2023 10:00:00 GMT", "Sun, 14 May 2023 18:00:00 +0800", "14 May 2023 10:00",
        "Sun, 14 May 23 06:00:00 EDT", "14 May 2023 18:00 MYT", "May 14, 2023 at 10:00 a.m.", "May 14, 2023, 10:00 AM",
        "Sun May 14 2023 18:00:00 GMT+0800 (Malaysia Time)", "Sun May 14 10:00:00 +0000 2023", "14/05/2023 10:00",
        1684058400, 1684058400.0, "1684058400", 1684058400000, "1684058400000", 1684058400000000,
        datetime(2023, 5, 14, 10), datetime(2023, 5, 14, 18, tzinfo=timezone(timedelta(hours=8))),
        pd.Timestamp("2023-05-14T10:00", tz="UTC"),
    ],
)  # fmt: skip
def test_a_time_in_any_usual_form_is_one_moment(value):
    time, precision = parse_time(value)
    assert time is not None
    assert (format_time(time), precision, type(time)) == (MORNING, "second", datetime)


@pytest.mark.parametrize(
    "value",
    ["2023-05-14", "2023/5/14", "2023.05.14", "20230514", 20230514, "May 14, 2023", "14 May 2023", "14-May-2023",
     "Sunday, 14th May 2023", "May. 14, 2023", "14/05/2023", "05/14/2023", "5/14/23", "2023-05-14Z",
     date(2023, 5, 14)],
)  # fmt: skip
def test_a_day_is_midnight_and_says_that_it_is_a_day(value):
    assert parse_time(value) == (datetime(2023, 5, 14, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "01/02/2023", "01.02.2023", "2023-05", "2023", "2023-02-30", "2023-05-14T25:00:00Z",
     "0001-01-01", "0001-01-01T00:00:00Z", "14/5/23", "8/11/18", "5/5/23", True,
     12, 1e300, float("inf"), float("nan"), "14 May 2023 10:00 IST", pd.NaT, "x" * 200,
     "14 Foo 2023", "13:00 pm 14 May 2023", "May 14, 2023 13:00 PM", "99991231235959 -0100", ["2023-05-14"],
     "14 May 2023 10:00 EST-0500"],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_not_read(value):
    assert parse_time(value) == (None, None)


def test_fractions_are_kept_to_the_microsecond():
    time, _ = parse_time("2018-01-25 16:17:44.789555")
    assert time is not None
    assert format_time(time) == "2018-01-25T16:17:44.789555Z"
    assert parse_time(1684058400123)[0] == datetime(2023, 5, 14, 10, 0, 0, 123000, tzinfo=UTC)


@given(st.datetimes(datetime(1600, 1, 1), datetime(9999, 1, 1)))
def test_the_written_form_is_read_back_as_it_was(time):
    assert parse_time(format_time(time)) == (time.replace(tzinfo=UTC), "second")


@given(st.text(max_size=40))
def test_no_text_breaks_it(text):
    parse_time(text)


@pytest.mark.parametrize(
    "value",
    [
        date(1, 1, 1), datetime(1, 1, 1), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), pd.NaT,
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), int("1" * 400),
    ],
)  # fmt: skip
def test_a_date_object_says_no_more_than_the_same_date_as_text(value):
    assert parse_time(value) == (None, None)
