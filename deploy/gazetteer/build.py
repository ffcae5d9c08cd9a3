#!/usr/bin/env python3
"""Builds the embedded gazetteer from three CSV files and the counties' borders.

    deploy/gazetteer/build.py FOLDER BORDERS [OUTPUT]

FOLDER holds zips.csv (zip,lat,lon,state,county_fips), counties.csv (county_fips,county,state) and places.csv
(name,state,lat,lon,kind,same_name_in_state,spread_km); further columns are ignored. BORDERS is us_counties.topojson
(object `counties`, with FIPS codes as ids). OUTPUT is, unless given, Sources/Places/Resources/gazetteer.bin of this
checkout. The same input gives the same bytes. What is said of counties is made in counties.py beside this file.

The layout, version 3 (Sources/Places/Gazetteer/Gazetteer+read.swift reads it). Integers are little-endian;
coordinates are signed 24-bit ten-thousandths of a degree (11 m), latitude first; text is UTF-8.

    header    8 bytes  "INTAKEGZ"
              u16      version, 3
              u16      number of states
              u32      number of counties
              u32      number of ZIPs
              u32      number of places
              u32      length of all that follows the header
              u32      CRC-32 (IEEE 802.3) of all that follows the header
    states    each: u8 FIPS number, 2 bytes USPS code; ascending by FIPS number
    counties  each: u8 index of its state, u16 FIPS number within the state, u8 length, name; ascending by FIPS code
    ZIPs      each: varint (7 bits a byte, low first) of the difference to the ZIP before (the first: to -1),
              u16 index of its county, u8 radius, coordinates
    shares    u32 number of ZIPs that lie in several counties, then each: varint of the difference of its place in the
              list to the one before (the first: to -1), u8 number of counties, then each: u16 index, u8 percent of its
              people, the largest first; percents make 100, those of Connecticut's planning regions another 100
    places    for each state: u32 count, then each, ascending by key: u8 bytes shared with the key before, u8 length of
              the rest, the rest of the key, u8 spread, coordinates, u8 number of counties it surely lies in (0, 1, and
              in Connecticut 2; 128 more when it is a county by itself), u16 index of each

A ZIP's radius says within how many kilometres of its coordinates nine of ten addresses lie, rounded up, 1 to 255: see
`radii`.

A place's key is its name as `place_key` makes it; PlaceName.swift makes the same key of what a partner writes. Its
spread says how far apart the places of that key in that state lie: kilometres, rounded up. Names whose places lie more
than 40 km apart are left out: which of them is meant cannot be known.
"""

import collections
import csv
import math
import pathlib
import struct
import sys
import unicodedata
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
sys.dont_write_bytecode = True

from counties import Borders, Counties, ended_here
from geodata import kilometres, varint

MAGIC = b"INTAKEGZ"
VERSION = 3

# Where the Census Bureau's name is not the one that people write on an envelope: (state, name) -> names.
ALIASES = {
    ("CA", "Carmel-by-the-Sea"): ["Carmel"],
    ("HI", "Urban Honolulu"): ["Honolulu"],
    ("ID", "Boise City"): ["Boise"],
    ("KY", "Lexington-Fayette"): ["Lexington"],
    ("MT", "Butte-Silver Bow"): ["Butte"],
    ("NY", "New York"): ["New York City", "NYC"],
    ("TN", "Nashville-Davidson"): ["Nashville"],
}

# Places that places.csv lacks, each in the middle of these ZIPs: (state, name) -> the digits that its ZIPs start with.
PLACES_OF_ZIPS = {
    ("AS", "Pago Pago"): "96799",
    ("CA", "San Francisco"): "941",
    ("GU", "Barrigada"): "96913",
    ("GU", "Hagatna"): "96910",
    ("HI", "Kailua"): "96734",
    ("HI", "Kailua Kona"): "96740",
    ("MP", "Rota"): "96951",
    ("MP", "Saipan"): "96950",
    ("MP", "Tinian"): "96952",
    ("VI", "Christiansted"): "00820",
    ("VI", "Frederiksted"): "00840",
    ("VI", "St. Thomas"): "00802",
    ("VI", "Charlotte Amalie"): "00802",
}

# Places of one name in one state that lie farther apart than this are left out: which one is meant cannot be known.
WIDEST_KM = 40

