"""The declared parameters of a network: its layers and how it is trained. Texts such as ``2-16-2`` are read here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.objectives.network.activations import ACTIVATIONS, Activation
from gdviz.objectives.network.initialisation import INITIALISATIONS
from gdviz.objectives.network.layers import Layout
from gdviz.objectives.network.outputs import OUTPUTS, Output
from gdviz.params import Declared, param

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Architecture"]

MOST_PARAMETERS = 5_000_000
WIDEST, DEEPEST = 10_000, 20
FORM_OF_LAYERS = f"neurons in each layer such as 2-16-2, 2 to {DEEPEST} layers of 1 to {WIDEST}"
FORM_OF_RATES = "a share >= 0 and < 1, or one for each hidden layer such as 0.2-0.5"


def _parts(value: Any) -> list[str]:
    """Return the texts between hyphens, or the items of a tuple or list as texts."""
    if isinstance(value, (tuple, list)):
        return [str(part) for part in value]
    return [part.strip() for part in str(value).split("-")]


def read_layers(value: Any) -> str:
    """Return ``(2, 16, 2)``, ``[2, 16, 2]`` or ``" 2-16-2"`` as ``2-16-2``."""
    sizes = [int(part) for part in _parts(value)]
    if not 2 <= len(sizes) <= DEEPEST or not all(1 <= size <= WIDEST for size in sizes):
        raise ValueError
    return "-".join(map(str, sizes))


def form_of_activations() -> str:
    """Return the end of a sentence that says which texts name activations."""
    return f"one of {', '.join(ACTIVATIONS.names)}, or one for each hidden layer such as tanh-relu"


def read_activations(value: Any) -> str:
    """Return ``("tanh", "relu")`` or ``"tanh-relu"`` as ``tanh-relu``."""
    names = _parts(value)
    if not all(name in ACTIVATIONS.names for name in names):
        raise ValueError
    return "-".join(names)


def read_rates(value: Any) -> str:
    """Return ``0.2``, ``(0.2, 0.5)`` or ``"0.2-0.5"`` as ``0.2`` or ``0.2-0.5``."""
    parts = [value] if isinstance(value, (int, float)) else _parts(value)
    rates = [f"{float(part):.9f}".rstrip("0").rstrip(".") for part in parts]
    if not all(0 <= float(rate) < 1 for rate in rates):
        raise ValueError
    return "-".join(rates)


regularises = partial(param, group="Regularisation")
augments = partial(param, 0.0, low=0, group="Augmentation")


@dataclass(frozen=True, eq=False)
class Architecture(Declared):
    """Layers, activations, initialisation, regularisation and augmentation of a network."""

    name = "network"
    has_layers = True

    layers: str = param(
        "2-8-2", "layers", "neurons in each layer, the inputs first", read=read_layers, form=FORM_OF_LAYERS
    )
    activation: str = param(
        "tanh", "f", "what the neurons of the hidden layers compute", read=read_activations, form=form_of_activations
    )
    output: str = param("softmax", "output", "function of the last layer, with its error", choices=OUTPUTS)
    init: str = param("xavier", "init", "how the first weights are drawn", choices=INITIALISATIONS)
    init_seed: int = param(0, "init seed", "seed of the first weights", low=0, high=2**53, slider=(0, 100))
    leak: float = param(0.01, "leak", "the slope of a leaky ReLU below 0", low=0, high=1, slider=(0, 0.5),
                        group="Numbers")  # fmt: skip
    precision: str = param("float64", "precision", "of the network's numbers", choices=("float64", "float32"),
                           group="Numbers")  # fmt: skip
    l2: float = regularises(0.0, "λ", "how strongly weights are pulled towards 0: ½ λ Σ W² is added to the mean error",
                            low=0, high=1e6, slider=(0, 0.1))  # fmt: skip
    decoupled: bool = regularises(False, "decoupled", "shrink the weights directly by ηλ, not through the gradient")
    dropout: str = regularises("0", "dropout", "share of each hidden layer's neurons left out of an update",
                               read=read_rates, form=FORM_OF_RATES)  # fmt: skip
    batchnorm: bool = regularises(False, "batchnorm", "normalise the inputs of the hidden neurons over the batch")
    running: bool = regularises(False, "running", "validate normalised layers with running means over the batches")
    jitter: float = augments("jitter", "noise on the inputs of every update", high=100, slider=(0, 1))
    shift: float = augments("shift", "pixels by which pictures are moved at random", high=100, slider=(0, 3))
    rotate: float = augments("rotate", "degrees by which pictures are turned at random", high=180, slider=(0, 45))
    validation: float = param(0.0, "validation", "share of the samples kept apart", low=0, high=0.9, slider=(0, 0.5),
                              group="Samples")  # fmt: skip
    split_seed: int = param(0, "split seed", "seed of the choice of these samples", low=0, high=2**53, slider=(0, 100),
                            group="Samples")  # fmt: skip
    standardize: bool = param(
        False, "standardise", "shift and scale the inputs by the mean and deviation of the training part"
    )

    def __post_init__(self) -> None:
        """Check every parameter, and the number of activations and dropout rates against the number of layers."""
        super().__post_init__()
        for key, what in (("activation", "activations"), ("dropout", "rates")):
            parts = getattr(self, key).split("-")
            if len(parts) not in (1, len(self.sizes) - 2):
                raise ValueError(f"network: {key} must be one or {len(self.sizes) - 2} {what}, not {len(parts)}")
        if self.layout.size > MOST_PARAMETERS:
            raise ValueError(f"network: at most {MOST_PARAMETERS} parameters, not {self.layout.size}")

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons in each layer, the inputs' number first."""
        return tuple(map(int, self.layers.split("-")))

    @cached_property
    def layout(self) -> Layout:
        """The position of each layer's parameters in the flat vector."""
        return Layout(self.sizes, self.batchnorm)

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return tuple(ACTIVATIONS[name] for name in _for_each(self.activation, len(self.sizes) - 2))

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """The dropout rate of each hidden layer."""
        return tuple(map(float, _for_each(self.dropout, len(self.sizes) - 2)))

    def first_params(self, init: str, seed: int = 0) -> Array:
        """Return initial params, shape (n,), drawn by the initialisation `init`."""
        random, params = np.random.default_rng((seed, 0)), np.zeros(self.layout.size)
        for layer in self.layout.layers:
            params[layer.W] = INITIALISATIONS[init].draw(random, layer.inputs, layer.outputs).ravel()
            if layer.gamma is not None:
                params[layer.gamma] = 1.0
        return params

    def name_of(self, index: int) -> str:
        """Return the name of one parameter."""
        return self.layout.name_of(index)

    @cached_property
    def output_layer(self) -> Output:
        """The output function with its error."""
        return OUTPUTS[self.output]


def _for_each(text: str, layers: int) -> tuple[str, ...]:
    """Return one part for each layer from a text with one part for all layers or one for each."""
    parts = tuple(text.split("-"))
    return parts * layers if len(parts) == 1 else parts
