"""What a notebook shows of networks: the first few params and how many there are, and a plane through the path."""

import re

import numpy as np
import pytest

import gdviz
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import moons
from gdviz.scene.planes import Principal
from tests.texts.test_display import cells

pytestmark = pytest.mark.beside

NETWORK = Network("2-16-2", validation=0.2, data=moons(60))
RUN = gdviz.Run(NETWORK, gdviz.Nesterov(0.05), sampling=gdviz.MiniBatch(8), epochs=5)
TRAJECTORY = gdviz.train(RUN)


def numbers(html):
    return [float(text.replace("−", "-")) for text in cells(html) if re.fullmatch(r"−?\d[\d.e+−-]*", text)]


def test_a_run_says_what_its_network_is_and_where_it_starts():
    shown = " ".join(cells(RUN._repr_html_()))
    assert "layers=2-16-2" in shown and f"W1[0,0] = {RUN.start[0]:.6g}".replace("-", "−") in shown
    assert "W1[0,5] = " in shown and "W1[0,6]" not in shown and "… 82 params" in shown


def test_a_step_shows_the_terms_of_the_first_few():
    step = TRAJECTORY.step(3)
    html = step._repr_html_()
    assert "… 82 params" in html and "W1[0,5]" in html and "W1[0,6]" not in html and len(html) < 5000
    seen = numbers(html)
    for value in (step.before, step.asked_at, step.gradient, step.step, step.params, step.terms["v"]):
        for one in value[:6]:
            assert any(abs(shown - one) <= 1e-5 * abs(one) for shown in seen), one


def test_a_trajectory_shows_its_ends_with_every_score():
    html = TRAJECTORY._repr_html_()
    assert "… 82 params" in html and "validation_accuracy" in html and len(html) < 3000
    seen = numbers(html)
    for one in (*TRAJECTORY.params[-1][:6], TRAJECTORY.error[-1], *TRAJECTORY.scores[-1]):
        assert any(abs(shown - one) <= 1e-5 * abs(one) for shown in seen), one


def test_few_params_are_all_shown():
    run = gdviz.Run(Network("1-1", output="linear", X=[0.5, 1], Y=[1, 2]), epochs=3)
    assert "params" not in run._repr_html_() + gdviz.train(run)._repr_html_()


def test_plot_is_on_a_plane_through_the_path():
    pytest.importorskip("matplotlib")
    plane, error = TRAJECTORY.plot().axes
    cut = Principal().plane(NETWORK, [TRAJECTORY], 0, TRAJECTORY.last)
    (path,) = [line for line in plane.lines if len(line.get_xdata()) == TRAJECTORY.last + 1]
    np.testing.assert_allclose(path.get_xydata(), cut.projected(TRAJECTORY.params))
    share = cut.off_share(TRAJECTORY.params[-1] - TRAJECTORY.params[0])
    assert f"{share:.1%} of the squared way is off this plane" in plane.get_title()
    assert (plane.get_xlabel(), plane.get_ylabel()) == ("PC1", "PC2")
    updates = error.lines[0].get_xdata()
    assert updates[0] == 0 and updates[-1] == TRAJECTORY.last and len(updates) > 10
    np.testing.assert_array_equal(error.lines[0].get_ydata(), TRAJECTORY.error[updates])
    np.testing.assert_array_equal(error.lines[1].get_ydata(), TRAJECTORY.scores[updates, 2])