# Short forms, each with the form that the key uses. The same table is in PlaceName.swift.
WORDS = {
    "saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt", "mountain": "mtn", "heights": "hts",
    "springs": "spgs", "junction": "jct", "beach": "bch", "center": "ctr", "centre": "ctr", "village": "vlg",
    "point": "pt", "township": "twp",
}
FIRST_WORDS = {"n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south"}
KINDS = {"city", "town", "village", "borough", "township", "municipality"}


def fold(text):
    """Lower-case letters, digits and spaces: accents, apostrophes and full stops go, all else separates words."""
    out = []
    for char in unicodedata.normalize("NFD", text).lower():
        if "a" <= char <= "z" or "0" <= char <= "9":
            out.append(char)
        elif char in "'.’" or unicodedata.combining(char):
            continue
        else:
            out.append(" ")
    return "".join(out)


def place_key(name):
    """The form in which two spellings of a place's name are the same: no spaces, known words shortened."""
    words = fold(name).split()
    if len(words) > 2 and words[0] in KINDS and words[1] == "of":
        words = words[2:]
    if len(words) > 1 and words[0] in FIRST_WORDS:
        words[0] = FIRST_WORDS[words[0]]
    return "".join(WORDS.get(word, word) for word in words)


def names_of(name, state, kind):
    """The names that a row goes by: first those that are its own, then those that yield to another place's own."""
    own, yielding = [], list(ALIASES.get((state, name), []))
    if name.endswith(" census subarea"):
        yielding.append(name.removesuffix(" census subarea"))
    elif name.endswith(")") and "(" in name:
        outer, inner = name[:-1].split("(", 1)
        own.append(outer.strip())
        yielding.append(inner.strip())
    else:
        own.append(name)
    if "/" in name:
        yielding.append(name.split("/")[0])
    halves = name.removesuffix(" County").split("-")
    if kind == "place" and len(halves) == 2 and all(len(half) >= 4 for half in halves):
        yielding += halves[:1] if name.endswith(" County") else halves
    return own, yielding


def rows(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def point(row):
    return float(row["lat"]), float(row["lon"])


def coordinates(where):
    return b"".join(struct.pack("<i", round(degrees * 10_000))[:3] for degrees in where)


def merged(candidates):
    """One place for one key: the most important candidate's centre, how far apart the others lie, its counties."""
    # A city that is a county by itself is meant, whatever else bears its name.
    candidates = [one for one in candidates if one["counties"].is_county] or candidates
    candidates = sorted(candidates, key=lambda one: (one["rank"], -one["same"], one["spread"], one["where"]))
    spread = max(one["spread"] for one in candidates)
    for one in candidates[1:]:
        # The same place under two names is no second place.
        spread = max(spread, kilometres(candidates[0]["where"], one["where"]))
    sure = all(one["counties"].codes == candidates[0]["counties"].codes for one in candidates)
    counties = candidates[0]["counties"] if sure else candidates[0]["counties"]._replace(codes=())
    return candidates[0]["where"], math.ceil(spread), counties


def middle(points):
    """The mean of points on the sphere."""
    total = [0.0, 0.0, 0.0]
    for lat, lon in points:
        lat, lon = math.radians(lat), math.radians(lon)
        for axis, part in enumerate((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))):
            total[axis] += part
    return math.degrees(math.atan2(total[2], math.hypot(*total[:2]))), math.degrees(math.atan2(total[1], total[0]))


# How many of the nearest ZIPs bound the area that a ZIP is taken to have, and in how many directions that is looked at.
NEIGHBOURS = 24
DIRECTIONS = 32
RAYS = [(math.cos(turn), math.sin(turn)) for turn in (2 * math.pi * n / DIRECTIONS for n in range(DIRECTIONS))]
# ZIPs nearer than this bound nothing: those of a single building or firm lie in the middle of another one's area.
SAME_PLACE_KM = 0.5


