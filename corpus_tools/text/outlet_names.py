"""Names of outlets against their hosts: whether "The Malaysian Reserve" is what stands in themalaysianreserve.com."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from corpus_tools.text.urls import host_of, site_of

_NOT_WORD = re.compile(r"[\W_]+")
_TOP_LEVEL = re.compile(r"\.[a-z]{2,4}(\.[a-z]{2})?$")
# The look behind keeps it linear: a run of spaces is tried from its first one only.
_TAGLINE = re.compile(r"(?<!\s)\s+[|–—•·:»-]+\s+")
_LONGEST_NAME = 120  # arbitrary; a longer text is no name, and a story's first line must not be squeezed and kept
# Words that half of all outlets have in their names; alone they tie no name to a host.
_COMMON = frozenset(
    "about affairs asia blog business daily digital event express global guide herald home india info international "
    "journal latest life live local magazine media mail network news newspaper newspapers nation national online page "
    "people plus portal post press radio report reporter review science sports standard star sunday tech telegraph "
    "times today tribune update updates views voice weekly world your com net org www berita harian portal".split()
)
_COMMON_ONLY = re.compile(f"(?:{'|'.join(sorted(_COMMON, reverse=True))})*")


# Hosts that pass on other sites' pages under their own address; they say nothing about who served one.
_PASSERS = frozenset(
    "feedproxy.google.com feeds.feedburner.com feedburner.com news.google.com web.archive.org archive.org t.co".split()
)

# "the May issue of Parrot Weekly", "the website of The Independent": the name stands behind.
_PART_OF = re.compile(
    r"^(?:(?:the|an?|our|his|her|their)\s+)?(?:[\w’'/,-]+\s+){0,4}?"
    r"(?:issue|edition|website|web ?site|site|pages|blog|newsletter|opinion section)\s+(?:of|for)\s+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|an?|der|die|das|la|le|el|il|de)\s+(?=\S)", re.IGNORECASE)
# A day, a year, and the networks on which anybody posts; "was published on Facebook" names no outlet.
_NO_SITE = re.compile(
    r"^(?:\W*\d|jahre? \d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?(?:\s\d|$)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:english|german|french|spanish|italian|portuguese|dutch|russian|ukrainian|arabic|persian|chinese|japanese|"
    r"korean|hindi|urdu|bengali|tamil|hebrew|turkish|polish|swedish|greek|vietnamese|indonesian|malay)\b|"
    r"(?:facebook|twitter|x|instagram|youtube|linkedin|tiktok|reddit|telegram|whatsapp|threads|bluesky)(?:\.com)?$)",
    re.IGNORECASE,
)
_SHORT_NAME = 5  # arbitrary; so short a name stands in many a host: the hill in hillside.example
_MOST_WORDS = 7  # arbitrary: what is longer goes on with the sentence


@dataclass(frozen=True, slots=True)
class Served:
    """Who served a copy, as far as strings tell: its host, and the names it goes by. Both may be empty."""

    host: str | None
    names: tuple[str, ...]

    def is_named(self, name: str) -> bool:
        """Whether a name may be this outlet's own. Generous: an outlet's own footer must never become a hop."""
        if self.bears(name):
            return True
        host = host_of(name)
        if host is not None and self.is_at(host):
            return True
        return self.host is not None and is_name_of_host(name, self.host)

    def bears(self, name: str) -> bool:
        """Whether a name is just this outlet's own. Strict: a house credit is positive evidence."""
        own = _known_forms(self.host, self.names)
        if not any(map(_NOT_WORD.sub("", name.casefold()).__contains__, own)):
            return False  # true of nearly all names
        return not own.isdisjoint(_forms(name))

    def is_at(self, url: str) -> bool:
        """Whether an address is on this outlet's own site."""
        host = host_of(url)
        if host is None:
            return False
        if self.host is not None:
            return site_of(self.host) == site_of(host)
        return any(is_same_name(host, own) or is_name_of_host(own, host) for own in self.names)


def serving_host(url: str | None) -> str | None:
    """The host of an address, unless it only passes on what others serve."""
    return serving(host_of(url))


def serving(host: str | None) -> str | None:
    """A host, unless it only passes on what others serve."""
    return None if host in _PASSERS else host


def site_named(gap: str) -> str:
    """The site that a notice's gap names.

    >>> site_named("the May issue of Parrot Weekly"), site_named("“The River Times”")
    ('Parrot Weekly', 'The River Times')
    """
    return _PART_OF.sub("", gap.strip(' "“”‘’«»')).strip(' "“”‘’«»《》「」').removeprefix("the ").removeprefix("der ")


