"""Numbers as the window writes them: four significant digits, a true minus sign."""

import math

__all__ = ["number", "short"]


def number(value: float) -> str:
    """Return `value` with four significant digits, such as ``−0.1235``, ``1.5×10⁻⁷`` or ``0``."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞" if value < 0 else "not a number"
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 9999.5:
        text = f"{value:#.4g}".rstrip(".")
    else:
        digits, exponent = f"{value:.3e}".split("e")
        text = f"{digits}×10{str(int(exponent)).translate(SUPERSCRIPT)}"
    return text.replace("-", "−")


def short(value: float) -> str:
    """Return `value` with at most three significant digits and no zeros at its end, such as ``0.5`` or ``2×10⁻⁶``."""
    if value == 0 or not math.isfinite(value):
        return number(value)
    if not 1e-3 <= abs(value) < 1e5:
        digits, exponent = f"{value:.1e}".split("e")
        factor = digits.removesuffix(".0")
        power = f"10{str(int(exponent)).translate(SUPERSCRIPT)}"
        text = factor.removesuffix("1") + power if factor in ("1", "-1") else f"{factor}×{power}"
    else:
        text = f"{value:.3g}" if abs(value) < 999.5 else f"{value:.0f}"
    return text.replace("-", "−")


SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
