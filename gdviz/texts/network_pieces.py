"""Pieces of Python text for scripts of networks: activations, outputs, initial weights and helpers."""

from __future__ import annotations

from gdviz.objectives.network.layers import EPSILON

__all__ = [
    "ACTIVATIONS",
    "CUT",
    "DRAWS",
    "NORMALISED",
    "NUMPY_ERRORS",
    "OUTPUT_SLOPES",
    "SIGMOID",
    "SOFTMAX",
    "TORCH_CUT",
    "TORCH_ERRORS",
    "TORCH_NORMALISED",
]

ACTIVATIONS = {
    "logistic": ("sigmoid({z})", "torch.sigmoid({z})", "{a} * (1 - {a})"),
    "tanh": ("np.tanh({z})", "torch.tanh({z})", "(1 - {a}**2)"),
    "relu": ("np.maximum({z}, 0)", "torch.relu({z})", "({a} > 0)"),
    "leaky": ("leaky({z})", "leaky({z})", "np.where({a} > 0, 1, leak)"),
    "linear": ("{z}", "{z}", ""),
}
"""The function in numpy and in torch, and its slope in terms of its own value."""
OUTPUT_SLOPES = {
    "softmax": "d = (softmax({z}) - y) / len(x)",
    "logistic": "d = (sigmoid({z}) - y) / len(x)",
    "linear": "d = ({z} - y) / len(x)",
    "logistic-squared": "f = sigmoid({z})\nd = (f - y) * f * (1 - f) / len(x)",
}
"""∂error/∂z of the last layer, for the mean error."""
NUMPY_ERRORS = {
    "softmax": "e = {z} - {z}.max(axis=1, keepdims=True)\n"
    "log_p = e - np.log(np.exp(e).sum(axis=1, keepdims=True))\nreturn -(y * log_p).sum() / len(x)",
    "logistic": "return (np.logaddexp(0, {z}) - y * {z}).sum() / len(x)",
    "linear": "return (({z} - y) ** 2).sum() / 2 / len(x)",
    "logistic-squared": "return ((sigmoid({z}) - y) ** 2).sum() / 2 / len(x)",
}
"""The mean error."""
TORCH_ERRORS = {
    "softmax": "-(y * torch.log_softmax({z}, 1)).sum() / len(x)",
    "logistic": 'torch.nn.functional.binary_cross_entropy_with_logits({z}, y, reduction="sum") / len(x)',
    "linear": "(({z} - y) ** 2).sum() / 2 / len(x)",
    "logistic-squared": "((torch.sigmoid({z}) - y) ** 2).sum() / 2 / len(x)",
}
DRAWS = {
    "xavier": "reach = np.sqrt(6 / (inputs + outputs))\nW = random.uniform(-reach, reach, (inputs, outputs))",
    "xavier-normal": "W = random.normal(0, np.sqrt(2 / (inputs + outputs)), (inputs, outputs))",
    "he": "W = random.normal(0, np.sqrt(2 / inputs), (inputs, outputs))",
    "he-uniform": "reach = np.sqrt(6 / inputs)\nW = random.uniform(-reach, reach, (inputs, outputs))",
    "uniform": "W = random.uniform(-0.5, 0.5, (inputs, outputs))",
    "normal": "W = random.normal(0, 1, (inputs, outputs))",
    "zeros": "W = np.zeros((inputs, outputs))",
}
"""Random draws of the initial weights."""
CUT = """def parts(params):
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(params, ends[:-1]), shapes)]
"""
TORCH_CUT = """def parts(params):
    lengths = [int(np.prod(shape)) for shape in shapes]
    return [part.reshape(shape) for part, shape in zip(params.split(lengths), shapes)]
"""
SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
SOFTMAX = """def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the highest taken off, so that nothing overflows
    return e / e.sum(axis=1, keepdims=True)
"""
NORMALISED = f"""def normalised(z):
    deviation = np.sqrt(z.var(axis=0) + {EPSILON})
    return (z - z.mean(axis=0)) / deviation, deviation


def through(d, unit, deviation):
    # the batch's mean and deviation depend on every sample of it
    return (d - d.mean(axis=0) - unit * (d * unit).mean(axis=0)) / deviation
"""
TORCH_NORMALISED = f"def normalised(z):\n    return (z - z.mean(0)) / torch.sqrt(z.var(0, correction=0) + {EPSILON})\n"
