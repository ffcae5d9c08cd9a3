"""In which counties ZIPs and places lie, for build.py.

The areas of ZIPs are not in the source, and nobody counts its people by ZIP and county there. What stands in for them:

- A ZIP's area is its cell, the same from which its radius is made: points spread over the cell are looked up in the
  counties' borders. The borders are simplified, good to about a kilometre.
- People live where places are: a place counts for the ZIP whose point is nearest to it, beside the area.
- The ZIP's point itself lies where most of its people are, oftener than not: the county there counts as much as all the
rest.
- A county that gets less than a twentieth by that is left out.

Held against the one county that a public list names for each of 33,725 ZIPs (PyPI's zipcodes 1.2), a ZIP that is put in
one county alone, as 24,621 are, is put in another in 0.33 % of the cases; by its point alone, in 3.0 % of all. The
shares are rough: those of all but the largest counties make 4.1 % on the average, while 1.7 % of addresses lie in
another county than the point of their ZIP.
"""

import bisect
import collections
import json
import math

# How much the places of a ZIP count beside its area, when there are many.
PLACES = 0.7
# The smallest part of a ZIP that is kept.
SMALLEST = 0.05
# A city that is a county by itself, and in which no ZIP of its people has its point: they all live in ZIPs that are
# taken for its neighbour's. It is given at least this part of each ZIP that reaches into it, and of the nearest ones.
CITY_WITHOUT_ZIP = 0.3
NEAREST_ZIPS = 3
NEAREST_KM = 10
# ZIPs of one hospital or university each: the people of the city around them have other ZIPs.
INSTITUTIONS = {"22807", "22908", "24515"}
# Points looked at in each direction of a cell; each stands for the same area.
STEPS = [math.sqrt((step + 0.5) / 8) for step in range(8)]
# The borders are good to so many kilometres: a place nearer to one may lie on its other side.
BORDER_KM = 1.5

# Cities that are one with their county, beside those whose county is called "… city".
WHOLE_COUNTIES = {
    ("AK", "Anchorage"): "02020", ("AK", "Juneau"): "02110", ("AK", "Sitka"): "02220", ("AK", "Skagway"): "02230",
    ("AK", "Wrangell"): "02275", ("AK", "Yakutat"): "02282", ("CA", "San Francisco"): "06075",
    ("CO", "Broomfield"): "08014", ("CO", "Denver"): "08031", ("DC", "Washington"): "11001",
    ("GA", "Columbus"): "13215", ("GA", "Macon-Bibb County"): "13021", ("KY", "Lexington-Fayette"): "21067",
    ("LA", "New Orleans"): "22071", ("MA", "Nantucket"): "25019", ("NV", "Carson City"): "32510",
    ("PA", "Philadelphia"): "42101",
}

# What the cells cannot show, ZIP -> county -> percent of its people: Marble Hill is Manhattan's by law, and lies on the
# Bronx's side of the river.
EXCLAVES = {"10463": {"36061": 14}}

# Alaska's Valdez-Cordova Census Area ended on 2 January 2019: Chugach on the coast, Copper River behind the mountains.
VALDEZ_CORDOVA, CHUGACH, COPPER_RIVER = "02261", "02063", "02066"
MOUNTAINS = 61.3

