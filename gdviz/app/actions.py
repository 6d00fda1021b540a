"""The window's actions: names, texts, keys and help, declared in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

from gdviz.views.words import verbatim

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

__all__ = ["ACTIONS", "MENUS", "OTHER_KEYS", "RACE_ACTIONS", "make_actions", "native"]


@dataclass(frozen=True)
class Entry:
    """One action: its objectName, its text, its keys and one line of help."""

    name: str
    text: str
    keys: tuple[str, ...]
    help: str


ACTIONS = (
    Entry("reset", "Reset", ("Home",), "Back to update 0"),
    Entry("back", "Step back", ("Left", "PgUp"), "One update back"),
    Entry("play", "Run / pause", ("Space",), "Let the updates run, or pause them"),
    Entry("step", "Step", ("Right", "PgDown"), "One update forward"),
    Entry("end", "To the end", ("End",), "To the last update there is"),
    Entry("next_turn", "Next U-turn", ("U",), "To the next update at which the selected run turns back"),
    Entry("next_overshoot", "Next overshoot", ("O",), "To the next update at which the selected run's error rises"),
    Entry("next_epoch", "Next epoch", ("E",), "To the end of the selected run's epoch"),
    Entry("converged", "Run until converged", ("C",), "Let the updates run until all runs have come to rest"),
    Entry("fork", "Fork here", ("K",), "Add a copy of the selected run that can be changed from this update on"),
    Entry("duplicate", "Duplicate", ("D",), "Add a copy of the selected run to the race"),
    Entry("remove", "Remove", ("Del",), "Take the selected run out of the race"),
    Entry("rename", "Rename", ("F2",), "Give the selected run a name of your own"),
    Entry("recolour", "Next colour", ("L",), "Give the selected run another colour and marker"),
    Entry("hide", "Hide / show", ("H",), "Leave the selected run out of the pictures, or bring it back"),
    Entry("solo", "Solo", ("S",), "Show the selected run alone, or all again"),
    Entry("move_up", "Move up", ("Alt+Up",), "Move the selected run up in the list"),
    Entry("move_down", "Move down", ("Alt+Down",), "Move the selected run down in the list"),
    Entry("lecture_six", "The lecture's six", ("Ctrl+6",), "Let the lecture's six rules race"),
    Entry("lecture_defaults", "Lecture defaults", ("Alt+L",), "Set all hyperparameters to the lecture's defaults"),
    Entry("paper_defaults", "Paper defaults", ("Alt+P",), "Set hyperparameters to those that each rule's paper gives"),
    Entry("undo", "Undo", ("Ctrl+Z",), "Take the last change back"),
    Entry("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Do it again"),
    Entry("lecture_race", "The lecture's race", ("Ctrl+N",), "Begin again with the lecture's race"),
    Entry("open_session", "Open …", ("Ctrl+O",), "Open a session, samples, or a run to check"),
    Entry("save_session", "Save session", ("Ctrl+S",), "Save what is on the screen as a session"),
    Entry("save_session_as", "Save session as …", ("Ctrl+Shift+S",), "Save the session to another file"),
    Entry("save_exercise", "Save exercise …", ("Ctrl+Alt+S",), "Save a session that leaves open a few controls only"),
    Entry("copy_numpy", "Copy as Python", ("Ctrl+Shift+C",), "Copy the selected run as a script in plain numpy"),
    Entry("copy_torch", "Copy as PyTorch", ("Ctrl+Alt+C",), "Copy the selected run as a script that uses torch"),
    Entry("check", "Check a notebook …", ("Ctrl+K",), "Compare numbers that somebody computed with the selected run"),
    Entry("forget_notebook", "Forget the notebook", ("Esc",), "Take the notebook that was checked off the screen"),
    Entry("export_image", "Export image …", ("Ctrl+E",), "Save the views as a PNG picture"),
    Entry("export_animation", "Export animation …", ("Ctrl+Shift+E",), "Save the race as GIF, MP4 or WebM"),
    Entry("export_pack", "Lecture pack …", ("Ctrl+Shift+P",), "Write figures, a film, worked updates and scripts"),
    Entry("fit", "Fit view", ("F",), "Bring all of the paths into view, and the 3D surface back to its first view"),
    Entry("anatomy", "Anatomy of the step", ("A",), "Show what the selected run's step is made of, or hide it"),
    Entry("fan", "Gradients of the samples", ("G",), "Show each sample's gradient beside the batch's, or hide them"),
    Entry("axis", "Updates, epochs, time", ("X",), "Draw the curves over updates, epochs or time"),
    Entry("predict", "Predict the next step", ("P",), "Click where the next step will lead; then it is shown"),
    Entry("next_lesson", "Next lesson", ("N",), "Begin the lessons, or go on to the next one"),
    Entry("previous_lesson", "Previous lesson", ("Shift+N",), "Go back to the lesson before"),
    Entry("close_lesson", "Close lesson", ("Ctrl+W",), "Put the lesson's text away; its race stays"),
    Entry("theme", "Light / dark", ("Ctrl+D",), "Switch between light and dark"),
    Entry("full_screen", "Full screen", ("F11",), "Fill the screen, with larger type and lines"),
    Entry("usual_layout", "Usual layout", ("Ctrl+0",), "Put everything where it was when the program was new"),
    Entry("what_is_this", "What is this?", ("Shift+F1",), "Then click on what is to be explained"),
    Entry("keys", "Keys", ("F1",), "Show what the keys do"),
    Entry("quit", "Quit", ("Ctrl+Q",), "Close the window"),
)

OTHER_KEYS = (
    ("Shift+arrows", "Turn the 3D surface, when it has the focus"),
    ("In a number", "Enter takes it and leaves it selected; Space runs, Page Up and Page Down step; Esc gives the "
     "keys back"),
)  # fmt: skip
"""Keys that are no action's, and what they do."""

RACE_ACTIONS = (
    *("duplicate", "remove", "rename", "recolour", "hide", "solo", "move_up", "move_down"),
    *("lecture_six", "lecture_defaults", "paper_defaults"),
)
"""What can be done with the runs of the list."""


MENUS = {
    "&File": (
        *("lecture_race", "open_session", "save_session", "save_session_as", "save_exercise"),
        *("copy_numpy", "copy_torch", "check", "export_image", "export_animation", "export_pack", "quit"),
    ),
    "&Edit": ("undo", "redo"),
    "&Run": (
        *("play", "step", "back", "reset", "end", "converged"),
        *("next_turn", "next_overshoot", "next_epoch", "fork", "predict"),
    ),
    "R&ace": RACE_ACTIONS,
    "&View": ("fit", "anatomy", "fan", "axis", "theme", "full_screen", "usual_layout"),
    "Lesso&ns": ("next_lesson", "previous_lesson", "close_lesson"),
    "&Help": ("keys", "what_is_this"),
}
"""The actions of each menu."""


def native(entry: Entry) -> str:
    """Return an action's keys as this system writes them."""
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in entry.keys)


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """Return the actions by name, owned by `parent` and working wherever the focus is in it."""
    actions = {}
    for entry in ACTIONS:
        action = QAction(entry.text, parent)
        action.setObjectName(entry.name)
        action.setShortcuts([QKeySequence(key) for key in entry.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(verbatim(f"{entry.help} ({entry.keys[0]})"))
        parent.addAction(action)
        actions[entry.name] = action
    return actions
