"""Print how far each regular expression that geomap compiles may run away, as one JSON list.

Run apart, before imports, with the articles to read. Expressions of data files count: the
pipeline is loaded and the articles are read. Judged by regexploit, which still imports modules
of Python that go with 3.13: only here, where its warnings are no errors.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)

from regexploit.ast.sre import SreOpParser  # noqa: E402
from regexploit.redos import find  # noqa: E402

found: dict[str, tuple[str, int]] = {}
compile_plainly = re.compile


def compile_and_tell(pattern, flags=0):  # noqa: ANN001, ANN201 - as re.compile
    """Compile, and remember what geomap's own modules compile."""
    made = compile_plainly(pattern, flags)
    module = sys._getframe(1).f_globals.get("__name__", "")
    if module.startswith("geomap") and isinstance(made.pattern, str):
        found.setdefault(made.pattern, (module, made.flags))
    return made


re.compile = compile_and_tell  # type: ignore[assignment]

import geomap  # noqa: E402 - after the change

for module in pkgutil.walk_packages(geomap.__path__, "geomap."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
nlp = geomap.load_pipeline()
for article in geomap.read_articles(sys.argv[1:]):
    geomap.extract(article, nlp=nlp)


def worst(pattern, flags):  # noqa: ANN001, ANN201 - text and a number
    """Give the most repetitions that may take the same text, as a power."""
    tree = SreOpParser().parse_sre(pattern, flags & ~re.LOCALE.value)
    return max((one.starriness for one in find(tree)), default=0)


# The judge must know a bad one.
found["(a+)+b"] = ("control", re.UNICODE.value)
print(json.dumps([[text, module, worst(text, flags)] for text, (module, flags) in found.items()]))
