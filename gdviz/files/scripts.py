"""A run as a short Python script that gives the same numbers: in plain numpy, or with torch's gradients.

The rule is written from the optimizer's equations, the objective and the schedule from their sources, so a new one
brings its own script.
"""

from __future__ import annotations

import inspect
import textwrap
import unicodedata
from typing import TYPE_CHECKING, Any, Literal

from gdviz.files.network_script import network_script
from gdviz.objectives import Network, SigmoidNeuron
from gdviz.optimizers.expressions import Power, Product, Quotient, Sum
from gdviz.optimizers.notation import read
from gdviz.optimizers.writing import Writer
from gdviz.training.sampling import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Objective
    from gdviz.optimizers.expressions import Expression
    from gdviz.training import Run

__all__ = ["Library", "script_of"]

Library = Literal["numpy", "torch"]
GREEK = {
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "eps", "ζ": "zeta", "η": "eta", "θ": "theta"},
    **{"κ": "kappa", "λ": "lam", "μ": "mu", "ν": "nu", "ρ": "rho", "σ": "sigma", "φ": "phi", "ω": "omega"},
}
MARKS = {"\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde"}
FUNCTIONS = {"max": "maximum", "sign": "sign", "abs": "abs"}
"""What numpy and torch call them."""
MODULES = {"numpy": "np", "torch": "torch"}
PARAMS = "w"
PRECEDENCE = {Sum: 1, Product: 2, Quotient: 2, Power: 3}


