"""Mistakes in the rule itself, in state, look-ahead, correction, root and ε: each rewrites one of its equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.checking.mistakes.base import MISTAKES, Rewritten

if TYPE_CHECKING:
    from gdviz.optimizers import Optimizer
    from gdviz.training import Run


ROOT = r"\(√(\S+) \+ ε\)"


MEMORY = r"(?:(?:η )?[βγρ][₁₂]? )"


TABLE = (
    # -- the memory
    ("MomentumAveraged", r"(γ v) \+ η g", r"\1 + (1−γ) η g", "the gradient was multiplied by 1 − γ: γv + (1 − γ)ηg"),
    ("NotDecayed", rf"← {MEMORY}(\w) \+", r"← \1 +", "the old memory was kept whole: the factor γ or β before it is "
     "missing"),
    ("NothingKept", rf"← {MEMORY}?([mv]) \+ ", "← ", "nothing was accumulated: the memory is the last gradient"),
    ("NotWeighted", r"\(1−β[₁₂]?\) g", "g", "the factor 1 − β before the gradient is missing"),
    ("FirstNotWeighted", r"^(m ← .*)\(1−β₁\) g", r"\1g", "the factor 1 − β₁ before the gradient is missing"),
    ("SecondNotWeighted", r"^(v ← .*)\(1−β₂\) g", r"\1g", "the factor 1 − β₂ before the square is missing"),
    ("NotSquared", "g²", "g", "the gradient was not squared in v"),
    ("AbsoluteInV", "g²", "|g|", "v adds up |g| in place of g²"),
    ("OneForAll", "g²", "n", "v is one for all params: it adds up the squared length of the whole gradient"),
    ("SquareOfMean", r"^(v ← β₂ .*)g²", r"\1m²", "m was squared in place of the gradient"),
    # -- where the gradient is taken
    ("NotAhead", "^g at .*", "", "the gradient was taken at w, not at the look-ahead point w − γv"),
    ("AheadBackwards", "^g at w −", "g at w +", "the look-ahead point has the wrong sign: w + γv in place of w − γv"),
    ("AheadWhole", r"^g at w − .*v", "g at w − v", "the look-ahead point lacks γ: w − v in place of w − γv"),
    ("AheadTwice", r"^g at w − (.*)v", r"g at w − 2 \1v", "the look-ahead was taken twice: w − 2γv in place of w − γv"),
    # -- the correction
    ("NotCorrected", r"^([mv]̂ = .*?) / \(1−β[₁₂]ᵗ\)(.*)", r"\1\2", "the bias correction is missing: m and v were not "
     "divided by 1 − βᵗ"),
    ("OnlyFirstCorrected", r"^(v̂ = v) / .*", r"\1", "v was not corrected, only m: v̂ = v/(1 − β₂ᵗ) is missing"),
    ("OnlySecondCorrected", r"^(m̂ = m) / .*", r"\1", "m was not corrected, only v: m̂ = m/(1 − β₁ᵗ) is missing"),
    ("NoPower", r"(1−β[₁₂])ᵗ", r"\1", "the power t is missing in the bias correction: 1 − β in place of 1 − βᵗ"),
    ("CorrectedByOther", r"(?<=v̂ = v / \(1−)β₂", "β₁", "v was corrected with β₁ in place of β₂"),
    # -- the root, and ε
    ("RootForgotten", r"√([mvû̂]+)", r"\1", "the root is missing: v in place of √v"),
    ("EpsilonInside", ROOT, r"√(\1 + ε)", "ε was put inside the root: √(v + ε) in place of √v + ε"),
    ("EpsilonOutside", r"√\((\S+) \+ ε\)", r"(√\1 + ε)", "ε was put outside the root: √v + ε in place of √(v + ε)"),
    ("EpsilonAdded", rf"(\S+) / {ROOT}", r"\1 / √\2 − ε", "ε was added to the quotient, not to the root in its "
     "denominator: ηg/√v + ε in place of ηg/(√v + ε)"),
    ("EpsilonOnRate", rf"η (\S+) / {ROOT}", r"(η / √\2 + ε) \1", "ε was added to the rate, not to the root: "
     "(η/√v + ε)g in place of ηg/(√v + ε)"),
    ("EpsilonForgotten", ROOT, r"√\1", "ε is missing in the denominator"),
    ("EpsilonTwice", ROOT, r"(√(\1 + ε) + ε)", "ε was added twice, inside the root and outside"),
    ("EpsilonHat", rf"η m̂ / {ROOT}", "η √(1−β₂ᵗ) / (1−β₁ᵗ) m / (√v + ε)", "ε was added to the root of v before its "
     "correction (ε̂, as TensorFlow has it): m/(√v + ε) in place of m̂/(√v̂ + ε)"),
    # -- the step
    ("EtaForgotten", r"(?<![(1−] )η ", "", "η is missing"),
    ("MemoryNotUsed", r"^w ← w − v$", "w ← w − η g", "the step is that of plain gradient descent: v was not used"),
)  # fmt: skip
"""Name, pattern in the equations, replacement, and cause of each mistake."""


for name, pattern, replacement, cause in TABLE:
    MISTAKES(type(name, (Rewritten,), {"pattern": pattern, "replacement": replacement, "cause": cause}))


@MISTAKES
class TorchForm(Rewritten):
    """The step is γv + ηg, the gradient taken at w."""

    cause = "the gradient was taken at w and the step is γv + ηg, as torch.optim.SGD(nesterov=True) has it"
    pattern = r"^g at .*|^(w ← w −) v$"
    replacement = ""

    def _rewritten(self, line: str) -> str:
        return "w ← w − γ v − η g" if line == "w ← w − v" else super()._rewritten(line)

    def can_be_made(self, run: Run) -> bool:
        """Return whether the rule looks ahead."""
        return run.optimizer.look_ahead is not None


@MISTAKES
class KeptInPlace(Rewritten):
    """m ← m̂, v ← v̂."""

    cause = "the corrected m̂ and v̂ were stored back into m and v"
    pattern = r"^([mv])̂ = (.*)"
    replacement = r"\1 ← \2"

    def equations(self, optimizer: Optimizer) -> tuple[str, ...]:
        """Return the equations with m and v themselves corrected."""
        lines = super().equations(optimizer)
        return tuple(line if "ᵗ" in line else line.replace("m̂", "m").replace("v̂", "v") for line in lines)
