@testable import Places

/// Writes small gazetteers in the file's format, so that the reader is tested against bytes that are not its own.
struct GazetteerFixture {
    struct State {
        var fips: UInt8
        var code: String
        var counties: [(number: UInt16, name: String)] = []
        var places: [(key: String, spread: UInt8, latitude: Double, longitude: Double)] = []
    }

    /// States ascend by FIPS number, counties by number, places by key, ZIPs by number.
    var states = [
        State(
            fips: 25, code: "MA", counties: [(25, "Suffolk County")],
            places: [("boston", 0, 42.3386, -71.0183), ("springfield", 12, 42.1155, -72.54)]),
        State(
            fips: 48, code: "TX", counties: [(141, "El Paso County"), (201, "Harris County")],
            places: [
                ("elpaso", 0, 31.8484, -106.427), ("ftworth", 0, 32.782, -97.3486), ("houston", 0, 29.7858, -95.3885),
                ("houstonia", 0, 29, -95),
            ]),
    ]
    /// The county is an index over all states, the radius is in kilometres.
    var zips: [(zip: Int, county: UInt16, radius: UInt8, latitude: Double, longitude: Double)] = [
        (2108, 0, 1, 42.3575, -71.0635), (2109, 0, 2, 42.3668, -71.0506), (77002, 2, 3, 29.7566, -95.3655),
        (77003, 2, 4, 29.7493, -95.3476), (79901, 1, 255, 31.7604, -106.4797),
    ]

    /// Of ZIPs that lie in several: indices of counties, and percents. ZIPs ascend.
    var shares: [(zip: Int, parts: [(county: UInt16, percent: UInt8)])] = [(77003, [(2, 60), (1, 40)])]
    /// Of places that surely lie in a county, by key; the others have none.
    var placeCounties: [String: (counties: [UInt16], isCounty: Bool)] = [
        "boston": ([0], true), "elpaso": ([1], false), "houstonia": ([2], false),
    ]

    func bytes() -> [UInt8] {
        var body: [UInt8] = []
        for state in states { body += [state.fips] + state.code.utf8 }
        for (index, state) in states.enumerated() {
            for county in state.counties {
                body += [UInt8(index)] + Self.little(county.number, 2) + [UInt8(county.name.utf8.count)]
                body += county.name.utf8
            }
        }
        var before = -1
        for zip in zips {
            body += Self.varint(max(0, zip.zip - before)) + Self.little(zip.county, 2) + [zip.radius]
            body += Self.coordinate(zip.latitude, zip.longitude)
            before = zip.zip
        }
        body += Self.little(shares.count, 4)
        var indexBefore = -1
        for share in shares {
            let index = zips.firstIndex { $0.zip == share.zip } ?? zips.count
            body += Self.varint(max(0, index - indexBefore)) + [UInt8(share.parts.count)]
            for part in share.parts { body += Self.little(part.county, 2) + [part.percent] }
            indexBefore = index
        }
        for state in states {
            body += Self.little(UInt32(state.places.count), 4)
            var keyBefore: [UInt8] = []
            for place in state.places {
                let key = Array(place.key.utf8)
                let shared = zip(keyBefore, key).prefix { $0 == $1 }.count
                body += [UInt8(shared), UInt8(key.count - shared)] + key[shared...] + [place.spread]
                body += Self.coordinate(place.latitude, place.longitude)
                let (counties, isCounty) = placeCounties[place.key] ?? ([], false)
                body += [UInt8(counties.count) | (isCounty ? 0x80 : 0)] + counties.flatMap { Self.little($0, 2) }
                keyBefore = key
            }
        }
        return header(for: body) + body
    }

    /// The header that makes these bytes, right or wrong, pass the checksum.
    func header(for body: [UInt8]) -> [UInt8] {
        let counties = states.reduce(0) { $0 + $1.counties.count }
        let places = states.reduce(0) { $0 + $1.places.count }
        return Array("INTAKEGZ".utf8) + Self.little(3, 2) + Self.little(states.count, 2) + Self.little(counties, 4)
            + Self.little(zips.count, 4) + Self.little(places, 4) + Self.little(body.count, 4)
            + Self.little(CRC32.checksum(body[...]), 4)
    }

    static func little(_ value: some BinaryInteger, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + varint(value >> 7)
    }

    private static func coordinate(_ latitude: Double, _ longitude: Double) -> [UInt8] {
        little(Int((latitude * 10_000).rounded()), 3) + little(Int((longitude * 10_000).rounded()), 3)
    }
}
