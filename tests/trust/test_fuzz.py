"""Every text of a session and every cell of a table is attacked, in a real window that runs, is hovered and exports."""

import json
import random
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog

from gdviz.export.options import PictureOptions
from gdviz.files import save_session
from tests.app.driving import settle
from tests.trust import hostile
from tests.trust.canary import MARKUP, Canary, hover

FEW, MANY = 24, 2400
EXPORTED_EVERY, HOVERED_EVERY = 40, 4
ATTACKS = [
    MARKUP,
    '<img src="file:canary">',
    "<img src=canary>",
    "<table background='canary'><tr><td>x</td></tr></table>",
    '<body background="canary">x',
    "<style>body {background-image: url(canary)}</style><p>x</p>",
    '<a href="canary">x</a>',
    '<object data="canary"></object><iframe src="canary"></iframe>',
    '<link rel="stylesheet" href="canary"><p>x',
    "<script>alert(1)</script>",
    '<svg><image href="canary"/></svg>',
    "&lt;img src=canary&gt;",
    "\\input canary \\include{canary} $\\write18{cat canary}$",
    "$(cat canary) `cat canary` | cat canary",
    "=HYPERLINK(canary) {canary} %s %n {0.__class__}",
    '"""\nopen("canary").read()\n"""',
    "\u202ecanary\u2066",
    "A & B && [*] ...",
    "]]><!-- canary",
    "<" * 190,
    "x" * 200,
    "\x1b[2Jcanary",
    "\u0000",
    "\ud83d\ude80 \U0001f680 é 漢字",
]


def attacked_session(dice):
    """Return a session's JSON in which one text, or every one, is an attack."""
    session = dice.choice([hostile.neuron, hostile.network])(dice.choice([*ATTACKS[:21], "plain"]))
    places = list(hostile.texts_of(json.loads(hostile.with_text(session, ("format",), "gdviz"))))
    return hostile.with_text(session, dice.choice(places), dice.choice(ATTACKS))


def attacked_table(dice):
    """Return a table in which one cell is an attack."""
    cells = [["x", "y"], ["0.5", "0.2"], ["2.5", "0.9"], ["-1", "0.4"]]
    cells[dice.randrange(4)][dice.randrange(2)] = dice.choice(ATTACKS).encode("utf-8", "replace").decode()
    return "\n".join(dice.choice([",", ";", "\t"]).join(row) for row in cells)


def attack(window, dice, number):
    """Open one input in the window; every so often let it run, hover over it and export it."""
    if dice.random() < 0.7:
        path = Path("attack.gdviz")
        path.write_text(attacked_session(dice), "utf-8", "replace")
        window.sessions.open(path)
    else:
        path = Path(dice.choice(["attack.csv", "<img src=canary>.csv"]))
        path.write_text(attacked_table(dice), "utf-8")
        dice.choice([lambda: window.sessions.take(path), lambda: window.checking.check(path)])()
    window.controller.play() if number % 2 else window.action("step").trigger()
    if number % HOVERED_EVERY == 0:
        hover(window)
        window.grab()
    if number % EXPORTED_EVERY == 0:
        ending = dice.choice(["png", "svg", "pdf", "gdviz"])
        save_session(window.sessions.current(), "saved.gdviz") if ending == "gdviz" else window.exporting.save_image(
            f"race.{ending}", PictureOptions(width=480, height=360)
        )


@pytest.mark.once
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])])
def test_no_attack_is_taken_for_more_than_text(open_window, qapp, tmp_path, monkeypatch, count):
    monkeypatch.chdir(tmp_path)
    dice, window = random.Random(count), open_window()
    said = set()
    with Canary(tmp_path) as canary:
        for number in range(count):
            attack(window, dice, number)
            for _ in range(5):
                qapp.processEvents()
            for dialog in window.findChildren(QDialog):
                dialog.grab()
                dialog.close()
            qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # no event loop runs that would do it
            assert canary.opened == 0, number
            said.add(window.hint.text()[:20])
        settle(window)
    assert all(text.isprintable() for text in said)
    assert len(said) > min(count / 24, 10)  # of many kinds
