"""A student's notebook: the lecture's rules in plain Python, and what goes wrong where one word of `wrong` is set.

Nothing of gdviz is used.
"""

import math

REDUCED = {"gd"}


def notebook(rule, X, Y, start, epochs, size, wrong="", kept=None, eta=0.1, beta=0.9, gamma=0.9, eps=1e-8, mean=None):
    """Return [(w, b)] after 0, 1, … updates, and the memory that is left."""
    mean = (rule in REDUCED) if mean is None else mean
    if wrong == "swapped":
        beta = 1 - beta
    w, b = start
    memory = {name: [0.0, 0.0] for name in "mv"} if kept is None else {key: list(value) for key, value in kept.items()}
    rows, t = [(w, b)], 0

    def gradients(w, b, batch):
        dw = db = 0.0
        for x, y in batch:
            f = 1 / (1 + math.exp(-w * x + b if wrong == "sign of b" else -(w * x + b)))
            dw += (f - y) * f * (1 - f) * x
            db += (f - y) * f * (1 - f)
        full = size if wrong == "short batch" else len(batch)
        divisor = full if (mean != (wrong == "reduction")) else 1
        return dw / divisor, db / divisor

    def step(i, g, t):
        m, v = memory["m"], memory["v"]
        if rule == "gd":
            out = eta * g
        elif rule in ("momentum", "nag"):
            v[i] = gamma * v[i] + eta * g
            out = v[i]
        elif rule in ("adagrad", "rmsprop"):
            v[i] = v[i] + g * g if rule == "adagrad" else beta * v[i] + (1 - beta) * g * g
            out = over(eta * g, v[i])
        else:
            m[i] = beta * m[i] + (1 - beta) * g
            v[i] = beta * v[i] + (1 - beta) * g * g
            right = 1.0 if wrong == "no correction" else 1 - beta**t
            out = over(eta * m[i] / right, v[i] / right)
        return eta * out if wrong == "eta twice" else out

    def over(top, v):
        if wrong == "eps added":
            return top / math.sqrt(v) + eps
        if wrong == "eps inside":
            return top / math.sqrt(v + eps)
        return top / (math.sqrt(v) + eps)

    samples = list(zip(X, Y, strict=True))
    for _ in range(epochs):
        for number, first in enumerate(range(0, len(samples), size)):
            batch = samples[first : first + size]
            t += 1
            counted = number + 1 if wrong == "restarted" else t
            ahead = rule == "nag" and wrong != "not ahead"
            v = memory["v"]
            at = (w - gamma * v[0], b - gamma * v[1]) if ahead else (w, b)
            dw, db = gradients(*at, batch)
            if wrong == "one by one":
                w -= step(0, dw, counted)
                at = (w - gamma * v[0], b - gamma * v[1]) if ahead else (w, b)
                b -= step(1, gradients(*at, batch)[1], counted)
            else:
                w, b = w - step(0, dw, counted), b - step(1, db, counted)
            rows.append((w, b))
    return rows, memory