# Connecticut's planning regions, which the Census Bureau has taken for its counties since 2022, by their towns.
PLANNING_REGIONS = {
    "09110": """Andover, Avon, Berlin, Bloomfield, Bolton, Canton, Columbia, Coventry, East Granby, East Hartford,
        East Windsor, Ellington, Enfield, Farmington, Glastonbury, Granby, Hartford, Hebron, Manchester, Mansfield,
        Marlborough, New Britain, Newington, Plainville, Rocky Hill, Simsbury, Somers, South Windsor, Southington,
        Stafford, Suffield, Tolland, Vernon, West Hartford, Wethersfield, Willington, Windsor, Windsor Locks""",
    "09120": "Bridgeport, Easton, Fairfield, Monroe, Stratford, Trumbull",
    "09130": """Chester, Clinton, Cromwell, Deep River, Durham, East Haddam, East Hampton, Essex, Haddam, Killingworth,
        Lyme, Middlefield, Middletown, Old Lyme, Old Saybrook, Portland, Westbrook""",
    "09140": """Ansonia, Beacon Falls, Bethlehem, Bristol, Cheshire, Derby, Middlebury, Naugatuck, Oxford, Plymouth,
        Prospect, Seymour, Shelton, Southbury, Thomaston, Waterbury, Watertown, Wolcott, Woodbury""",
    "09150": """Ashford, Brooklyn, Canterbury, Chaplin, Eastford, Hampton, Killingly, Plainfield, Pomfret, Putnam,
        Scotland, Sterling, Thompson, Union, Voluntown, Woodstock""",
    "09160": """Barkhamsted, Burlington, Canaan, Colebrook, Cornwall, Goshen, Hartland, Harwinton, Kent, Litchfield,
        Morris, New Hartford, Norfolk, North Canaan, Roxbury, Salisbury, Sharon, Torrington, Warren, Washington,
        Winchester""",
    "09170": """Bethany, Branford, East Haven, Guilford, Hamden, Madison, Meriden, Milford, New Haven, North Branford,
        North Haven, Orange, Wallingford, West Haven, Woodbridge""",
    "09180": """Bozrah, Colchester, East Lyme, Franklin, Griswold, Groton, Lebanon, Ledyard, Lisbon, Montville,
        New London, North Stonington, Norwich, Preston, Salem, Sprague, Stonington, Waterford, Windham""",
    "09190": """Bethel, Bridgewater, Brookfield, Danbury, Darien, Greenwich, New Canaan, New Fairfield, New Milford,
        Newtown, Norwalk, Redding, Ridgefield, Sherman, Stamford, Weston, Westport, Wilton""",
}

PlaceCounties = collections.namedtuple("PlaceCounties", ["codes", "is_county"])


def ended_here(code):
    """Whether counties.csv still has the county, though it is no more."""
    return code == VALDEZ_CORDOVA


