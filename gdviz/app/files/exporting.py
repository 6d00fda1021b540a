"""Export from the window: a file is asked for, a bar shows how far it is, and it can be cancelled."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

from gdviz.app.model.timers import make_timer
from gdviz.files import check_folder, check_target
from gdviz.views.words import Label, named
from gdviz.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from gdviz.app.files.sessions import Sessions
    from gdviz.app.model.controller import Controller
    from gdviz.export.off_screen import OffScreen
    from gdviz.export.options import ExportOption, FilmOptions, PictureOptions
    from gdviz.params import Declared
    from gdviz.texts.python import Library

__all__ = ["Exporting"]


class Exporting(QObject):
    """One export at a time, frame by frame, between the window's other work.

    Signals
    -------
    news(str)
        What was copied, or why it cannot be: a sentence.
    """

    news = Signal(str)

    def __init__(self, sessions: Sessions, controller: Controller, parent: QWidget) -> None:
        super().__init__(parent)
        self._sessions, self._controller, self._parent = sessions, controller, parent
        self.theme = "light"
        """The window's colours, which a picture has unless others are chosen."""
        self._film: Generator[int | str, None, None] | None = None
        self._stage: OffScreen | None = None
        self._target = Path()
        self._options: PictureOptions | None = None
        self._film_options: FilmOptions | None = None
        self._began = 0.0
        self._timer = make_timer(self, 0, self._go_on)
        self.bar = named(QWidget(), "export_bar")
        self.message = Label(objectName="export_message")
        self.progress = named(QProgressBar(), "export_progress", "Export progress")
        self.stop = named(QPushButton("Cancel"), "cancel_export")
        self.stop.clicked.connect(self._stopped)
        layout = QHBoxLayout(self.bar)
        layout.setContentsMargins(10, 3, 10, 3)
        for widget, stretch in ((self.message, 1), (self.progress, 1), (self.stop, 0)):
            layout.addWidget(widget, stretch)
        self.bar.hide()

    @property
    def running(self) -> bool:
        """Whether an animation is being written."""
        return self._film is not None

    def ask_image(self) -> None:
        """Ask how a picture is to look and where it is to be, and save it."""
        picture = self._picture()
        self._ask_options("Export image", (picture, *picture.extras), self._take_image)

    def _ask_options(self, title: str, options: Sequence[Declared], take: Callable[..., None]) -> None:
        from gdviz.app.files.export_dialog import ExportDialog  # not before it is needed: the start is to be quick

        dialog = ExportDialog(self._parent, title, *options)
        dialog.chosen.connect(lambda values: take(*values))
        dialog.open()

    def _take_image(self, options: PictureOptions, *extras: ExportOption) -> None:
        options = self._options = replace(options, extras=extras)
        path = self._ask("Export image", "lecture-race.png", "Picture (*.png);;Vector picture (*.svg *.pdf)")
        if path:
            self.save_image(path, options)

    def ask_animation(self) -> None:
        """Ask how a film is to look and where it is to be, and save it."""
        picture, film = self._picture(), self._film_or_usual()
        self._ask_options("Export animation", (picture, film, *picture.extras), self._take_animation)

    def _take_animation(self, options: PictureOptions, how: FilmOptions, *extras: ExportOption) -> None:
        options = self._options = replace(options, extras=extras)
        self._film_options = how
        path = self._ask("Export animation", "lecture-race.mp4", "Film (*.mp4);;Film (*.webm);;Animated GIF (*.gif)")
        if path:
            self.save_animation(path, options, how)

    def _picture(self) -> PictureOptions:
        """Return the options of the last picture; of the first one, the window's colours."""
        return (self._options or self._usual_picture()).with_extras()

    def _usual_picture(self) -> PictureOptions:
        from gdviz.export.options import PictureOptions

        return PictureOptions(theme=self.theme)

    def _film_or_usual(self) -> FilmOptions:
        """Return the options of the last film, or the usual ones."""
        from gdviz.export.options import FilmOptions

        return self._film_options or FilmOptions()

    def _ask(self, title: str, name: str, kinds: str) -> str:
        path, kind = QFileDialog.getSaveFileName(self._parent, title, name, kinds)
        ending = re.search(r"\*(\.\w+)", kind)
        return path if not path or Path(path).suffix or not ending else path + ending[1]

    def save_image(self, path: str | Path, options: PictureOptions | None = None) -> None:
        """Save the views as they are; by default the whole figure in the window's colours."""
        from gdviz.export.picture import PICTURES, save_picture

        try:
            check_target(path, list(PICTURES))
            stage = self._make_stage(options or self._usual_picture())
            try:
                save_picture(stage, path, self._controller.cursor)
            finally:
                stage.close()
        except ValueError as error:
            self._say(f"{error}.")
        else:
            self._say(f"Saved {path}")

    def save_animation(
        self, path: str | Path, options: PictureOptions | None = None, how: FilmOptions | None = None,
        frames: int | None = None,
    ) -> None:  # fmt: skip
        """Begin to write the race, as far as it is computed; the bar shows how far it is."""
        from gdviz.export.film import check_film, film
        from gdviz.export.options import FilmOptions

        if self.running:
            self._say("One export at a time: this one is still running.")
            return
        options, how = options or self._usual_picture(), how or FilmOptions()
        try:
            self._target = check_film(path, QSize(*options.pixels) * options.scale)
            self._stage = self._make_stage(options)
            shots = how.shots(self._stage.last, frames)
        except ValueError as error:
            self._end(f"{error}.")
            return
        self._film = film(self._stage, path, shots, how.fps)
        self._begin(len(shots))

    def copy_script(self, library: Library) -> None:
        """Copy the selected run as a script."""
        from gdviz.texts.python import script_of

        experiment, at = self._controller.experiment, self._controller.selected
        try:
            QApplication.clipboard().setText(script_of(experiment.runs[at], library))
        except ValueError as error:
            self.news.emit(f"{error}.")
        else:
            self.news.emit(f"Copied {experiment.titles[at]} as a script for {library}.")

    def ask_pack(self) -> None:
        """Ask for a folder and write a lecture pack to it."""
        folder, _ = QFileDialog.getSaveFileName(self._parent, "Lecture pack: a new folder", "lecture-pack")
        if folder:
            self.save_pack(folder)

    def save_pack(self, folder: str | Path) -> None:
        """Begin to write a lecture pack; the bar shows what is being written."""
        from gdviz.export.pack import pack

        if self.running:
            self._say("One export at a time: this one is still running.")
            return
        try:
            self._target = check_folder(folder)
        except ValueError as error:
            self._end(f"{error}.")
            return
        session = self._sessions.current()
        self._film = pack(session, list(self._controller.trajectories), folder)
        self._begin(0)

    def _begin(self, steps: int) -> None:
        """Begin to go on; 0: nobody knows how many steps there are."""
        self._began = time.monotonic()
        self.progress.setRange(0, steps)
        self.progress.setValue(0)
        self._say(f"Writing {self._target.name} …")
        self.progress.show()
        self.stop.show()
        self._timer.start()

    def _make_stage(self, options: PictureOptions) -> OffScreen:
        from gdviz.export.off_screen import OffScreen

        session = self._sessions.current()
        return OffScreen(session, list(self._controller.trajectories), options)

    def _go_on(self) -> None:
        assert self._film is not None
        try:
            progress = next(self._film)
        except StopIteration:
            self._end(f"Saved {self._target}")
        except ValueError as error:
            self._end(f"{error}.")
        else:
            self._tell(progress)

    def _tell(self, progress: int | str) -> None:
        """Say how far it is: how many frames are progress, or which part."""
        if isinstance(progress, str):
            self._show(f"Writing {self._target.name}: {progress}")
        else:
            self.progress.setValue(progress)
            left = (time.monotonic() - self._began) / progress * (self.progress.maximum() - progress)
            self._show(f"Writing {self._target.name}, {left:.0f} s left")

    def cancel(self) -> None:
        """Stop writing; nothing is left of the file."""
        if self._film is not None:
            self._film.close()
            self._end("Export cancelled; nothing was written.")

    def _stopped(self) -> None:
        if self.running:
            self.cancel()
        else:
            self.bar.hide()

    def _end(self, message: str) -> None:
        self._timer.stop()
        self._film = None
        if self._stage is not None:
            self._stage.close()
            self._stage = None
        self._say(message)

    def _show(self, message: str) -> None:
        self.message.setText(sentence(message))

    def _say(self, message: str) -> None:
        self._show(message)
        self.progress.setVisible(self.running)
        self.stop.setText("Cancel" if self.running else "Close")
        self.bar.show()
