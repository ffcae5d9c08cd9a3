"""Writes points, and the ids of the areas that cover each by Shapely: `longitude,latitude,id|id`, a line each.

Run with the interpreter that has Shapely: expect.py AREAS POINTS COUNT SEED
"""

import json
import random
import sys

import shapely
from shapely.geometry import shape


def edges(geometry):
    """The pairs of positions of all rings."""
    for part in getattr(geometry, "geoms", [geometry]):
        for ring in (part.exterior, *part.interiors):
            positions = list(ring.coords)
            yield from zip(positions, positions[1:])


def choose(geometries, count, generator):
    """Every vertex and the middle of every edge, points along the edges and level with vertices, and random ones."""
    lines = [edge for geometry in geometries for edge in edges(geometry)]
    points = [start for start, _ in lines]
    points += [((start[0] + end[0]) / 2, (start[1] + end[1]) / 2) for start, end in lines]
    for _ in range(count // 5):
        (x, y), (to_x, to_y) = generator.choice(lines)
        share = generator.random()
        points.append((x + share * (to_x - x), y + share * (to_y - y)))
    west, south, east, north = map(float, shapely.total_bounds(geometries))
    for _ in range(count // 20):
        points.append((generator.uniform(west, east), generator.choice(lines)[0][1]))
    while len(points) < count:
        # Half of them near some area: most of the world is sea.
        minimum_x, minimum_y, maximum_x, maximum_y = (
            (west, south, east, north) if len(points) % 2 else generator.choice(geometries).bounds)
        points.append((generator.uniform(minimum_x, maximum_x), generator.uniform(minimum_y, maximum_y)))
    return points[:count] if count < len(points) else points


def main():
    """Asks Shapely, and says how many points lie where."""
    areas, file, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    with open(areas, encoding="utf-8") as text:
        features = json.load(text)["features"]
    geometries = [shape(feature["geometry"]) for feature in features]
    wrong = [feature["id"] for feature, geometry in zip(features, geometries) if not geometry.is_valid]
    points = choose(geometries, count, random.Random(seed))
    covering = [[] for _ in points]
    tree = shapely.STRtree(geometries)
    for point, area in zip(*tree.query(shapely.points(points), predicate="covered_by")):
        covering[point].append(str(features[area]["id"]))
    with open(file, "w", encoding="utf-8") as output:
        for (x, y), ids in zip(points, covering):
            output.write(f"{x!r},{y!r},{'|'.join(sorted(ids))}\n")
    several = sum(len(ids) > 1 for ids in covering)
    within = sum(map(bool, covering))
    print(f"{len(points)} points, {within} in an area, {several} in several; invalid areas: {wrong or 'none'}")


if __name__ == "__main__":
    main()
