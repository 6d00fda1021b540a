"""Pictures with labels from a pair of IDX files, as MNIST and Fashion-MNIST come."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.data.samples import FROM_FILE, Data
from gdviz.tables.idx import read_idx
from gdviz.wording import plain

if TYPE_CHECKING:
    from gdviz.objectives.data.roles import Choice

__all__ = ["load_pictures"]

MOST_PIXELS = 4096
"""Pixels of a picture, each an input of a network."""


def load_pictures(path: str | Path, choice: Choice) -> Data:
    """Read pictures and their labels from two IDX files.

    Parameters
    ----------
    path
        The file of the pictures, or of the labels: with usual names, such as ``train-images-idx3-ubyte.gz`` and
        ``train-labels-idx1-ubyte.gz``, the other one is found beside it.
    choice
        Its `label` is the path of the labels' file, where that has another name.

    Returns
    -------
    data
        X of shape (N, rows · columns) from 0 to 1, and the labels as classes.

    Raises
    ------
    ValueError
        Where one of the files is missing, malformed or does not fit the other: a sentence.
    """
    if choice.columns:
        raise ValueError(f"{path}: pictures have no columns to choose; every pixel is an input")
    pictures = read_idx(path)
    labels_path = Path(choice.label) if choice.label else None
    if pictures.ndim == 1 and labels_path is None:
        labels_path, path = Path(path), _partner(Path(path), "labels", "images")
        pictures = read_idx(path)
    labels_path = _partner(Path(path), "images", "labels") if labels_path is None else labels_path
    labels = read_idx(labels_path)
    if pictures.ndim != 3 or labels.ndim != 1:
        shapes = f"{pictures.ndim} and {labels.ndim}"
        raise ValueError(f"{path}: pictures have three dimensions and labels one, not {shapes}")
    if len(pictures) != len(labels):
        raise ValueError(f"{path}: {len(pictures)} pictures, but {labels_path} has {len(labels)} labels")
    rows, columns = pictures.shape[1:]
    if rows * columns > MOST_PIXELS:
        raise ValueError(f"{path}: pictures of {rows} × {columns} pixels; at most {MOST_PIXELS} pixels are right")
    names = sorted(set(labels.tolist()))
    if len(names) < 2 and choice.answers != "numbers":
        raise ValueError(f"{labels_path}: only one class, {plain(str(names[0]))}; at least two are right")
    are_numbers = choice.answers == "numbers"
    return Data(
        Path(path).name,
        pictures.reshape(len(pictures), -1) / 255,
        labels.astype(np.float64) if are_numbers else np.searchsorted(names, labels).astype(np.float64),
        y_label="label",
        about=f"{FROM_FILE}: {len(pictures)} pictures of {rows} × {columns} pixels; labels of {labels_path.name}.",
        inputs=tuple(f"pixel {i}" for i in range(rows * columns)),
        classes=() if are_numbers else tuple(map(str, names)),
        image=(rows, columns),
        source=os.path.abspath(path),
    )


def _partner(path: Path, word: str, other: str) -> Path:
    """Return the other file of a pair, beside `path`: its name has `other` in place of `word`; compressed or not."""
    digits = {"images": "3", "labels": "1"}
    name = re.sub(f"idx{digits[word]}", f"idx{digits[other]}", path.name.replace(word, other))
    plain_name = name.removesuffix(".gz")
    for candidate in (name, plain_name, f"{plain_name}.gz"):
        if name != path.name and (partner := path.with_name(candidate)).exists():
            return partner
    raise ValueError(
        f"{path}: the file with the {other} is not beside it (…-{other}-idx{digits[other]}-ubyte); "
        "name the pictures as data and the labels: --label FILE"
    )
