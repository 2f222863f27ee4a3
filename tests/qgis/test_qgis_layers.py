"""The GeoPackage in real QGIS: it loads, is styled, and draws in the palette's colours."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from samples import POLTAVA, SUMY, event, extracted

from geomap.geometry import chain, point, ring
from geomap.layers import write_layers
from geomap.palette import EVENT_COLOURS

pytestmark = [pytest.mark.qgis, pytest.mark.slow]


def pixels(path: Path) -> Counter[tuple[int, int, int]]:
    """Count the colours of an 8-bit RGB(A) PNG (RFC 2083), without an imaging library."""
    data, at, packed = path.read_bytes(), 8, b""
    width = height = channels = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert depth == 8
            channels = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            packed += body
        at += size + 12
    raw, stride = zlib.decompress(packed), width * channels
    above, counts = bytearray(stride), Counter[tuple[int, int, int]]()
    for row in range(height):
        start = row * (stride + 1)
        above = unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above, channels)
        counts.update(tuple(above[x : x + 3]) for x in range(0, stride, channels))  # type: ignore[misc]
    return counts


def unfiltered(kind: int, line: bytes, above: bytearray, channels: int) -> bytearray:
    out = bytearray(line)
    for x in range(len(out)):
        left = out[x - channels] if x >= channels else 0
        corner = above[x - channels] if x >= channels else 0
        if kind == 1:
            add = left
        elif kind == 2:
            add = above[x]
        elif kind == 3:
            add = (left + above[x]) // 2
        elif kind == 4:
            p = left + above[x] - corner
            near = sorted((abs(p - v), n, v) for n, v in enumerate((left, above[x], corner)))
            add = near[0][2]
        else:
            add = 0
        out[x] = (out[x] + add) & 255
    return out


CORE = {"encirclement", "corridor", "strike", "talks"}
FURTHER = [kind for kind in EVENT_COLOURS if kind not in {*CORE, "other"}]


@pytest.fixture(scope="module")
def seen(qgis_python: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("qgis")
    events = (
        event(
            id="c", type="corridor", geometry=chain([(34.8, 50.9), (34.0, 50.2), (34.55, 49.59)])
        ),
        event(id="r", type="encirclement", geometry=ring(SUMY.lon, SUMY.lat, radius_km=12)),
        event(id="s", type="strike", geometry=point(POLTAVA.lon + 0.3, POLTAVA.lat + 0.3)),
        event(id="t", type="talks", geometry=point(33.6, 50.5)),
        event(id="o", type="airdrop", factuality="asserted", geometry=point(33.8, 49.8)),
        *(
            event(id=kind, type=kind, geometry=point(33.7 + 0.2 * (n % 5), 50.9 + 0.2 * (n // 5)))
            for n, kind in enumerate(FURTHER)
        ),
    )
    path = write_layers([extracted(events=events)], folder, formats=["gpkg"])["gpkg"]
    picture = folder / "map.png"
    done = subprocess.run(
        [qgis_python, str(Path(__file__).with_name("render.py")), str(path), str(picture)],
        capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), picture


def test_layers_load_styled(seen: tuple[dict[str, Any], Path]) -> None:
    found, _ = seen
    counts = {name: layer["features"] for name, layer in found["layers"].items()}
    assert counts == {
        "events_point": 3 + len(FURTHER),
        "events_line": 1,
        "events_polygon": 1,
        "toponyms": 3,
    }
    for name, layer in found["layers"].items():
        assert layer["valid"], name
        assert layer["crs"] == "EPSG:4326"
        assert layer["renderer"] == "categorizedSymbol"
        assert layer["alias"].startswith("reason: ")
        assert "reason" in layer["map_tip"]
        assert layer["labels"] == name.startswith("events")
    expected = [*[kind for kind in EVENT_COLOURS if kind != "other"], ""]
    assert found["layers"]["events_point"]["categories"] == expected
    assert set(found["layers"]["events_line"]["symbols"]) == {2}  # the line and its arrow head


def test_nothing_is_complained_of(seen: tuple[dict[str, Any], Path]) -> None:
    assert seen[0]["errors"] == []
    assert [line for line in seen[0]["log"] if "geomap" in " ".join(line)] == []


def test_each_type_is_drawn_in_its_colour(seen: tuple[dict[str, Any], Path]) -> None:
    counts = pixels(seen[1])
    for kind, colour in EVENT_COLOURS.items():
        wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
        near = sum(
            n
            for rgb, n in counts.items()
            if all(abs(a - b) < 48 for a, b in zip(rgb, wanted, strict=True))
        )
        assert near >= 15, f"{kind} {colour}: {near} pixels"
