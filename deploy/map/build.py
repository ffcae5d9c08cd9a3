#!/usr/bin/env python3
"""Builds the map's shapes from TopoJSON files of the counties and the states.

    deploy/map/build.py FOLDER [OUTPUT]

FOLDER holds us_counties.topojson (object `counties`: id and property `name`) and us_states.topojson (object `states`:
id and property `state`, the USPS code). OUTPUT is, unless given, Sources/CoverageMap/Resources/counties.bin of this
checkout. The same input gives the same bytes. The states' borders are those of the counties, so that the two never
part.

The layout, version 1 (Sources/CoverageMap/Shapes/CountyShapes+read.swift reads it). Fixed integers are little-endian;
`varint` has seven bits a byte, the lowest first; `signed` is a varint of the zigzag form (0, -1, 1, -2, …).

    header    8 bytes  "INTAKEMP"
              u16      version, 1
              8 bytes  the first of the SHA-256 of all that follows
    states    varint count, then each: u8 FIPS number, 2 bytes USPS code; ascending
    arcs      varint count, then each: varint number of points (2 or more), and the points: signed longitude, signed
              latitude, in thousandths of a degree, each as the difference to the point before (the first: to 0, 0)
    counties  varint count, then each, ascending: varint FIPS code less that of the county before, u8 length and name in
              UTF-8, varint number of rings, each: varint number of arcs, each a signed index; ~i is arc i backwards.
              An arc begins where the one before it in the ring ends.
"""

import hashlib
import json
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
sys.dont_write_bytecode = True

from geodata import signed, varint

MAGIC = b"INTAKEMP"
VERSION = 1
UNITS_PER_DEGREE = 1000


def points_of(arc, transform):
    """The arc's points in units, each once: what falls together after rounding is one."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        point = (
            round((x * scale_x + move_x) * UNITS_PER_DEGREE),
            round((y * scale_y + move_y) * UNITS_PER_DEGREE),
        )
        if not points or points[-1] != point:
            points.append(point)
    if len(points) == 1:
        points.append(points[0])
    return points


def rings_of(geometry):
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return [ring for polygon in polygons for ring in polygon]


def main():
    folder = pathlib.Path(sys.argv[1])
    checkout = pathlib.Path(__file__).resolve().parents[2]
    output = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else checkout / "Sources/CoverageMap/Resources/counties.bin")
    counties = json.loads((folder / "us_counties.topojson").read_text())
    states = json.loads((folder / "us_states.topojson").read_text())

    body = bytearray()
    codes = sorted((int(g["id"]), g["properties"]["state"]) for g in states["objects"]["states"]["geometries"])
    body += varint(len(codes))
    for number, code in codes:
        body += struct.pack("<B2s", number, code.encode("ascii"))
    body += varint(len(counties["arcs"]))
    for arc in counties["arcs"]:
        points = points_of(arc, counties["transform"])
        body += varint(len(points))
        before = (0, 0)
        for point in points:
            body += signed(point[0] - before[0]) + signed(point[1] - before[1])
            before = point
    shapes = sorted(counties["objects"]["counties"]["geometries"], key=lambda geometry: int(geometry["id"]))
    body += varint(len(shapes))
    fips = 0
    for shape in shapes:
        name = shape["properties"]["name"].encode("utf-8")
        rings = rings_of(shape)
        body += varint(int(shape["id"]) - fips) + struct.pack("<B", len(name)) + name + varint(len(rings))
        fips = int(shape["id"])
        for ring in rings:
            body += varint(len(ring))
            for arc in ring:
                body += signed(arc)
    header = MAGIC + struct.pack("<H", VERSION) + hashlib.sha256(body).digest()[:8]
    output.write_bytes(header + body)
    print(f"{output}: {len(shapes)} counties, {len(counties['arcs'])} arcs, {len(header) + len(body)} bytes")


if __name__ == "__main__":
    main()
