"""Numbers as the window writes them: four significant digits or as many as are asked for, a true minus sign."""

import math

__all__ = ["number", "read_number", "short", "with_decimals", "with_digits"]


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


def with_digits(value: float, digits: int) -> str:
    """Return `value` with so many significant digits, or all that it has if these are fewer, such as ``−0.12346``."""
    if value == 0 or not math.isfinite(value):
        return number(value)
    if float(f"{value:.2e}") == value:
        return short(value)
    text, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if float(f"{value:.{digits - 1}e}") == value:
        text = text.rstrip("0")
        digits = len(text.lstrip("-").replace(".", ""))
    if -4 <= power < max(digits, 4):
        text = f"{value:.{max(digits - 1 - power, 0)}f}"
    else:
        text = f"{text.rstrip('.')}×10{str(power).translate(SUPERSCRIPT)}"
    return text.replace("-", "−")


def with_decimals(value: float, decimals: int, has_sign: bool = False) -> str:
    """Return `value` rounded to a multiple of 10 to the power −`decimals`, such as ``1.81786`` or ``−3.2×10⁻⁸``.

    Parameters
    ----------
    value
        The number.
    decimals
        How many; negative: the digits before the point are rounded too.
    has_sign
        Whether a plus is written, too.
    """
    if not math.isfinite(value):
        return number(value)
    value = round(value, decimals)
    power = math.floor(math.log10(abs(value))) if value else 0
    digits = power + decimals + 1
    if (0 <= decimals <= FIXED and power < DIGITS) or not value:
        text = f"{value:.{max(decimals, 0)}f}"
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa}×10{str(int(exponent)).translate(SUPERSCRIPT)}"
    is_zero = not float(text.partition("×")[0])
    sign = "+" if has_sign and value > 0 and not is_zero else ""
    return text.lstrip("-") if is_zero else sign + text.replace("-", "−")


def read_number(text: str) -> float:
    """Return the number that a text of this module says."""
    mantissa, times, power = text.replace("−", "-").rpartition("10" if "×" not in text else "×10")
    if not times or not set(power) <= set(RAISED) or not power:
        return float(text.replace("−", "-"))
    factor = mantissa if mantissa not in ("", "-") else f"{mantissa}1"
    return float(f"{factor}e{power.translate(LOWERED)}")


FIXED, DIGITS = 9, 7
"""Maximum number of digits behind and before the point; other numbers are written with a power of ten."""
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
LOWERED = str.maketrans(RAISED, "0123456789-")
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
