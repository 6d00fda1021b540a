"""Settings that differ from the stated ones: hyperparameters, the rule, the samples, the strategy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gdviz.checking.mistakes.base import Student
from gdviz.objectives import SigmoidNeuron, is_neuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Batch, MiniBatch, Stochastic
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Data
    from gdviz.optimizers import Optimizer
    from gdviz.training import Run, Sampling

__all__ = ["hyperparameters_of", "settings_of", "swaps", "with_setting"]

USUAL = (0.0, 1e-10, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)
"""Common values of hyperparameters."""
FACTORS = (0.1, 10.0, 0.01, 100.0, 0.5, 2.0)
"""Factors by which learning rates are often wrong."""
SIZES = 16
"""Maximum number of samples for which all sizes of a batch are tried."""


class Otherwise(Student):
    """A student who computes another run than the stated one."""

    run: Run

    def own_run(self, run: Run) -> Run:
        """Return the other run."""
        return type(self).run


def otherwise(run: Run, cause: str, hint: str) -> type[Student]:
    """Return the student who computes `run`."""
    return type("Otherwise", (Otherwise,), {"run": run, "cause": cause, "plain": hint})


def with_setting(run: Run, name: str, value: float) -> type[Student] | None:
    """Return the student who sets a hyperparameter to another value; None where that value is not valid."""
    optimizer: Any = run.optimizer
    param = next(one for one in optimizer.params() if one.name == name)
    try:
        other = replace(run, optimizer=replace(optimizer, **{name: value}))
    except ValueError:
        return None
    right = plain(float(getattr(optimizer, name)))
    cause = f"{param.symbol} = {value:.4g} was taken, where {param.symbol} = {right} is stated"
    return otherwise(other, cause, f"{param.symbol} has another value than the one that is stated")


def settings_of(run: Run) -> Iterator[type[Student]]:
    """Yield students with one setting that differs."""
    yield from hyperparameters_of(run)
    yield from swaps(run)
    yield from _other_rules(run)
    yield from _other_samples(run)
    yield from _other_batches(run)


def hyperparameters_of(run: Run) -> Iterator[type[Student]]:
    """Yield students with another common value of one hyperparameter."""
    for param in run.optimizer.params():
        right = getattr(run.optimizer, param.name)
        values = [right * factor for factor in FACTORS] if param.name == "eta" else USUAL
        for value in () if param.is_switch else values:
            if value != right and (student := with_setting(run, param.name, value)) is not None:
                yield student


def swaps(run: Run) -> Iterator[type[Student]]:
    """Yield students who swap β₁ and β₂, or β and 1 − β."""
    optimizer: Any = run.optimizer
    rates = {name: getattr(optimizer, name) for name in ("beta", "beta1", "beta2") if hasattr(optimizer, name)}
    changes = [({name: 1 - value for name, value in rates.items()}, "β and 1 − β were swapped")]
    if len(rates) == 2 and rates["beta1"] != rates["beta2"]:
        swap = {"beta1": rates["beta2"], "beta2": rates["beta1"]}
        changes.append((swap, "β₁ and β₂ were exchanged"))
    for change, cause in changes:
        if change:
            yield otherwise(replace(run, optimizer=replace(optimizer, **change)), cause, cause)


def _other_rules(run: Run) -> Iterator[type[Student]]:
    """Yield students who use another rule, with the same values of the hyperparameters that both have."""
    values = run.optimizer.values()
    for cls in OPTIMIZERS:
        if cls is not type(run.optimizer):
            common = {one.name: values[one.name] for one in cls.params() if one.name in values}
            cause = f"the rows follow {cls.label}, not {run.optimizer.label}"
            yield otherwise(replace(run, optimizer=_build(cls, common)), cause, "the rows follow another rule")


def _build(cls: type[Optimizer], values: dict[str, Any]) -> Optimizer:
    return cls(**values)


def _other_samples(run: Run) -> Iterator[type[Student]]:
    """Yield students who scale the inputs in another way, or exchange the columns."""
    neuron = run.objective
    if not is_neuron(neuron):
        return
    data, N = neuron.data, len(neuron.X)
    spread = float(data.X.max() - data.X.min()) or 1.0
    others: list[tuple[Data, str]] = [(replace(data, X=data.Y, Y=data.X), "x and y were taken the other way round")]
    if data.is_standardized and N > 1:
        others.append((replace(data, X=data.X * ((N - 1) / N) ** 0.5), "x was divided by the deviation of a sample "
                       "(N − 1, as pandas' std has it), not by that of all (N)"))  # fmt: skip
        others.append((replace(data, X=(data.X - data.X.min()) / spread), "x was scaled to 0 … 1, not standardised"))
        others += [(raw, "x was not standardised") for raw in _raw(neuron, data)]
    elif not data.is_standardized and N > 1:
        others.append((data.standardized(), "x was standardised"))
    for other, cause in others:
        yield otherwise(run.changed(objective=SigmoidNeuron.on(other)), cause, cause)


def _raw(neuron: SigmoidNeuron, data: Data) -> Iterator[Data]:
    """Yield the samples before they were standardised, if they can be loaded again."""
    try:
        raw = neuron.load(data.name)
    except ValueError:
        return
    if len(raw.X) == len(data.X):
        yield raw


def _other_batches(run: Run) -> Iterator[type[Student]]:
    """Yield students with another size of batches, or without shuffling."""
    N, size = run.objective.samples, run.batch_size
    for other in range(1, N + 1) if N <= SIZES else (1, size // 2, 2 * size, N):
        if other != size and 1 <= other <= N:
            sampling: Sampling = Batch() if other == N else Stochastic() if other == 1 else MiniBatch(other)
            cause = f"a batch has {other} samples, where {size} are stated"
            yield otherwise(run.changed(sampling=sampling, updates=run.total), cause, "a batch has another size")
    if run.sampling.shuffle:
        plain_order = replace(run.sampling, shuffle=False)  # type: ignore[type-var]
        yield otherwise(run.changed(sampling=plain_order), "the samples were not shuffled", "the order is another one")