class Borders:
    """Looks up which county a point lies in."""

    ROWS_PER_DEGREE = 200

    def __init__(self, path):
        topology = json.loads(path.read_text(encoding="utf-8"))
        arcs = [self._points(arc, topology["transform"]) for arc in topology["arcs"]]
        rows = collections.defaultdict(list)
        for geometry in topology["objects"]["counties"]["geometries"]:
            polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
            crossings = collections.defaultdict(list)
            for ring in (ring for polygon in polygons for ring in polygon):
                self._cross(self._line(ring, arcs), crossings)
            for row, longitudes in crossings.items():
                longitudes.sort()
                rows[row] += [(west, east, geometry["id"]) for west, east in zip(longitudes[::2], longitudes[1::2])]
        self._rows = {}
        for row, spans in rows.items():
            spans.sort()
            self._rows[row] = [span[0] for span in spans], spans

    @staticmethod
    def _points(arc, transform):
        (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        return points

    @staticmethod
    def _line(ring, arcs):
        line = []
        for index in ring:
            line += (arcs[index] if index >= 0 else arcs[~index][::-1])[1 if line else 0:]
        return line

    def _cross(self, line, crossings):
        """Adds where the line crosses the middle of each row."""
        for (x1, y1), (x2, y2) in zip(line, line[1:]):
            if y1 > y2:
                x1, y1, x2, y2 = x2, y2, x1, y1
            first = math.ceil(y1 * self.ROWS_PER_DEGREE - 0.5)
            for row in range(first, math.ceil(y2 * self.ROWS_PER_DEGREE - 0.5)):
                y = (row + 0.5) / self.ROWS_PER_DEGREE
                crossings[row].append(x1 + (y - y1) / (y2 - y1) * (x2 - x1))

    def county(self, lat, lon):
        """The FIPS code; None on the sea and abroad."""
        row = self._rows.get(math.floor(lat * self.ROWS_PER_DEGREE))
        if row is None:
            return None
        index = bisect.bisect_right(row[0], lon) - 1
        return row[1][index][2] if index >= 0 and row[1][index][1] >= lon else None


class Counties:
    """What is said of counties."""

    def __init__(self, county_rows, place_rows, borders):
        self._borders = borders
        self._state = {row["county_fips"]: row["state"] for row in county_rows}
        self._whole = dict(WHOLE_COUNTIES)
        for row in county_rows:
            if row["county"].endswith(" city"):
                self._whole[row["state"], row["county"].removesuffix(" city")] = row["county_fips"]
        self._places = [
            (row["state"], (float(row["lat"]), float(row["lon"])), row["name"].removesuffix(" census subarea"))
            for row in place_rows]
        names = {(state, name) for state, _, name in self._places}
        # In Puerto Rico an address names its municipio. (Of a name that several places have, the source has one.)
        municipios = {row["county"]: row["county_fips"] for row in county_rows if row["state"] == "PR"}
        for state, where, name in self._places:
            code = municipios.get(f"{name} Municipio") if state == "PR" else None
            if code and self.at(where, state) == code:
                self._whole["PR", name] = code
        # places.csv has no San Francisco: build.py adds it.
        missing = sorted(name for state, name in self._whole if (state, name) not in names and name != "San Francisco")
        if missing:
            raise SystemExit(f"places.csv lacks {', '.join(missing)}")
        self._towns = self._town_points()

    def _town_points(self):
        points = {name: where for state, where, name in self._places if state == "CT"}
        towns = []
        for region, names in PLANNING_REGIONS.items():
            for name in (name.strip() for name in names.split(",")):
                if name not in points:
                    raise SystemExit(f"places.csv lacks {name}, CT")
                towns.append((points[name], region, name))
        return towns

    def now(self, code, where):
        """The county that a point is in today, of one that may have ended."""
        if code != VALDEZ_CORDOVA:
            return code
        return CHUGACH if where[0] < MOUNTAINS else COPPER_RIVER

    def at(self, where, state):
        """The county of a point; None abroad and in another state."""
        code = self._borders.county(*where)
        code = code and self.now(code, where)
        return code if self._state.get(code) == state else None

    def region(self, where):
        """The planning region of a point in Connecticut: that of the nearest town."""
        lat, lon = where
        shrink = math.cos(math.radians(lat))
        return min(self._towns, key=lambda town: (town[0][0] - lat) ** 2 + ((town[0][1] - lon) * shrink) ** 2)[1]

    def of_place(self, name, state, where, spread):
        """The counties that a place surely lies in, none where that is open, and whether it is one by itself."""
        whole = self._whole.get((state, name.removesuffix(" census subarea")))
        if whole:
            return PlaceCounties((whole,), True)
        east = BORDER_KM / (111.195 * math.cos(math.radians(where[0])))
        north = BORDER_KM / 111.195
        around = [where] + [
            (where[0] + y * north, where[1] + x * east) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        found = {self.at(point, state) for point in around} - {None}
        if len(found) != 1 or spread > 10:
            return PlaceCounties((), False)
        code = found.pop()
        if state != "CT":
            return PlaceCounties((code,), False)
        return PlaceCounties((code, self._region_of(name, where)), False)

    def _region_of(self, name, where):
        return next((region for _, region, town in self._towns if town == name), None) or self.region(where)

    def shares(self, zip_rows, points, cells, rays):
        """For each ZIP its counties and the percents of its people who live there, the largest first."""
        own = {
            self.now(row["county_fips"], where) for row, where in zip(zip_rows, points)
            if row["zip"] not in INSTITUTIONS}
        lonely = {code for code in self._whole.values() if code not in own}
        near = self._places_by_zip(zip_rows, points)
        cities = self._cities_by_zip(lonely, zip_rows, points)
        result = []
        for index, (row, where, cell, places) in enumerate(zip(zip_rows, points, cells, near)):
            state, centre = row["state"], self.now(row["county_fips"], where)
            area = collections.Counter()
            region_area = collections.Counter()
            for point, weight in self._spread(where, cell, rays):
                code = self.at(point, state)
                if code:
                    area[code] += weight
                    if state == "CT":
                        region_area[self.region(point)] += weight
            parts = self._mixed(area, [code for code, _ in places], centre, cities[index] | lonely & area.keys())
            if state == "CT":
                regions = [self._region_of(name, where) for name, where in (place for _, place in places)]
                parts += self._mixed(region_area, regions, self.region(where), ())
            for code, percent in EXCLAVES.get(row["zip"], {}).items():
                (largest, most), *others = parts
                parts = [(largest, most - percent), *others, (code, percent)]
            result.append(parts)
        return result

    def _cities_by_zip(self, lonely, zip_rows, points):
        """For each ZIP the cities without one of their own that it is one of the nearest to."""
        cities = [set() for _ in zip_rows]
        for (state, name), code in self._whole.items():
            if code not in lonely:
                continue
            place = next(where for at, where, called in self._places if (at, called) == (state, name))
            shrink = math.cos(math.radians(place[0]))
            apart = sorted(
                (111.195 * math.hypot(lat - place[0], (lon - place[1]) * shrink), index)
                for index, (lat, lon) in enumerate(points) if zip_rows[index]["state"] == state)
            for distance, index in apart[:NEAREST_ZIPS]:
                if distance <= NEAREST_KM:
                    cities[index].add(code)
        return cities

    @staticmethod
    def _spread(where, cell, rays):
        """Points of a cell, with the weight of the area that each stands for."""
        lat, lon = where
        east, north = 111.195 * math.cos(math.radians(lat)), 111.195
        for (x, y), reach in zip(rays, cell):
            for step in STEPS:
                yield (lat + y * reach * step / north, lon + x * reach * step / east), reach * reach

    def _places_by_zip(self, zip_rows, points):
        """For each ZIP the places that it is the nearest to in their state: county, and (name, point)."""
        grid = collections.defaultdict(list)
        for index, (lat, lon) in enumerate(points):
            grid[zip_rows[index]["state"], math.floor(lat * 4), math.floor(lon * 4)].append(index)
        near = [[] for _ in zip_rows]
        for state, where, name in self._places:
            code = self.at(where, state)
            nearest = self._nearest(state, where, points, grid)
            if code and nearest is not None:
                near[nearest].append((code, (name, where)))
        return near

    @staticmethod
    def _nearest(state, where, points, grid):
        row, column = math.floor(where[0] * 4), math.floor(where[1] * 4)
        shrink = math.cos(math.radians(where[0]))
        for ring in range(1, 9):
            rows, columns = range(row - ring, row + ring + 1), range(column - ring, column + ring + 1)
            cells = ((state, y, x) for y in rows for x in columns)
            found = [index for cell in cells for index in grid.get(cell, ())]
            if found:
                return min(found, key=lambda index: (points[index][0] - where[0]) ** 2
                           + ((points[index][1] - where[1]) * shrink) ** 2)
        return None

    @staticmethod
    def _mixed(area, places, centre, cities):
        """Percents of the counties, from area, places and the point, the largest first."""
        parts = collections.Counter()
        total = sum(area.values())
        by_places = PLACES * len(places) / (len(places) + 1) if total else 1
        for code, weight in sorted(area.items()):
            parts[code] += (1 - by_places) * weight / total
        for code in places:
            parts[code] += by_places / len(places)
        parts[centre] += 1
        whole = sum(parts.values())
        # The county at the point stays the largest: a ZIP's county is that of its point, but for a better reason.
        kept = {code: part / whole for code, part in parts.items() if part / whole >= SMALLEST}
        for code in sorted(cities):
            kept[code] = max(kept.get(code, 0), CITY_WITHOUT_ZIP)
        whole = sum(kept.values())
        percents = {code: max(1, round(100 * part / whole)) for code, part in kept.items()}
        percents[centre] += 100 - sum(percents.values())
        return sorted(percents.items(), key=lambda part: (-part[1], part[0] != centre, part[0]))
