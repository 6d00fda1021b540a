"""Numbers as the window writes them: four significant digits, a true minus sign."""

import math

__all__ = ["number"]


def number(value: float) -> str:
    """Return `value` with four significant digits, such as ``−0.1235``, ``1.5×10⁻⁷`` or ``0``."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "not a number"
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e5:
        text = f"{value:#.4g}".rstrip(".")
    else:
        digits, exponent = f"{value:.3e}".split("e")
        text = f"{digits}×10{str(int(exponent)).translate(SUPERSCRIPT)}"
    return text.replace("-", "−")


SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
