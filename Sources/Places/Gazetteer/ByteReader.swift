/// Reads integers and bytes from the front of a file, never past its end.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// - Throws: `cutOff` when fewer than `count` bytes are left.
    mutating func take(_ count: Int) throws(GazetteerError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw error(.cutOff) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func uint8() throws(GazetteerError) -> UInt8 {
        guard offset < bytes.count else { throw error(.cutOff) }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint16() throws(GazetteerError) -> UInt16 {
        guard bytes.count - offset >= 2 else { throw error(.cutOff) }
        defer { offset += 2 }
        return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    mutating func uint32() throws(GazetteerError) -> UInt32 {
        let low = try uint16()
        let high = try uint16()
        return UInt32(low) | UInt32(high) << 16
    }

    /// Seven bits a byte, the lowest first; at most three bytes.
    mutating func varint() throws(GazetteerError) -> Int {
        var result = 0
        for shift in stride(from: 0, to: 21, by: 7) {
            let byte = try uint8()
            result |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        throw error(.inconsistent)
    }

    /// Two signed 24-bit numbers, latitude first.
    /// - Throws: `inconsistent` for what is no point on the earth.
    mutating func coordinate() throws(GazetteerError) -> Coordinate {
        let point = Coordinate(latitudeUnits: try int24(), longitudeUnits: try int24())
        guard abs(point.latitudeUnits) <= 900_000, abs(point.longitudeUnits) <= 1_800_000 else {
            throw error(.inconsistent)
        }
        return point
    }

    func error(_ problem: GazetteerError.Problem) -> GazetteerError { GazetteerError(problem: problem, offset: offset) }

    private mutating func int24() throws(GazetteerError) -> Int32 {
        guard bytes.count - offset >= 3 else { throw error(.cutOff) }
        defer { offset += 3 }
        let value = UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
        return Int32(bitPattern: value << 8) >> 8
    }
}
