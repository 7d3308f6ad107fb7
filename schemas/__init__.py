"""What is valid: one Pandera model a file. Nothing here knows of the rest of the package.

Pandera takes a second to import, so a model is loaded when it is first asked for.

>>> from corpus_tools.schemas import Article
>>> Article.__name__
'Article'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .article import Article
    from .change import Change
    from .clean_article import CleanArticle
    from .finding import Finding

__all__ = ["Article", "Change", "CleanArticle", "Finding"]

MODELS: dict[str, str] = {
    "article": "Article",
    "clean_article": "CleanArticle",
    "finding": "Finding",
    "change": "Change",
}
"""The file of each model, and the model's name."""


def __getattr__(name: str) -> Any:  # a model, or whatever else a module may be asked for
    for module, model in MODELS.items():
        if name == model:
            return getattr(importlib.import_module(f".{module}", __name__), model)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
