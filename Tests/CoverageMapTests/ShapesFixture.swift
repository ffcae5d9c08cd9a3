import Crypto

@testable import CoverageMap

/// A file of shapes, written as deploy/map/build.py does: two counties of Kansas that share a border.
struct ShapesFixture {
    var magic = CountyShapes.magic
    var version: [UInt8] = [1, 0]
    /// KS
    var states: [UInt8] = [1, 20, 0x4B, 0x53]
    /// The shared border, the west, the east: each four corners of a square of one degree, as differences.
    var arcs: [UInt8] =
        [3] + arc([(-98_000, 38_000), (0, 1000)]) + arc([(-98_000, 39_000), (-1000, 0), (0, -1000), (1000, 0)])
        + arc([(-98_000, 38_000), (1000, 0), (0, 1000), (-1000, 0)])
    var counties: [UInt8] =
        [2] + county(20_001, "Alpha <&>", [[0, 1]]) + county(2, "Beta", [[2, ~0]])
    var trailing: [UInt8] = []

    var bytes: [UInt8] {
        let body = states + arcs + counties + trailing
        return magic + version + SHA256.hash(data: body).prefix(8) + body
    }

    var shapes: CountyShapes { get throws { try CountyShapes(bytes: bytes) } }

    static func arc(_ points: [(Int, Int)]) -> [UInt8] {
        varint(points.count) + points.flatMap { signed($0.0) + signed($0.1) }
    }

    static func county(_ fips: Int, _ name: String, _ rings: [[Int]]) -> [UInt8] {
        varint(fips) + [UInt8(name.utf8.count)] + Array(name.utf8) + varint(rings.count)
            + rings.flatMap { varint($0.count) + $0.flatMap(signed) }
    }

    static func signed(_ number: Int) -> [UInt8] { varint(number >= 0 ? number << 1 : (-number << 1) - 1) }

    static func varint(_ number: Int) -> [UInt8] {
        number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7F) | 0x80] + varint(number >> 7)
    }
}
