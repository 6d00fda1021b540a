"""A run as a short Python script that gives the same numbers: in plain numpy, or with torch's gradients.

The rule's text comes from the optimizer's equations, that of the objective and the schedule from their sources. So a
new one needs no code here.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from gdviz.notation.reading import read
from gdviz.objectives import Network, PerUpdate, SigmoidNeuron, Surface
from gdviz.texts.network_python import has_error, network_script
from gdviz.texts.python_names import MODULES, Library, Names
from gdviz.training.sampling import TOGETHER
from gdviz.training.schedules import ConstantRate

if TYPE_CHECKING:
    from gdviz.objectives import Objective
    from gdviz.training import Run

__all__ = ["Library", "objective_script", "script_of"]

IMPORTS = {"np": "import numpy as np", "torch": "import torch"}


def script_of(run: Run, library: Library = "numpy") -> str:
    """Return a script that computes the run and prints its last params and error.

    The params after each update are in its variable ``path``, shape (T + 1, n).

    Raises
    ------
    ValueError
        Where the run was forked, or there is no text for its rule or objective: a sentence.
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
    names = Names(library)
    parts = [
        f'"""{run.optimizer.label} on {run.objective.label}: {"; ".join(run.optimizer.written())}"""',
        objective_script(run.objective, run, library),
        _settings(run, names),
        _sampling(run),
        _schedule(run),
        _loop(run, [line for line in rule if line.relation != "at"], ahead, names),
    ]
    about, *body = (part for part in parts if part)
    text = "\n\n".join(body)
    return f"{about}\n\n{_imports(text)}\n\n{text}\n"


def _imports(text: str) -> str:
    """Return the imports that a script needs."""
    lines = [line for name, line in IMPORTS.items() if re.search(rf"\b{name}\.", text)]
    return "\n".join(lines)


def _array(values: Any, library: Library) -> str:
    text = "[" + ", ".join(map(repr, values)) + "]"
    return f"np.array({text})" if library == "numpy" else f"torch.tensor({text}, dtype=torch.float64)"


@singledispatch
def objective_script(objective: Objective, run: Run, library: Library) -> str:
    """Return the text of ``gradient`` and ``error``, and of ``params`` at the start.

    Other classes of objectives register a function with ``@objective_script.register(Mine)``.

    Parameters
    ----------
    objective, run, library
        The run's objective, the run, and the library that the script uses.

    Raises
    ------
    ValueError
        Where no function is registered for this class of objectives: a sentence.
    """
    raise ValueError(f"{objective.label} has no script: it is not known how its gradient is written in Python")


@objective_script.register(Network)
def _network(network: Network, run: Run, library: Library) -> str:
    return network_script(run, network, library)


@objective_script.register(SigmoidNeuron)
def _neuron(neuron: SigmoidNeuron, run: Run, library: Library) -> str:
    data = f"X = {_array(neuron.X.tolist(), library)}\nY = {_array(neuron.Y.tolist(), library)}\n\n\n"
    batch, of = (", batch", "[batch]") if _has_batches(run) else ("", "")
    gradient = (NEURON if library == "numpy" else TORCH_NEURON).format(batch=batch, of=of)
    return f"{data}{gradient}\n\nparams = {_array(run.start, library)}"


def _has_batches(run: Run) -> bool:
    """Return whether a batch has only a part of the samples."""
    return run.batch_size < run.objective.samples


NEURON = """def output(params, x):
    w, b = params
    return 1 / (1 + np.exp(-(w * x + b)))


def error(params):
    return np.sum((output(params, X) - Y) ** 2) / 2


def gradient(params{batch}):
    x, y = X{of}, Y{of}
    f = output(params, x)
    slope = (f - y) * f * (1 - f)
    return np.array([np.sum(slope * x), np.sum(slope)])
"""
TORCH_NEURON = """def error(params, x=X, y=Y):
    w, b = params
    f = torch.sigmoid(w * x + b)
    return torch.sum((f - y) ** 2) / 2


def gradient(params{batch}):
    params = params.clone().requires_grad_()
    return torch.autograd.grad(error(params, X{of}, Y{of}), params)[0]
"""
"""The texts for the neuron; the braces are filled where a batch has only a part of the samples."""


@objective_script.register(Surface)
def _surface(surface: Surface, run: Run, library: Library) -> str:
    values = "".join(f", {value!r}" for value in surface.values().values())
    parts = [_source(surface, surface.f, library)]
    parts.append(f"def error(params):\n    return f(*params{values})\n\n")
    if library == "numpy":
        parts.append(_source(surface, surface.df, library))
        parts.append(f"def gradient(params):\n    return np.array(df(*params{values}))\n")
    else:
        parts.append("def gradient(params):\n    params = params.clone().requires_grad_()\n")
        parts[-1] += "    return torch.autograd.grad(error(params), params)[0]\n"
    text = "\n".join(parts)
    functions = [name for name in ("exp", "sqrt") if re.search(rf"\b{name}\(", text)]
    helpers = "".join(f"{name} = {MODULES[library]}.{name}\n" for name in functions) + "\n\n" * bool(functions)
    return f"{helpers}{text}\n\nparams = {_array(run.start, library)}"


