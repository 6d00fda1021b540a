"""What moves a run in one step, rule by rule as the papers have it: the truth that explanations are held against."""

import numpy as np

VELOCITY, MEAN, DECAY = "old velocity", "mean of past gradients", "weight decay"


def pieces(step):
    """What moves the run, by its name, as each rule's paper has it: what is added to the params."""
    o, g, t, eta = step.run.optimizer, step.gradient, step.update, step.eta
    name, state = o.name, dict(zip([term.symbol for term in o.state], step.state_before, strict=True))
    if name in ("momentum", "nag"):
        return {VELOCITY: -o.gamma * state["v"], "gradient": -eta * g}
    if name in ("gd", "adagrad", "rmsprop", "adadelta"):
        return {"gradient": step.params - step.before}
    pull = {DECAY: -eta * o.weight_decay * step.before} if hasattr(o, "weight_decay") else {}
    if name == "lion":
        c = o.beta1 * state["m"] + (1 - o.beta1) * g
        name = "gradient and memory together" if np.any(state["m"]) else "gradient"
        return {**pull, name: -eta * np.sign(c)}
    if name == "adamax":
        rate = eta / (np.maximum(o.beta2 * state["u"], abs(g)) + o.eps)
    else:
        v = o.beta2 * state["v"] + (1 - o.beta2) * g * g
        v_hat = np.maximum(state["v̂"], v) if name == "amsgrad" else v / (1 - o.beta2**t)
        rate = eta / (v_hat**0.5 + o.eps)
    old, new = o.beta1 * state["m"], (1 - o.beta1) * g
    if name == "nadam":
        after = 1 - o.beta1 ** (t + 1)
        return {
            MEAN: -rate * o.beta1 * old / after,
            "gradient": -rate * (o.beta1 * new / after + new / (1 - o.beta1**t)),
        }
    correction = 1.0 if name == "amsgrad" else 1 - o.beta1**t
    return {**pull, MEAN: -rate * old / correction, "gradient": -rate * new / correction}
