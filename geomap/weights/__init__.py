"""Fitted weights that ship with the package, and how they are read.

``ner/`` is a spaCy named-entity recogniser, ``reading.json`` a logistic model,
the other ``*.json`` boosted trees. Each is written by a command in
``benchmarks/``; ``README.md`` beside this file says which, and what it was
fitted on. Nothing here is a pickle.
"""

from geomap.weights.digests import check_weights
from geomap.weights.linear import Linear, load_linear
from geomap.weights.trees import Trees, load_trees

__all__ = ["Linear", "Trees", "check_weights", "load_linear", "load_trees"]
