"""The figures of a run as tables: what `corpus-tools stats` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from corpus_tools.flags import FLAGS

_MOST = 15


class Table(NamedTuple):
    """A table with its title; every cell is text."""

    title: str
    head: tuple[str, ...]
    rows: list[list[str]]


def tables_of(figures: Mapping[str, Any]) -> Iterator[Table]:
    """The tables of a run, from what `corpus_tools.survey.figures` gives; empty ones are left out."""
    made = (
        _flow(figures["manifest"]["counts"], figures["flow"]),
        _flags(figures["flags"], figures["walked"]),
        _provenance(figures["manifest"].get("provenance") or {}),
        *_languages(figures["languages"]),
        *_chains(figures["chains"]),
        *_copies(figures["copies"]),
        *_cuts(figures["cuts"]),
        *_encoding(figures["encoding"]),
        _dates(figures["dates"]),
    )
    yield from (table for table in made if table.rows)


def _flow(counts: Mapping[str, int], flow: Mapping[str, Any]) -> Table:
    read = counts["read"]
    rows = [["read", "", "", *_share(read, read)]]
    rows += [[end["where"], end["verdict"], _flag(end["flag"]), *_share(end["count"], read)] for end in flow["ends"]]
    if counts["quarantined"]:
        rows.append(["quarantined", "", "", *_share(counts["quarantined"], read)])
    return Table("Records", ("where", "verdict", "for", "records", "share"), rows)


def _flags(flags: Sequence[Mapping[str, Any]], records: int) -> Table:
    rows = [[row["code"], row["name"], row["severity"], *_share(row["findings"], records)] for row in flags]
    return Table("Flags", ("flag", "name", "severity", "findings", "for each record"), rows)


def _provenance(told: Mapping[str, Any]) -> Table:
    rows = []
    for outlet, row in list(told.get("by_outlet", {}).items())[:_MOST]:
        worst = sorted(row["flags"].items(), key=lambda pair: (-pair[1], pair[0]))[:3]
        rows.append([outlet, f"{row['records']:,}", f"{row['score']:.2f}",
                     ", ".join(f"{code} {count:,}" for code, count in worst)])  # fmt: skip
    return Table("Provenance by outlet", ("outlet", "records", "score", "most often"), rows)


def _languages(told: Mapping[str, Any] | None) -> Iterator[Table]:
    if told:
        total = sum(row["count"] for row in told["pairs"])
        rows = [[row["declared"], row["detected"], *_share(row["count"], total)] for row in told["pairs"][:_MOST]]
        yield Table("Languages", ("declared", "detected", "records", "share"), rows)


def _chains(told: Mapping[str, Any] | None) -> Iterator[Table]:
    if told:
        yield _counted("Syndication", "status", told["status"])
        yield _counted("Origins", "name", told["origins"])
        rows = [[row["name"], row["role"], row["to_name"], row["to_role"], f"{row['count']:,}"]
                for row in told["edges"][:_MOST]]  # fmt: skip
        yield Table("Hand-overs", ("from", "as", "to", "as", "records"), rows)


def _copies(told: Mapping[str, Any] | None) -> Iterator[Table]:
    if told:
        yield _counted("Copies", "relation", told["relations"])
        yield _counted("Why the other one was kept", "rule", told["rules"])
        rows = [[f"{row['size']:,}", f"{row['clusters']:,}"] for row in told["sizes"]]
        yield Table("Clusters", ("records", "clusters"), rows)


def _cuts(told: Mapping[str, Any] | None) -> Iterator[Table]:
    if told:
        yield _counted("Furniture that was cut", "rule", told["rules"])


def _encoding(told: Mapping[str, Any] | None) -> Iterator[Table]:
    if told:
        rows = [[repr(row["old"]), repr(row["new"]), f"{row['count']:,}"] for row in told["repairs"][:_MOST]]
        yield Table("Repairs", ("was", "is", "times"), rows)


def _dates(told: Mapping[str, Any]) -> Table:
    years: dict[str, int] = {}
    for bar in told["bars"]:
        year = str(bar["period"])[:4]
        years[year] = years.get(year, 0) + bar["count"]
    others = {"before": told.get("before", 0), "no date": told["undated"]}
    total = sum(years.values()) + sum(others.values())
    counts = years | {name: count for name, count in others.items() if count}
    rows = [[year, *_share(count, total)] for year, count in counts.items()]
    return Table("Published", ("year", "records", "share"), rows)


def _counted(title: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    total = sum(row["count"] for row in rows)
    return Table(
        title, (name, "records", "share"), [[str(row[name]), *_share(row["count"], total)] for row in rows[:_MOST]]
    )


def _share(count: int, of: int) -> tuple[str, str]:
    return f"{count:,}", f"{count / of:.1%}" if of else ""


def _flag(code: str) -> str:
    return f"{code} {FLAGS[code].name}" if code in FLAGS else code