def may_be_site(name: str) -> bool:
    """Whether a name that nobody knows may be a site's: "the Richmond Times", but not "the height of the storm".

    >>> [may_be_site(name) for name in ("the Delta Times", "the height of the storm", "Feb. 11, 2020", "delta.example")]
    [True, False, False, True]
    """
    bare = _ARTICLE.sub("", name)
    if host_of(bare) is not None and "." in bare and " " not in bare:
        return True
    return not bare[:1].islower() and _NO_SITE.match(bare) is None and len(bare.split()) <= _MOST_WORDS


def squeeze(name: str) -> str:
    """A name as hosts write it: lower case, letters and digits only, no article.

    >>> squeeze("The Malaysian Reserve")
    'malaysianreserve'
    """
    words = _NOT_WORD.split(name.casefold())
    return "".join(words[1:] if words[0] == "the" and len(words) > 1 else words)


def is_name_again(line: str, name: str) -> bool:
    """Whether a line is an outlet's name and nothing else, as hosts write both.

    >>> is_name_again("The River Times", "river-times"), is_name_again("River Times wins a prize", "River Times")
    (True, False)
    """
    short = _squeezed(name) if len(name) <= _LONGEST_NAME else squeeze(name)
    first = line[:1].casefold()
    if line[:1].isalnum() and not short.startswith(first[0]) and line[:3].casefold() != "the":
        return False  # true of nearly all headlines
    return squeeze(line) == short


_squeezed = functools.lru_cache(maxsize=4096)(squeeze)  # a corpus has few outlets


def is_same_name(name: str, other: str) -> bool:
    """Whether two names of outlets are one: alike when squeezed, up to a tagline or a top-level domain.

    >>> is_same_name("Arah.my", "arah.my | Portal berita"), is_same_name("The Star", "The Sun")
    (True, False)
    """
    forms = _forms(other)
    if len(name) > _LONGEST_NAME or not any(map(_NOT_WORD.sub("", name.casefold()).__contains__, forms)):
        return False  # true of nearly all lines, which are a headline or prose
    return not _forms(name).isdisjoint(forms)


def is_own_name_of_host(name: str, host: str) -> bool:
    """Whether a site with known hosts may have this one, too. A short name must stand there with common words alone.

    >>> is_own_name_of_host("The Hill", "hillside.example"), is_own_name_of_host("The Hill", "thehillnews.example")
    (False, True)
    """
    short = squeeze(name).removeprefix("the")
    if len(short) > _SHORT_NAME:
        return is_name_of_host(name, host)
    labels = [label.replace("-", "").removeprefix("the") for label in host.casefold().split(".")[:-1]]
    return any(label.startswith(short) and _COMMON_ONLY.fullmatch(label, len(short)) for label in labels)


def is_name_of_host(name: str, host: str) -> bool:
    """Whether a site's name may belong to this host. Generous: it keeps an outlet's own footer from being a hop.

    >>> is_name_of_host("Free Malaysia Today", "fmt.com.my"), is_name_of_host("Daily Post Nigeria", "dailypost.ng")
    (True, True)
    >>> is_name_of_host("The Malaysian Reserve", "arah.my")
    False
    """
    labels = host.casefold().split(".")
    named = [label.replace("-", "").removeprefix("the") for label in labels[:-1] if label not in ("www", "news", "com")]
    for part in (name, *_TAGLINE.split(name)):
        short = squeeze(part).removeprefix("the")  # TheCable, as its host below
        if not short:
            continue
        if any(
            label.startswith(short) or (len(label) > 3 and (label in short or (len(short) > 3 and short in label)))
            for label in named
        ):
            return True
        if short in (squeeze(host).removeprefix("the"), squeeze("".join(labels[:-1])).removeprefix("the")):
            return True
        words = [word for word in _NOT_WORD.split(part.casefold()) if word]
        initials = "".join(word[0] for word in words)
        if len(words) > 1 and any(label in (initials, initials.removeprefix("t")) for label in named):
            return True
        telling = [word for word in words if word not in _COMMON]
        if any((len(word) > 3 and word in label) or (len(word) == 3 and word == label)
               for word in telling for label in named):  # fmt: skip
            return True
    return False


@functools.lru_cache(maxsize=4096)
def _known_forms(host: str | None, names: tuple[str, ...]) -> frozenset[str]:
    forms = {form for name in names for form in _forms(name)}
    if host is not None:
        # majoriti.com.my signs as Majoriti; the top-level domain is no name.
        labels = (site_of(host) or host).split(".")[:1]
        forms |= {squeeze(label) for label in labels if len(label) > 2}
    return frozenset(forms)


def _forms(name: str) -> frozenset[str]:
    return _short_forms(name) if len(name) <= _LONGEST_NAME else frozenset()


@functools.lru_cache(maxsize=4096)
def _short_forms(name: str) -> frozenset[str]:
    parts = (name, *_TAGLINE.split(name))
    forms = {squeeze(part) for part in parts} | {squeeze(_TOP_LEVEL.sub("", part.lower())) for part in parts}
    return frozenset(forms - {""})
