import Contracts

extension Gazetteer {
    static let magic = Array("INTAKEGZ".utf8)
    static let formatVersion: UInt16 = 3
    static let headerLength = 32

    /// Reads the format that deploy/gazetteer/build.py describes. Whatever the bytes are, it returns a whole gazetteer
    /// or throws.
    init(bytes: [UInt8]) throws(ByteReader.Failure) {
        var reader = ByteReader(bytes)
        guard bytes.starts(with: Self.magic) else { throw reader.error(.foreign) }
        _ = try reader.take(Self.magic.count)
        guard try reader.uint16() == Self.formatVersion else { throw reader.error(.unknownVersion) }
        let stateCount = Int(try reader.uint16())
        let countyCount = Int(try reader.uint32())
        let zipCount = Int(try reader.uint32())
        let placeCount = Int(try reader.uint32())
        let length = Int(try reader.uint32())
        let checksum = try reader.uint32()
        guard bytes.count >= Self.headerLength + length else {
            throw ByteReader.Failure(problem: .cutOff, offset: bytes.count)
        }
        guard bytes.count == Self.headerLength + length else {
            throw ByteReader.Failure(problem: .trailingBytes, offset: Self.headerLength + length)
        }
        guard CRC32.checksum(bytes[Self.headerLength...]) == checksum else { throw reader.error(.damaged) }
        // The smallest entries have 3, 4, 10 and 10 bytes; so no count makes us set aside more than the file is long.
        guard stateCount * 3 + countyCount * 4 + zipCount * 10 + placeCount * 10 <= length else {
            throw reader.error(.inconsistent)
        }

        let states = try Self.readStates(stateCount, from: &reader)
        self.states = states.map(\.code)
        counties = try Self.readCounties(countyCount, states: states, from: &reader)
        zips = try ZIPTable(count: zipCount, counties: countyCount, from: &reader)
        shares = try ShareTable(zips: zipCount, counties: countyCount, from: &reader)
        places = try PlaceTable(count: placeCount, states: stateCount, counties: countyCount, from: &reader)
        hasZIP = zips.counties.reduce(into: Array(repeating: false, count: countyCount)) { $0[Int($1)] = true }
        guard reader.isAtEnd else { throw reader.error(.inconsistent) }
    }

    private static func readStates(
        _ count: Int, from reader: inout ByteReader
    ) throws(ByteReader.Failure) -> [(fips: UInt8, code: String)] {
        var states: [(fips: UInt8, code: String)] = []
        states.reserveCapacity(count)
        for _ in 0..<count {
            let fips = try reader.uint8()
            let code = try reader.take(2)
            guard fips < 100, code.allSatisfy({ (0x41...0x5A).contains($0) }), fips > states.last?.fips ?? 0 else {
                throw reader.error(.inconsistent)
            }
            states.append((fips, String(decoding: code, as: UTF8.self)))
        }
        return states
    }

    private static func readCounties(
        _ count: Int, states: [(fips: UInt8, code: String)], from reader: inout ByteReader
    ) throws(ByteReader.Failure) -> [County] {
        var counties: [County] = []
        counties.reserveCapacity(count)
        var before = 0
        for _ in 0..<count {
            let state = Int(try reader.uint8())
            let number = Int(try reader.uint16())
            let name = try reader.take(Int(try reader.uint8()))
            guard state < states.count, number < 1000 else { throw reader.error(.inconsistent) }
            let fips = Int(states[state].fips) * 1000 + number
            guard fips > before, let name = String(validating: name, as: UTF8.self) else {
                throw reader.error(.inconsistent)
            }
            before = fips
            counties.append(County(fips: String(fips, width: 5), name: name, state: states[state].code))
        }
        return counties
    }
}