def cells(points):
    """For each ZIP how far it reaches in each of DIRECTIONS, kilometres; empty where no neighbour bounds it.

    Nobody publishes it, and the areas are not in the source. So a ZIP is taken to reach in each direction as far as the
    middle between its point and a neighbour's: the cell of the Voronoi diagram. Rural ZIPs become wide by it, since
    their neighbours are far. Where no neighbour is, towards the sea and the border, it reaches as far as in its other
    directions in the middle.
    """
    grid = collections.defaultdict(list)
    for index, (lat, lon) in enumerate(points):
        grid[math.floor(lat * 4), math.floor(lon * 4)].append(index)
    return [reaches(offsets(index, points, grid)) for index in range(len(points))]


def offsets(index, points, grid):
    """(east, north) in kilometres of the nearest other ZIPs, nearest first."""
    lat, lon = points[index]
    east, north = 111.195 * math.cos(math.radians(lat)), 111.195
    row, column = math.floor(lat * 4), math.floor(lon * 4)
    ring, found = 0, []
    # A cell has at least 27.8 km from south to north; a ring more than where enough were found leaves out no nearer one
    # that would matter. Alaska's widest gaps end at a dozen rings.
    while ring <= 12 and len(found) < NEIGHBOURS * (1 if ring > 1 else 4):
        found += [
            other
            for y in range(row - ring, row + ring + 1)
            for x in range(column - ring, column + ring + 1)
            if max(abs(y - row), abs(x - column)) == ring
            for other in grid.get((y, x), ())
        ]
        ring += 1
    apart = sorted(
        (math.hypot(dx, dy), dx, dy)
        for dx, dy in (((points[o][1] - lon) * east, (points[o][0] - lat) * north) for o in found if o != index))
    return [(dx, dy) for distance, dx, dy in apart if distance >= SAME_PLACE_KM][:NEIGHBOURS]


