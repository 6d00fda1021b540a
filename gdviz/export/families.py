"""The families of type that an SVG names, so that a viewer without the first one takes one like it."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontInfo

__all__ = ["SANS", "SERIF", "css_families"]

SANS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans", "sans-serif")
SERIF = ("Source Serif 4", "STIX Two Text", "Cambria", "DejaVu Serif", "serif")
"""What text and formulas fall back on, the generic family of CSS last."""


def css_families(family: str) -> str:
    """Return a family of Qt's as a list of families for CSS: first the one that the text was measured with.

    Qt has names of its own, such as ``Sans Serif``, and systems have some that begin with a full stop; no viewer knows
    either.
    """
    actual = QFontInfo(QFont(family)).family()
    others = SERIF if family in SERIF or "serif" in actual.lower().replace("sans serif", "") else SANS
    names = [actual, *others] if actual and not actual.startswith(".") else others
    return ", ".join(dict.fromkeys(_quoted(name) for name in names))


def _quoted(name: str) -> str:
    name = name.replace("'", "").replace("\\", "")
    return name if name.replace("-", "").isalpha() else f"'{name}'"