def script_of(run: Run, library: Library = "numpy") -> str:
    """Return a script that computes the run and leaves its params after each update in ``path``, shape (T + 1, n).

    Raises
    ------
    ValueError
        Where the run was forked, or its rule or objective is one whose formulas are not written out: a sentence.
    """
    if run.fork is not None:
        raise ValueError("a run that was forked has no script; the run that it was forked from has one")
    try:
        rule = [read(line) for line in run.optimizer.written()]
    except ValueError as error:
        raise ValueError(f"{run.optimizer.label} has no script: {error}") from None
    if not rule:
        raise ValueError(f"{run.optimizer.label} has no script: its equations are not written down")
    ahead = [line for line in rule if line.relation == "at"]
    names = _Names(library)
    parts = [
        f'"""{run.optimizer.label} on {run.objective.label}: {"; ".join(run.optimizer.written())}"""',
        _imports(library),
        _objective(run, library),
        _settings(run, names),
        _sampling(run),
        _schedule(run),
        _loop(run, [line for line in rule if line.relation != "at"], ahead, names),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _imports(library: Library) -> str:
    return "import numpy as np" if library == "numpy" else "import numpy as np\nimport torch"


def _array(values: Any, library: Library) -> str:
    text = "[" + ", ".join(map(repr, values)) + "]"
    return f"np.array({text})" if library == "numpy" else f"torch.tensor({text}, dtype=torch.float64)"


def _objective(run: Run, library: Library) -> str:
    """Return the objective's ``gradient`` and, where the run starts, ``params``."""
    if isinstance(run.objective, Network):
        return network_script(run, run.objective, library)
    return f"{_gradient(run.objective, library)}\n\nparams = {_array(run.start, library)}"


def _gradient(objective: Objective, library: Library) -> str:
    if isinstance(objective, SigmoidNeuron):
        data = f"X = {_array(objective.X.tolist(), library)}\nY = {_array(objective.Y.tolist(), library)}\n\n\n"
        return data + (NEURON if library == "numpy" else TORCH_NEURON)
    return _surface(objective, library)


NEURON = """def gradient(params, batch):
    w, b = params
    x, y = X[batch], Y[batch]
    f = 1 / (1 + np.exp(-(w * x + b)))
    slope = (f - y) * f * (1 - f)
    return np.array([np.sum(slope * x), np.sum(slope)])
"""
TORCH_NEURON = """def error(params, batch):
    w, b = params
    f = torch.sigmoid(w * X[batch] + b)
    return torch.sum((f - Y[batch]) ** 2) / 2


def gradient(params, batch):
    params = params.clone().requires_grad_()
    return torch.autograd.grad(error(params, batch), params)[0]
"""


def _surface(objective: Any, library: Library) -> str:
    function = objective.df if library == "numpy" else objective.f
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise ValueError(f"{objective.label} has no script: its source is not there") from None
    lines = [line for line in source.splitlines() if not line.strip().startswith(("@", '"""'))]
    body = "\n".join(lines)
    rest = body.partition("\n")[2]
    arguments = ", ".join(inspect.signature(function).parameters)
    values = "".join(f", {value!r}" for value in objective.values().values())
    if library == "numpy":
        return (
            f"exp, sqrt = np.exp, np.sqrt\n\n\ndef df({arguments}):\n{rest}\n\n\n"
            f"def gradient(params, batch):\n    return np.array(df(*params{values}))\n"
        )
    rest = rest.replace("np.", "torch.")
    return (
        f"exp, sqrt = torch.exp, torch.sqrt\n\n\ndef f({arguments}):\n{rest}\n\n\n"
        "def gradient(params, batch):\n    params = params.clone().requires_grad_()\n"
        f"    return torch.autograd.grad(f(*params{values}), params)[0]\n"
    )


def _settings(run: Run, names: _Names) -> str:
    optimizer = run.optimizer
    lines = [
        f"{names.symbol(declared.symbol) if declared.name != 'eta' else 'eta0'} = {getattr(optimizer, declared.name)!r}"
        for declared in optimizer.params()
        if not declared.is_switch
    ]
    copied = "params.copy()" if names.library == "numpy" else "params.clone()"
    for term in optimizer.state:
        start = copied if term.kind == "point" else "0 * params"
        lines.append(f"{names.symbol(term.symbol)} = {start}")
    samples = run.objective.samples
    size = run.batch_size
    lines.append(f"samples, size, updates = {samples}, {size}, {run.total}")
    lines.append("per_epoch = -(-samples // size)")
    return "\n".join(lines)


def _is_shuffled(run: Run) -> bool:
    """Return whether the samples have another order in every epoch; where a batch holds all of them, they have not."""
    samples = run.objective.samples
    return run.sampling.shuffle and run.batch_size < samples


def _sampling(run: Run) -> str:
    if not _is_shuffled(run):
        return ""
    epochs = max(1, TOGETHER // run.objective.samples)
    return (
        "\ndef order(epoch):\n"
        f"    block, row = divmod(epoch, {epochs})\n"
        f"    orders = np.tile(np.arange(samples), ({epochs}, 1))\n"
        f"    np.random.default_rng(({run.seed}, block)).permuted(orders, axis=1, out=orders)\n"
        "    return orders[row]"
    )


def _schedule(run: Run) -> str:
    schedule: Any = run.schedule
    source = inspect.getsource(type(schedule).decayed)
    formula = source.rpartition("return ")[2].strip()
    for declared in schedule.params():
        formula = formula.replace(f"self.{declared.name}", repr(getattr(schedule, declared.name)))
    t, T = ("update", "updates") if schedule.per == "update" else ("update // per_epoch", "-(-updates // per_epoch)")
    return f"\ndef rate(eta, update):\n    t, T = {t}, {T}\n    return {formula}\n"


def _loop(run: Run, rule: list[Any], ahead: list[Any], names: _Names) -> str:
    batch = "order(update // per_epoch)[first : first + size]" if _is_shuffled(run) else "slice(first, first + size)"
    at = names.written(ahead[0].value) if ahead else "params"
    objective = run.objective
    more = ", update" if isinstance(objective, Network) and objective.draws else ""
    beside = objective.shrinkage is not None
    lines = [
        "path = [params]",
        "for update in range(updates):",
        "    t, eta = update + 1, rate(eta0, update)",
        "    first = update % per_epoch * size",
        f"    batch = {batch}",
        f"    g = gradient({at}, batch{more}){_reduced(run)}",
        *(["    shrunk = eta * l2 * weights * params"] if beside else []),
        *(f"    {names.symbol(line.target)} = {names.written(line.value)}" for line in rule),
        *(["    params = params - shrunk"] if beside else []),
        "    path.append(params)",
        "path = np.array(path)" if names.library == "numpy" else "path = torch.stack(path).numpy()",
    ]
    return "\n".join(lines)


def _reduced(run: Run) -> str:
    """Return what a batch's gradient is divided or, where it is that of the mean, multiplied by."""
    divisor = run.objective.divisor(run.reduction, 2, run.optimizer.lecture_divides)
    if divisor == 1 or run.batch_size == 1:
        return ""
    return f" {'/' if divisor > 1 else '*'} (min(first + size, samples) - first)"


class _Names(Writer):
    """Writes symbols and expressions as Python."""

    times = " * "

    def __init__(self, library: Library) -> None:
        self.library = library
        self._module = MODULES[library]

    def symbol(self, symbol: str) -> str:
        """Return a symbol's name in Python."""
        if symbol == PARAMS:
            return "params"
        written = ""
        for letter in unicodedata.normalize("NFD", symbol):
            digit = unicodedata.digit(letter, None)
            written += GREEK.get(letter) or MARKS.get(letter) or (str(digit) if digit is not None else letter)
        return written if written.isidentifier() else "_".join(filter(str.isalnum, written))

    def part(self, expression: Expression, binding: int) -> str:
        """Return a part, in parentheses where what it stands in binds more tightly."""
        text = self.written(expression)
        return f"({text})" if PRECEDENCE.get(type(expression), 9) < binding else text

    def quotient(self, above: Expression, below: Expression) -> str:
        """Return a quotient."""
        return f"{self.part(above, 2)} / {self.part(below, 3)}"

    def power(self, base: Expression, exponent: Expression) -> str:
        """Return a power."""
        return f"{self.part(base, 4)}**{self.part(exponent, 4)}"

    def root(self, inside: str) -> str:
        """Return a square root."""
        return f"{self._module}.sqrt({inside})"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        """Return a call of the library's function."""
        return f"{self._module}.{FUNCTIONS[name]}({', '.join(arguments)})"
