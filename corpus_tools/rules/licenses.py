"""Licences as pages write them, and the SPDX id of each, from licenses.toml."""

from __future__ import annotations

import functools
import re

from corpus_tools.errors import RuleError
from corpus_tools.rules.load import rows

_DRESS = re.compile(
    r"^(?:https?:)?//(?:www\.)?|[?#].*$|/(?:deed|legalcode)(?:\.[\w-]+)?$|\.(?:html?|txt|en)$|/$", re.IGNORECASE
)
_PORT = re.compile(r"(?P<address>creativecommons\.org/licenses/[a-z-]+/[\d.]+)/(?P<port>[a-z]{2,8})")
_EXPRESSION = re.compile(r" (AND|OR|WITH) ")
_ADDRESS = re.compile(r"(?:https?://|www\.)?creativecommons\.org/[^\s<>\"]+", re.IGNORECASE)
_IN_WORDS = re.compile(
    r"(?:creative commons\s+attribution|cc[ -]by)(?P<kinds>[\s/-]*(?:(?:non-?commercial|no ?-?derivatives|no ?-?derivs|"
    r"share ?-?alike|nc|nd|sa)[\s/-]*)*)(?:\([^()]*\)\s*)?(?P<version>[1-4]\.[05])",
    re.IGNORECASE,
)
_KINDS = (
    (r"non-?commercial|\bnc\b", "NC"), (r"no ?-?deriv|\bnd\b", "ND"), (r"share ?-?alike|\bsa\b", "SA")
)  # fmt: skip
_LONGEST = 1000  # characters; arbitrary: a longer field is the licence itself, not its name
_OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


def spdx_of(license: str | None) -> str | None:  # noqa: A002  # the column's own name
    """The SPDX id of a licence given by address, by id or in a sentence; None for what is no licence we know.

    A port of Creative Commons that SPDX does not list becomes a LicenseRef; a LicenseRef stays as it is.

    >>> spdx_of("http://creativecommons.org/licenses/by-sa/3.0/deed.ms"), spdx_of("cc-by-4.0"), spdx_of("See below")
    ('CC-BY-SA-3.0', 'CC-BY-4.0', None)
    >>> spdx_of("Licensed under a Creative Commons Attribution-NoDerivatives 4.0 International licence.")
    'CC-BY-ND-4.0'
    """
    text = (license or "").strip()
    if not text:
        return None
    if _OWN.fullmatch(text):
        return text
    if " " in text:
        return _of_expression(text) or _of_prose(text)
    return _of_address(text) if "/" in text else _of_expression(text)


def _of_expression(text: str) -> str | None:
    parts = _EXPRESSION.split(text)
    ids = [part if at % 2 else _ids().get(part.strip().upper().replace(" ", "-")) for at, part in enumerate(parts)]
    return None if None in ids else " ".join(id_ for id_ in ids if id_)


def _of_prose(text: str) -> str | None:
    """The one licence that a sentence names, by address or in words; None for none, and for several."""
    named = {_of_address(found[0].rstrip(".,;)")) for found in _ADDRESS.finditer(text[:_LONGEST])}
    for found in _IN_WORDS.finditer(text[:_LONGEST]):
        kinds = [short for word, short in _KINDS if re.search(word, found["kinds"], re.IGNORECASE)]
        named.add(_ids().get("-".join(["CC-BY", *kinds, found["version"]])))
    known = named - {None}
    return known.pop() if len(known) == 1 else None


def _of_address(address: str) -> str | None:
    if len(address) > _LONGEST:
        return None
    key, bare = "", address.strip().lower()
    while key != bare:
        key, bare = bare, _DRESS.sub("", bare)
    if key in _addresses():
        return _addresses()[key]
    port = _PORT.fullmatch(key)
    known = _addresses().get(port["address"]) if port else None
    return f"LicenseRef-{known}-{port['port'].upper()}" if port and known else None


@functools.cache
def _addresses() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in rows("licenses", "license"):
        for version in row.get("versions", [""]):
            _claim(table, row["address"].format(version=version), row["spdx"].format(version=version))
        for ported in row.get("ported", []):
            version, country = ported.split("-")
            _claim(table, f"{row['address'].format(version=version)}/{country.lower()}",
                   row["spdx"].format(version=ported))  # fmt: skip
    return table


@functools.cache
def _ids() -> dict[str, str]:
    return {spdx.upper(): spdx for spdx in _addresses().values()}


def _claim(table: dict[str, str], address: str, spdx: str) -> None:
    if table.setdefault(address, spdx) != spdx:
        raise RuleError(f"licenses.toml has the address {address} twice: as {table[address]} and as {spdx}.")
