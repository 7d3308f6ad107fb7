"""From the figures of a run to the pictures of the page. A subject with nothing to show has no picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from corpus_tools.report.page.charts import Chart, Figures, bars, columns, flag_name, heat, label

_OUTLETS, _FLAGS, _LANGUAGES, _BARS = 20, 12, 14, 12
_DEPTHS = {"origin": 0, "distributor": 1, "publisher": 2, "republisher": 3}


def pictures(figures: Figures) -> dict[str, Chart]:
    """The pictures by name."""
    return {chart.id: chart for chart in _all(figures)}


def _all(figures: Figures) -> Iterator[Chart]:
    if figures["manifest"]["counts"]["read"]:
        yield flow(figures)
    if figures["chains"] and figures["chains"]["edges"]:
        yield chains(figures["chains"])
    if figures["copies"] and figures["copies"]["relations"]:
        yield from copies(figures["copies"])
    if (figures["manifest"].get("provenance") or {}).get("fixes"):
        yield provenance(figures["manifest"]["provenance"])
    if figures["languages"] and figures["languages"]["pairs"]:
        yield languages(figures["languages"])
    if figures["encoding"] and figures["encoding"]["outlets"]:
        yield encoding(figures["encoding"])
    if figures["dates"]["bars"]:
        yield dates(figures["dates"])
    if figures["cuts"] and figures["cuts"]["rules"]:
        yield cuts(figures["cuts"])


def flow(figures: Figures) -> Chart:
    """Read → kept, removed, quarantined → why."""
    counts = figures["manifest"]["counts"]
    nodes: dict[str, dict[str, Any]] = {"read": _node("read", "Read", counts["read"], "ink", 0)}
    links: list[dict[str, Any]] = []
    tones = {"kept": "accent", "removed": "soft", "quarantined": "dark"}
    for kind, title in (("kept", "Kept"), ("removed", "Merged or removed"), ("quarantined", "Set aside")):
        if counts[kind]:
            nodes[kind] = _node(kind, title, counts[kind], tones[kind], 1)
            links.append({"source": "read", "target": kind, "value": counts[kind]})
    rows: list[tuple[Any, ...]] = []
    for end in figures["flow"]["ends"]:
        why = _ending(end)
        _branch(nodes, links, end["where"], why, end["count"], tones[end["where"]])
        rows.append((nodes[end["where"]]["title"] if end["where"] in nodes else end["where"], why, end["count"]))
    for broken in figures["flow"]["broken"]:
        _branch(nodes, links, "quarantined", broken["reason"], broken["count"], "dark")
        rows.append(("Set aside", broken["reason"], broken["count"]))
    says = (
        f"Of {counts['read']:,} records read, {counts['kept']:,} were kept, {counts['removed']:,} merged or removed "
        f"and {counts['quarantined']:,} set aside."
    )
    data = {"nodes": list(nodes.values()), "links": links, "settled": True}
    return Chart("flow", "flow", says, ("ended", "why", "records"), rows, data, 120 + 34 * len(rows), 500)


def _ending(end: Figures) -> str:
    if end["verdict"] == "none":
        return "nobody decided"
    if end["verdict"] == "keep":
        return "nothing speaks against it"
    why = flag_name(end["flag"]) if end["flag"] else "by the policy"
    if end["verdict"] == "review":
        return f"to review: {why}"
    return why if end["where"] == "removed" else f"to drop: {why}"


def _branch(nodes: Any, links: list[Any], start: str, why: str, count: int, tone: str) -> None:  # nodes by name
    if start not in nodes:
        return
    name = f"{start}: {why}"
    if name in nodes:
        nodes[name]["count"] += count
        next(link for link in links if link["target"] == name)["value"] += count
        return
    nodes[name] = _node(name, why, count, tone, 2)
    links.append({"source": start, "target": name, "value": count})


def _node(name: str, title: str, count: int, tone: str, depth: int) -> dict[str, Any]:
    return {"name": name, "title": label(title), "count": count, "tone": tone, "depth": depth}


def chains(told: Figures) -> Chart:
    """Agencies → distributors → publishers → republishers; each link leads to its row in the table."""
    nodes: dict[str, dict[str, Any]] = {}
    links = []
    inwards: Counter[str] = Counter()
    outwards: Counter[str] = Counter()
    rows = []
    for at, edge in enumerate(told["edges"], 1):
        ends = [(edge["role"], edge["name"]), (edge["to_role"], edge["to_name"])]
        one, other = (f"{role}: {name}" for role, name in ends)
        rows.append((edge["name"], edge["to_name"], edge["count"], edge["examples"]))
        if _DEPTHS.get(edge["role"], 0) >= _DEPTHS.get(edge["to_role"], 2):
            continue  # two origins side by side: a table can say that, a flow can't
        for (role, name), key in zip(ends, (one, other), strict=True):
            tone = "accent" if role == "origin" else "soft"
            nodes.setdefault(key, _node(key, name, 0, tone, _DEPTHS.get(role, 2)))
        inwards[other] += edge["count"]
        outwards[one] += edge["count"]
        links.append({"source": one, "target": other, "value": edge["count"], "to": f"hop-{at}"})
    for key, node in nodes.items():
        node["count"] = max(inwards[key], outwards[key])
    used = sorted({node["depth"] for node in nodes.values()})
    for node in nodes.values():
        node["depth"] = used.index(node["depth"])
    widest = max(Counter(node["depth"] for node in nodes.values()).values(), default=0)
    first = told["edges"][0]
    says = (
        f"Hand-overs from origins on the left to the outlets on the right. The most frequent: {first['name']} to "
        f"{first['to_name']}, {first['count']:,} records."
    )
    data = {"nodes": list(nodes.values()), "links": links}
    return Chart("chains", "flow", says, ("from", "to", "records", "examples"), rows, data, 90 + 26 * widest, 600)


def copies(told: Figures) -> Iterator[Chart]:
    """How copies relate to the one that is kept, how alike they are, and how many make a cluster."""
    relations = told["relations"]
    names, counts = [row["relation"] for row in relations], [row["count"] for row in relations]
    says = f"Copies by their relation to the record that is kept: {_listed(names, counts)}."
    yield columns("relations", says, names, counts, ("relation", "copies"))
    if told["sizes"]:
        sizes = _grouped(told["sizes"])
        says = f"Clusters by the number of their records. The largest has {told['sizes'][-1]['size']:,}."
        yield columns("sizes", says, list(sizes), list(sizes.values()), ("records in the cluster", "clusters"))


def _grouped(sizes: list[Figures]) -> dict[str, int]:
    steps = ((2, 2), (3, 3), (4, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, 999), (1000, 1 << 60))
    found: dict[str, int] = {}
    for low, high in steps:
        count = sum(row["clusters"] for row in sizes if low <= row["size"] <= high)
        if count:
            found[str(low) if low == high else (f"{low}+" if high > 10_000 else f"{low}–{high}")] = count
    return found


def provenance(told: Figures) -> Chart:
    """Outlets by what nobody recorded, as shares of their records."""
    outlets = sorted(told["by_outlet"], key=lambda name: (-told["by_outlet"][name]["records"], name))[:_OUTLETS]
    totals = {fix["flag"]: fix["records"] for fix in told["fixes"]}  # the manifest names those with most records
    codes = list(totals)[:_FLAGS]
    names = {code: flag_name(code) for code in codes}
    cells: dict[tuple[str, str], float] = {}
    rows: list[tuple[Any, ...]] = []
    for outlet in outlets:
        row = told["by_outlet"][outlet]
        shares = {code: row["flags"].get(code, 0) / row["records"] for code in codes}
        cells |= {(outlet, names[code]): round(100 * share) for code, share in shares.items()}
        score = "" if row["score"] is None else f"{row['score']:.2f}"
        rows.append((outlet, row["records"], score, *(f"{share:.0%}" for share in shares.values())))
    worst = codes[0]
    says = (
        f"Shares of records with each flag, by outlet. The most frequent flag is {names[worst]}, "
        f"on {totals[worst]:,} records."
    )
    head = ("outlet", "records", "score", *names.values())
    return heat("provenance", says, cells, outlets, list(names.values()), head, rows, percent=True)


def languages(told: Figures) -> Chart:
    """Declared languages in rows, detected ones in columns."""
    declared: Counter[str] = Counter()
    detected: Counter[str] = Counter()
    for pair in told["pairs"]:
        declared[pair["declared"]] += pair["count"]
        detected[pair["detected"]] += pair["count"]
    both = declared + detected
    order = sorted(both, key=lambda name: (name == "none", -both[name], name))
    ys = [name for name in order if name in declared][:_LANGUAGES]
    xs = [name for name in order if name in detected][:_LANGUAGES]
    cells: dict[tuple[str, str], float] = {
        (pair["declared"], pair["detected"]): pair["count"]
        for pair in told["pairs"]
        if pair["declared"] in ys and pair["detected"] in xs
    }
    rows = [(pair["declared"], pair["detected"], pair["count"]) for pair in told["pairs"]]
    says = f"Declared languages in rows, detected ones in columns. {told['conflicts']:,} records contradict each other."
    return heat("languages", says, cells, ys, xs, ("declared", "detected", "records"), rows)


def encoding(told: Figures) -> Chart:
    """Encoding flags by outlet."""
    outlets = list(dict.fromkeys(row["outlet"] for row in told["outlets"]))[:_BARS]
    codes = sorted({row["flag"] for row in told["outlets"]})
    counts = {(row["outlet"], row["flag"]): row["count"] for row in told["outlets"]}
    series = {flag_name(code): [counts.get((outlet, code), 0) for outlet in outlets] for code in codes}
    says = f"Records with damaged characters, by outlet; most of them at {outlets[0]}."
    return bars("encoding", says, outlets, series, ("outlet", *series))


def dates(told: Figures) -> Chart:
    """Records over time."""
    names = [bar["period"] for bar in told["bars"]]
    counts = [bar["count"] for bar in told["bars"]]
    peak = max(told["bars"], key=lambda bar: (bar["count"], bar["period"]))
    says = (
        f"Records by {told['unit']} of publication, from {told['first']} to {told['last']}; "
        f"most in {peak['period']}: {peak['count']:,}."
    )
    chart = columns("dates", says, names, counts, (told["unit"], "records"), empty=True)
    return Chart(chart.id, chart.kind, says, chart.head, [row for row in chart.rows if row[1]], chart.data, 260)


def cuts(told: Figures) -> Chart:
    """Rules by the cuts that they made."""
    rules = told["rules"][:_BARS]
    says = f"Furniture by the rule that cut it. The most frequent: {rules[0]['rule']}, {rules[0]['count']:,}."
    rows = [(row["rule"], row["count"]) for row in told["rules"]]
    names, counts = [row["rule"] for row in rules], [row["count"] for row in rules]
    return bars("cuts", says, names, {"cuts": counts}, ("rule", "cuts"), rows)


def _listed(names: list[str], counts: list[int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in zip(names, counts, strict=True))
