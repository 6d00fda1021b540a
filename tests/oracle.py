"""The lecture's loops in plain Python: one sample at a time, from its formulas and the papers', without gdviz's code.

All of it is floats and `math`. `tilt` gives the same numbers by other roundings (the sigmoid through tanh, the samples
added from the last to the first): where the two forms disagree, nobody can compute the example to that precision.
"""

import math

LOOK_AHEAD = "nag"


def sigmoid(z, tilt=False):
    if tilt:
        return 0.5 * (1 + math.tanh(z / 2))
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def neuron_gradient(point, x, y, tilt=False):
    w, b = point
    f = sigmoid(w * x + b, tilt)
    return (f - y) * f * (1 - f) * x, (f - y) * f * (1 - f)


def neuron_error(point, samples, tilt=False):
    w, b = point
    total = 0.0
    for x, y in reversed(samples) if tilt else samples:
        total += 0.5 * (sigmoid(w * x + b, tilt) - y) ** 2
    return total


def rate(schedule, eta, t, T):
    """The learning rate at time t of T; `schedule` is (name, parameters)."""
    name, p = schedule
    if name == "step":
        return eta * p["drop"] ** math.floor(t / p["every"])
    if name == "exponential":
        return eta * math.exp(-p["rate"] * t)
    if name == "inverse":
        return eta / (1 + p["rate"] * t)
    if name == "cosine":
        return p["floor"] + (eta - p["floor"]) * (1 + math.cos(math.pi * t / T)) / 2
    assert name == "constant"
    return eta


def new_param(rule, h, eta, t, w, g, memory):
    """One parameter's update; `memory` is [m, v, u] of that parameter, `h` the other hyperparameters."""
    m, v, u = memory
    if rule == "gd":
        w = w - eta * g
    elif rule in ("momentum", "nag"):
        v = h["gamma"] * v + eta * g
        w = w - v
    elif rule == "adagrad":
        v = v + g**2
        w = w - eta * g / (math.sqrt(v) + h["eps"])
    elif rule == "rmsprop":
        v = h["beta"] * v + (1 - h["beta"]) * g**2
        w = w - eta * g / (math.sqrt(v) + h["eps"])
    elif rule == "adadelta":
        v = h["rho"] * v + (1 - h["rho"]) * g**2
        delta = -math.sqrt(u + h["eps"]) / math.sqrt(v + h["eps"]) * g
        u = h["rho"] * u + (1 - h["rho"]) * delta**2
        w = w + eta * delta
    elif rule == "lion":
        direction = h["beta1"] * m + (1 - h["beta1"]) * g
        m = h["beta2"] * m + (1 - h["beta2"]) * g
        sign = math.copysign(1, direction) if direction != 0 else 0.0
        w = w - (eta * sign + eta * h["weight_decay"] * w)  # ±η may cancel, so the order of the products shows
    else:
        w, m, v, u = adams(rule, h, eta, t, w, g, m, v, u)
    memory[:] = m, v, u
    return w


def adams(rule, h, eta, t, w, g, m, v, u):
    """The same for Adam and the rules that were made from it."""
    m = h["beta1"] * m + (1 - h["beta1"]) * g
    v = h["beta2"] * v + (1 - h["beta2"]) * g**2
    m_hat, v_hat = m / (1 - h["beta1"] ** t), v / (1 - h["beta2"] ** t)
    if rule == "adam":
        w = w - eta * m_hat / (math.sqrt(v_hat) + h["eps"])
    elif rule == "amsgrad":
        u = v if v > u else u
        w = w - eta * m / (math.sqrt(u) + h["eps"])
    elif rule == "adamax":
        u = max(h["beta2"] * u, abs(g))
        w = w - eta / (1 - h["beta1"] ** t) * m / (u + h["eps"])
    elif rule == "nadam":
        next_m_hat = h["beta1"] * m / (1 - h["beta1"] ** (t + 1)) + (1 - h["beta1"]) * g / (1 - h["beta1"] ** t)
        w = w - eta * next_m_hat / (math.sqrt(v_hat) + h["eps"])
    elif rule == "adamw":
        w = w - eta * h["weight_decay"] * w - eta * m_hat / (math.sqrt(v_hat) + h["eps"])
    else:
        raise AssertionError(f"no oracle for {rule}")
    return w, m, v, u


def batches(samples, size):
    """The batches of one epoch, consecutive, the last as short as it is."""
    return [samples[i : i + size] for i in range(0, len(samples), size)]


def summed(gradient, point, batch, tilt):
    total = [0.0] * len(point)
    for x, y in reversed(batch) if tilt else batch:
        part = gradient(point, x, y, tilt)
        total = [total[i] + part[i] for i in range(len(point))]
    return total


def train(
    samples, start, rule, h, *, size=None, schedule=("constant", {}), per="epoch", reduction="lecture", updates=1,
    gradient=neuron_gradient, tilt=False, nudge=0.0,
):  # fmt: skip
    """Return the points after 0, 1, ... updates. `h` holds eta and the rule's other hyperparameters.

    `nudge`: infinity with a sign, to move each param to the next number that way after every update.
    """
    epoch_batches = batches(samples, size or len(samples))
    epochs = math.ceil(updates / len(epoch_batches))
    point, memory, points, t = list(start), [[0.0, 0.0, 0.0] for _ in start], [tuple(start)], 0
    for epoch in range(epochs):
        for batch in epoch_batches:
            if t == updates:
                break
            eta = rate(schedule, h["eta"], epoch, epochs) if per == "epoch" else rate(schedule, h["eta"], t, updates)
            t += 1
            asked_at = point
            if rule == LOOK_AHEAD:
                asked_at = [w - h["gamma"] * v for w, (_, v, _) in zip(point, memory, strict=True)]
            g = summed(gradient, asked_at, batch, tilt)
            if reduction == "mean" or (reduction == "lecture" and rule == "gd"):
                g = [part / len(batch) for part in g]
            point = [new_param(rule, h, eta, t, w, part, k) for w, part, k in zip(point, g, memory, strict=True)]
            if nudge:
                point = [math.nextafter(w, nudge) for w in point]
            points.append(tuple(point))
    return points


def growth(*arguments, **named):
    """After each update, how far two paths that are moved by their last digit have got from the own one.

    As a share of a param, or of 1 where it is less; the largest so far. Where it passes 1e-9 is the rounding horizon.
    """
    own, *moved = (train(*arguments, nudge=nudge, **named) for nudge in (0.0, math.inf, -math.inf))
    largest, grown = 0.0, []
    for i, point in enumerate(own):
        for path in moved:
            for w, other in zip(point, path[i], strict=True):
                largest = max(largest, abs(other - w) / max(1.0, abs(w)))
        grown.append(largest)
    return grown


def horizon(grown):
    return next((update for update, largest in enumerate(grown) if largest > 1e-9), None)
