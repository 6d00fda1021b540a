"""What a notebook shows of runs, steps and trajectories says what they are."""

import re
import sys

import numpy as np
import pytest

import gdviz

NEURON = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
RUN = gdviz.Run(NEURON, gdviz.Nesterov(0.5), (-2, -2), epochs=50)


def cells(html):
    assert html.count("<tr>") == html.count("</tr>") and html.startswith("<table>")
    return [re.sub("<.*?>", "", cell) for cell in re.findall("<t[hd].*?</t[hd]>", html)]


def test_a_run_says_its_rule_and_settings():
    shown = cells(RUN._repr_html_())
    assert "v ← γ v + η g" in " ".join(shown) and "nag:eta=0.5,gamma=0.9,scaled=0.0" in shown
    assert "w = −2, b = −2" in shown and shown[-1] == "50"


@pytest.mark.parametrize("cls", [gdviz.Nesterov, gdviz.Adam, gdviz.Lion], ids=lambda cls: cls.name)
def test_a_step_shows_every_term_of_each_parameter(cls):
    step = gdviz.train(gdviz.Run(NEURON, cls(0.1), epochs=5)).step(3)
    html = step._repr_html_()
    numbers = [float(text.replace("−", "-")) for text in cells(html) if re.fullmatch(r"−?\d[\d.e+−-]*", text)]
    for value in (step.before, step.gradient, step.step, step.params, *step.terms.values()):
        for one in np.broadcast_to(value, 2):
            assert any(abs(shown - one) <= 1e-5 * abs(one) for shown in numbers), one


def test_a_trajectory_shows_its_ends_and_why_it_ended():
    shown = cells(gdviz.train(RUN)._repr_html_())
    assert "50" in shown and "error" in shown
    lost = gdviz.train(gdviz.Run(gdviz.Ravine(), gdviz.GradientDescent(1.0)))
    assert "million times outside" in lost._repr_html_()


def test_text_is_not_markup():
    from gdviz.texts.notebook import _table

    assert "<script>" not in _table([("<script>", "<b>")], "<i>")


def test_plot_is_a_figure_of_path_and_error():
    pytest.importorskip("matplotlib")
    trajectory = gdviz.train(RUN)
    plane, error = trajectory.plot().axes
    (path,) = [line for line in plane.lines if len(line.get_xdata()) == 51]
    np.testing.assert_array_equal(path.get_xydata(), trajectory.params)
    np.testing.assert_array_equal(error.lines[0].get_ydata(), trajectory.error)
    assert error.get_yscale() == "log"


def test_without_matplotlib_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match="needs matplotlib: pip install matplotlib"):
        gdviz.train(RUN).plot()
