import Contracts
import Crypto

extension CountyShapes {
    static let magic = Array("INTAKEMP".utf8)
    static let formatVersion: UInt16 = 1
    private static let digestLength = 8
    private static let unitsPerDegree = 1000.0

    /// Reads the format that deploy/map/build.py describes. Whatever the bytes are, it returns whole shapes or throws.
    init(bytes: [UInt8]) throws(ByteReader.Failure) {
        var reader = ByteReader(bytes)
        guard bytes.starts(with: Self.magic) else { throw reader.error(.foreign) }
        _ = try reader.take(Self.magic.count)
        guard try reader.uint16() == Self.formatVersion else { throw reader.error(.unknownVersion) }
        let digest = try reader.take(Self.digestLength)
        guard SHA256.hash(data: bytes[reader.offset...]).prefix(Self.digestLength).elementsEqual(digest) else {
            throw reader.error(.damaged)
        }
        states = try Self.readStates(&reader)
        arcs = try Self.readArcs(&reader)
        counties = try Self.readCounties(&reader, states: states, arcs: arcs)
        guard reader.isAtEnd else { throw reader.error(.inconsistent) }
    }

    private static func readStates(_ reader: inout ByteReader) throws(ByteReader.Failure) -> [String: String] {
        var states: [String: String] = [:]
        for _ in 0..<(try reader.count(ofAtLeast: 3)) {
            let fips = Int(try reader.uint8())
            let code = try reader.take(2)
            guard fips < 100, code.allSatisfy({ (0x41...0x5A).contains($0) }) else { throw reader.error(.inconsistent) }
            states[String(fips, width: 2)] = String(decoding: code, as: UTF8.self)
        }
        return states
    }

    private static func readArcs(_ reader: inout ByteReader) throws(ByteReader.Failure) -> [[Position]] {
        var arcs: [[Position]] = []
        let count = try reader.count(ofAtLeast: 5)
        arcs.reserveCapacity(count)
        for _ in 0..<count {
            let length = try reader.count(ofAtLeast: 2)
            guard length >= 2 else { throw reader.error(.inconsistent) }
            var (longitude, latitude) = (0, 0)
            var arc: [Position] = []
            arc.reserveCapacity(length)
            for _ in 0..<length {
                longitude += try reader.signed()
                latitude += try reader.signed()
                guard abs(longitude) <= 180_000, abs(latitude) <= 90_000 else { throw reader.error(.inconsistent) }
                arc.append(
                    Position(
                        longitude: Double(longitude) / unitsPerDegree, latitude: Double(latitude) / unitsPerDegree))
            }
            arcs.append(arc)
        }
        return arcs
    }

    private static func readCounties(
        _ reader: inout ByteReader, states: [String: String], arcs: [[Position]]
    ) throws(ByteReader.Failure) -> [County] {
        var counties: [County] = []
        var fips = 0
        for _ in 0..<(try reader.count(ofAtLeast: 3)) {
            let difference = try reader.varint()
            fips += difference
            let name = try reader.take(Int(try reader.uint8()))
            guard difference > 0, fips < 100_000, states[String(fips / 1000, width: 2)] != nil,
                let name = String(validating: name, as: UTF8.self)
            else { throw reader.error(.inconsistent) }
            var rings: [[Step]] = []
            for _ in 0..<(try reader.count(ofAtLeast: 2)) { rings.append(try readRing(&reader, arcs)) }
            counties.append(County(fips: String(fips, width: 5), name: name, rings: rings))
        }
        return counties
    }

    /// - Throws: `inconsistent` unless each arc begins where the one before it ends, and the last where the first
    ///   begins.
    private static func readRing(
        _ reader: inout ByteReader, _ arcs: [[Position]]
    ) throws(ByteReader.Failure) -> [Step] {
        var ring: [Step] = []
        for _ in 0..<(try reader.count(ofAtLeast: 1)) {
            let index = try reader.signed()
            let step = Step(arc: index < 0 ? ~index : index, isBackwards: index < 0)
            guard arcs.indices.contains(step.arc) else { throw reader.error(.inconsistent) }
            ring.append(step)
        }
        let ends = ring.map { step in
            let (first, last) = (arcs[step.arc][0], arcs[step.arc][arcs[step.arc].count - 1])
            return step.isBackwards ? (last, first) : (first, last)
        }
        for (index, end) in ends.enumerated() where end.1 != ends[(index + 1) % ends.count].0 {
            throw reader.error(.inconsistent)
        }
        return ring
    }
}