def _source(objective: Objective, function: Any, library: Library) -> str:
    """Return the source of a surface's formula, as a function."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise ValueError(f"{objective.label} has no script: its source is not there") from None
    lines = [line for line in source.splitlines() if not line.strip().startswith(("@", '"""'))]
    arguments = ", ".join(inspect.signature(function).parameters)
    body = "\n".join(lines[1:]).replace("np.", f"{MODULES[library]}.")
    return f"def {function.__name__}({arguments}):\n{body}\n\n"


def _settings(run: Run, names: Names) -> str:
    """Return the hyperparameters, the first state, and the number of updates."""
    optimizer = run.optimizer
    lines = [
        f"{'eta0' if param.name == 'eta' and not _is_constant(run) else names.symbol(param.symbol)}"
        f" = {getattr(optimizer, param.name)!r}"
        for param in optimizer.params()
        if not param.is_switch
    ]
    copy = "params.copy()" if names.library == "numpy" else "params.clone()"
    for term in optimizer.state:
        start = copy if term.kind == "point" else "0 * params"
        lines.append(f"{names.symbol(term.symbol)} = {start}")
    if _has_batches(run):
        lines.append(f"samples, size, updates = {run.objective.samples}, {run.batch_size}, {run.total}")
        lines.append("per_epoch = -(-samples // size)")
    else:
        lines.append(f"updates = {run.total}")
    return "\n".join(lines)


def _is_constant(run: Run) -> bool:
    return isinstance(run.schedule, ConstantRate)


def _is_shuffled(run: Run) -> bool:
    """Return whether every epoch has its own order of the samples, which needs batches of a part of them."""
    return run.sampling.shuffle and _has_batches(run)


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
    if _is_constant(run):
        return ""
    schedule: Any = run.schedule
    source = inspect.getsource(type(schedule).decayed)
    formula = source.rpartition("return ")[2].strip()
    for param in schedule.params():
        formula = formula.replace(f"self.{param.name}", repr(getattr(schedule, param.name)))
    per_update = schedule.per == "update" or not _has_batches(run)  # without batches an update is an epoch
    t, T = ("update", "updates") if per_update else ("update // per_epoch", "-(-updates // per_epoch)")
    return f"\ndef rate(eta, update):\n    t, T = {t}, {T}\n    return {formula}\n"


def _loop(run: Run, rule: list[Any], ahead: list[Any], names: Names) -> str:
    """Return the loop over the updates and the lines after it."""
    at = names.written(ahead[0].value) if ahead else "params"
    objective = run.objective
    draws, beside = False, False
    if isinstance(objective, PerUpdate):
        draws, beside = objective.draws, objective.shrinkage is not None
    more = ", batch" * _has_batches(run) + ", update" * draws
    rule_lines = [f"    {names.symbol(line.target)} = {names.written(line.value)}" for line in rule]
    lines = [
        "path = [params]",
        "for update in range(updates):",
        *(["    t = update + 1"] if any(re.search(r"\bt\b", line) for line in (*rule_lines, at)) else []),
        *([] if _is_constant(run) else ["    eta = rate(eta0, update)"]),
        *_batch(run),
        f"    g = gradient({at}{more}){_reduction(run)}",
        *(["    shrunk = eta * l2 * weights * params"] if beside else []),
        *rule_lines,
        *(["    params = params - shrunk"] if beside else []),
        "    path.append(params)",
        "path = np.array(path)" if names.library == "numpy" else "path = torch.stack(path).numpy()",
        *_last(run, names.library),
    ]
    return "\n".join(lines)


def _batch(run: Run) -> list[str]:
    """Return the lines that choose a batch; none where it has all samples."""
    if not _has_batches(run):
        return []
    samples = "order(update // per_epoch)[first : first + size]" if _is_shuffled(run) else "slice(first, first + size)"
    return ["    first = update % per_epoch * size", f"    batch = {samples}"]


def _last(run: Run, library: Library) -> list[str]:
    """Return the lines that print the last params and the error."""
    objective, error_text = run.objective, "float(error(params))" if library == "numpy" else "error(params).item()"
    lines = [f'print("{", ".join(objective.parameters) if objective.is_planar else "params"} =", path[-1].tolist())']
    if _has_error(objective):
        lines.append(f'print("{objective.value_name} =", {error_text})')
    return lines


@singledispatch
def _has_error(objective: Objective) -> bool:
    """Return whether the script has a function ``error``."""
    return True


_has_error.register(Network, has_error)


def _reduction(run: Run) -> str:
    """Return the text that divides a batch's gradient or, where it is the mean's, multiplies it."""
    divisor = run.objective.divisor(run.reduction, 2, run.optimizer.lecture_divides)
    if divisor == 1 or run.batch_size == 1:
        return ""
    count = "(min(first + size, samples) - first)" if _has_batches(run) else "len(X)"
    return f" {'/' if divisor > 1 else '*'} {count}"