def reaches(neighbours):
    result = []
    for x, y in RAYS:
        bounds = ((dx * dx + dy * dy) / (2 * (dx * x + dy * y)) for dx, dy in neighbours if dx * x + dy * y > 1e-9)
        result.append(min(bounds, default=math.inf))
    bounded = sorted(reach for reach in result if reach < math.inf)
    if not bounded:
        return []
    usual = bounded[len(bounded) // 2]
    return [min(reach, 2 * usual) if reach < math.inf else usual for reach in result]


def radius(reaches):
    """Within how many kilometres of a ZIP's point nine of ten addresses lie: as far as nine tenths of its cell do.

    Measured on 6,897 hospitals whose coordinates are public, 89.9 % lie within, and between 88 and 92 % of those in
    narrow, middling and wide ZIPs alike.
    """
    if not reaches:
        return 255
    total = sum(reach * reach for reach in reaches)
    low, high = 0.0, max(reaches)
    for _ in range(20):
        middle_of_both = (low + high) / 2
        if sum(min(reach, middle_of_both) ** 2 for reach in reaches) < 0.9 * total:
            low = middle_of_both
        else:
            high = middle_of_both
    return max(1, min(255, math.ceil(high)))


def places_by_state(place_rows, zip_rows, counties):
    own = collections.defaultdict(lambda: collections.defaultdict(list))
    yielding = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in place_rows:
        candidate = {
            "rank": 0 if row["kind"] == "place" else 1, "where": point(row),
            "same": int(row["same_name_in_state"]), "spread": float(row["spread_km"]),
            "counties": counties.of_place(row["name"], row["state"], point(row), float(row["spread_km"])),
        }
        own_names, yielding_names = names_of(row["name"], row["state"], row["kind"])
        for names, table in ((own_names, own), (yielding_names, yielding)):
            for key in sorted({place_key(name) for name in names}):
                if key:
                    table[row["state"]][key].append(candidate)
    for state, table in yielding.items():
        for key, candidates in table.items():
            if key not in own[state]:
                own[state][key] = candidates
    for (state, name), digits in PLACES_OF_ZIPS.items():
        points = [point(row) for row in zip_rows if row["state"] == state and row["zip"].startswith(digits)]
        if not points or place_key(name) in own[state]:
            raise SystemExit(f"{name}, {state}: places.csv has it, or zips.csv lacks {digits}")
        where = middle(points)
        within = counties.of_place(name, state, where, 0.0)
        own[state][place_key(name)].append({"rank": 0, "where": where, "same": 1, "spread": 0.0, "counties": within})

    result = {}
    for state, table in own.items():
        places = {key: merged(candidates) for key, candidates in table.items()}
        result[state] = {key: place for key, place in places.items() if place[1] <= WIDEST_KM}
    return result


def places_section(states, table, county_index):
    out, total = [], 0
    for _, state in states:
        places = sorted(table.get(state, {}).items())
        total += len(places)
        out.append(struct.pack("<I", len(places)))
        before = b""
        for name, (where, spread, counties) in places:
            key = name.encode("ascii")
            shared = 0
            while shared < min(len(before), len(key)) and before[shared] == key[shared]:
                shared += 1
            out.append(bytes((shared, len(key) - shared)) + key[shared:] + bytes((spread,)) + coordinates(where))
            out.append(bytes((len(counties.codes) + 128 * counties.is_county,)))
            out.append(b"".join(struct.pack("<H", county_index[code]) for code in counties.codes))
            before = key
    return b"".join(out), total


def shares_section(shares, county_index):
    """The ZIPs that lie in several counties, in the list's order."""
    split = [(index, parts) for index, parts in enumerate(shares) if len(parts) > 1]
    out, before = [struct.pack("<I", len(split))], -1
    for index, parts in split:
        out.append(varint(index - before) + bytes((len(parts),)))
        out += [struct.pack("<HB", county_index[code], percent) for code, percent in parts]
        before = index
    return b"".join(out)


def build(folder, borders):
    county_rows = sorted(rows(folder, "counties.csv"), key=lambda row: row["county_fips"])
    # A county that ended is none any more: FormerCounty.swift knows what became of it.
    county_rows = [row for row in county_rows if not ended_here(row["county_fips"])]
    states = sorted({(int(row["county_fips"][:2]), row["state"]) for row in county_rows})
    state_index = {state: index for index, (_, state) in enumerate(states)}
    county_index = {row["county_fips"]: index for index, row in enumerate(county_rows)}
    if len(state_index) != len(states) or len(county_index) != len(county_rows):
        raise SystemExit("counties.csv: a county is listed twice, or a state has two FIPS numbers")
    body = [bytes((fips,)) + state.encode("ascii") for fips, state in states]
    for row in county_rows:
        name = row["county"].encode("utf-8")
        number = int(row["county_fips"][2:])
        body.append(struct.pack("<BHB", state_index[row["state"]], number, len(name)) + name)

    zip_rows = sorted(rows(folder, "zips.csv"), key=lambda row: row["zip"])
    place_rows = rows(folder, "places.csv")
    counties = Counties(county_rows, place_rows, borders)
    points = [point(row) for row in zip_rows]
    zip_cells = cells(points)
    shares = counties.shares(zip_rows, points, zip_cells, RAYS)
    before = -1
    for row, cell in zip(zip_rows, zip_cells):
        county = county_index[counties.now(row["county_fips"], point(row))]
        if county_rows[county]["state"] != row["state"]:
            raise SystemExit(f"zips.csv: {row['zip']} is not in the state of its county")
        if int(row["zip"]) <= before:
            raise SystemExit(f"zips.csv: {row['zip']} is listed twice")
        difference = varint(int(row["zip"]) - before)
        body.append(difference + struct.pack("<HB", county, radius(cell)) + coordinates(point(row)))
        before = int(row["zip"])
    body.append(shares_section(shares, county_index))

    table = places_by_state(place_rows, zip_rows, counties)
    places, place_count = places_section(states, table, county_index)
    body.append(places)
    payload = b"".join(body)
    header = MAGIC + struct.pack(
        "<HHIIIII", VERSION, len(states), len(county_rows), len(zip_rows), place_count, len(payload),
        zlib.crc32(payload))
    split = [parts for parts in shares if len(parts) > 1]
    print(f"{len(split)} of {len(shares)} ZIPs lie in several counties")
    return header + payload


def main(arguments):
    if not 2 <= len(arguments) <= 3:
        raise SystemExit("usage: build.py FOLDER BORDERS [OUTPUT]")
    root = pathlib.Path(__file__).resolve().parents[2]
    default = root / "Sources" / "Places" / "Resources" / "gazetteer.bin"
    output = pathlib.Path(arguments[2]) if len(arguments) == 3 else default
    data = build(pathlib.Path(arguments[0]), Borders(pathlib.Path(arguments[1])))
    output.write_bytes(data)
    print(f"{output}: {len(data)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
