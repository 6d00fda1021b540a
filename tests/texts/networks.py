"""Any network at all, on any samples that suit it."""

import numpy as np
from hypothesis import strategies as st

from gdviz.objectives import Data, Network
from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.objectives.network.initialisation import INITIALISATIONS

RATES = st.sampled_from(["0", "0.25", "0.5"])


@st.composite
def samples(draw):
    """Classes or numbers, one input or several, pictures or not."""
    count, inputs, classes = draw(st.integers(6, 9)), draw(st.integers(1, 4)), draw(st.sampled_from([0, 2, 3]))
    random = np.random.default_rng(draw(st.integers(0, 99)))
    X = random.normal(size=(count, inputs) if inputs > 1 else count)
    Y = random.permutation(np.arange(count) % classes).astype(float) if classes else random.normal(size=count)
    image = (2, 2) if inputs == 4 and draw(st.booleans()) else ()
    names = tuple("abcd"[:inputs]) if inputs > 1 else ()
    return Data("any", X, Y, "x", "y", "made up", False, names, tuple("uvw"[:classes]), image)


@st.composite
def networks(draw):
    """A network with every parameter anywhere in its range."""
    data, hidden = draw(samples()), draw(st.lists(st.integers(1, 4), max_size=3))
    inputs = 1 if data.X.ndim == 1 else data.X.shape[1]
    each = [*map(str, hidden)]
    given = {
        "layers": (inputs, *hidden, max(1, len(data.classes))),
        "activation": "-".join(draw(st.sampled_from(list(ACTIVATIONS.names))) for _ in each) or "tanh",
        "output": draw(st.sampled_from(["softmax", "logistic", "logistic-squared"] if data.classes else ["linear"])),
        "init": draw(st.sampled_from(list(INITIALISATIONS.names))),
        "dropout": "-".join(draw(RATES) for _ in each) or "0",
        "validation": draw(st.sampled_from([0.0, 0.3])),
        "precision": draw(st.sampled_from(["float64", "float32"])),
    }
    for name in ("init_seed", "split_seed"):
        given[name] = draw(st.integers(0, 2**53))
    for name in ("l2", "leak", "jitter", *(("shift", "rotate") if data.image else ())):
        given[name] = draw(st.floats(0, 1))
    for name in ("decoupled", "batchnorm", "running", "standardize"):
        given[name] = draw(st.booleans())
    return Network.on(data, **given)
