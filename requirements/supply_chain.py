"""List what an install of geomap brings: licences held against licences.toml, a bill of materials.

    python requirements/supply_chain.py [--extra NAME ...] [--sbom FILE]

Prints a line a package; exits with 1 when a licence is not allowed or not told. Reads the
installed packages, asks no network. The bill is CycloneDX 1.6, JSON.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

POLICY = Path(__file__).with_name("licences.toml")
# The operators of SPDX expressions.
_JOINED = re.compile(r"\s+(?:AND|OR|WITH)\s+|[()]")


def installed(name: str, extras: tuple[str, ...] = ()) -> dict[str, Distribution]:
    """Give the packages that an install of one brings, by normalised name."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [(name, extras)]
    while waiting:
        wanted, with_extras = waiting.pop()
        key = re.sub(r"[-_.]+", "-", wanted).lower()
        if (key, with_extras) in seen:
            continue
        seen.add((key, with_extras))
        try:
            found[key] = distribution(wanted)
        except PackageNotFoundError:
            continue
        for line in found[key].requires or ():
            need = Requirement(line)
            markers = ({"extra": extra} for extra in ("", *with_extras))
            if need.marker is None or any(need.marker.evaluate(one) for one in markers):
                waiting.append((need.name, tuple(sorted(need.extras))))
    return dict(sorted(found.items()))


def licence_of(package: Distribution, policy: dict) -> str | None:
    """Give a package's licence as SPDX; ``None`` when it tells none."""
    told = package.metadata
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classified = [
        line.split(" :: ")[-1]
        for line in told.get_all("Classifier", [])
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    # Some put the whole text of the licence there.
    own = (told.get("License") or "").strip().split("\n")[0]
    names = classified or ([own] if own else [])
    return " AND ".join(policy["named"].get(name, name) for name in names) or None


def refused(licence: str | None, policy: dict) -> bool:
    """Tell whether a licence does not go with ours; of alternatives one is enough."""
    if licence is None:
        return True
    choices = licence.split(" OR ") if "(" not in licence else [licence]
    return not any(
        all(part in policy["allowed"] for part in _JOINED.split(choice) if part)
        for choice in choices
    )


def bill(packages: dict[str, Distribution], policy: dict) -> dict:
    """Give the bill of materials, without clock or serial: the same install, the same bytes."""
    components = [
        {
            "type": "library", "name": name, "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"expression": licence_of(package, policy) or "NOASSERTION"}],
        }
        for name, package in packages.items()
    ]  # fmt: skip
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", action="append", default=[])
    parser.add_argument("--sbom", type=Path)
    wanted = parser.parse_args()
    policy = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    packages = installed("geomap", tuple(wanted.extra))
    faults = 0
    for name, package in packages.items():
        licence = licence_of(package, policy)
        # A tool is allowed with an extra, never in the plain install.
        is_tool = bool(wanted.extra) and name in policy["tools"]
        is_refused = not is_tool and refused(licence, policy)
        faults += is_refused
        print(f"{name:28} {package.version:14} {licence}{'   NOT ALLOWED' if is_refused else ''}")
    if wanted.sbom:
        text = json.dumps(bill(packages, policy), indent=1)
        wanted.sbom.write_text(text + "\n", encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
