"""Checks a student's numbers: where they depart from the rule, and by which mistake."""

from gdviz.checking.mistakes import MISTAKES, Student, walk
from gdviz.checking.student import Notebook, read_notebook, read_notebooks
from gdviz.checking.verdict import Verdict, check

__all__ = ["MISTAKES", "Notebook", "Student", "Verdict", "check", "read_notebook", "read_notebooks", "walk"]
