r"""Signed provenance inside a text: C2PA manifests, spelled in characters that nobody sees.

The C2PA specification (annex on unstructured text) writes a manifest as U+FEFF and then one variation selector a
byte. One letter less and the signature is worth nothing, so every step that repairs text goes around them.

>>> MANIFEST.findall("Signed." + "\ufeff\ufe04\ufe03") == ["\ufeff\ufe04\ufe03"]
True
"""

from __future__ import annotations

import re

# A single selector after a stray byte order mark may belong to an emoji; two in a row belong to no script.
MANIFEST = re.compile("\ufeff[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")
