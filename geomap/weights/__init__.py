"""Fitted weights that ship with the package, and how they are read.

``ner/`` is a spaCy named-entity recogniser, ``*.json`` hold boosted trees. Each
is written by a command in ``benchmarks/``; ``README.md`` beside this file says
which, and what it was fitted on. Nothing here is a pickle.
"""

from geomap.weights.trees import Trees, load_trees

__all__ = ["Trees", "load_trees"]
