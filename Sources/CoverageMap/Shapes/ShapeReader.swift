/// Reads numbers and bytes from the front of a file of shapes, never past its end.
struct ShapeReader {
    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    /// - Throws: `cutOff` when fewer than `count` bytes are left.
    mutating func take(_ count: Int) throws(ShapesError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw error(.cutOff) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func uint8() throws(ShapesError) -> UInt8 {
        guard let byte = try take(1).first else { throw error(.cutOff) }
        return byte
    }

    mutating func uint16() throws(ShapesError) -> UInt16 { UInt16(try uint8()) | UInt16(try uint8()) << 8 }

    /// Seven bits a byte, the lowest first; at most four bytes.
    mutating func varint() throws(ShapesError) -> Int {
        var result = 0
        for shift in stride(from: 0, to: 28, by: 7) {
            let byte = try uint8()
            result |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return result }
        }
        throw error(.inconsistent)
    }

    /// A varint of the zigzag form.
    mutating func signed() throws(ShapesError) -> Int {
        let value = try varint()
        return value & 1 == 0 ? value >> 1 : ~(value >> 1)
    }

    /// A number of things that follow, each of which takes so many bytes: so no count makes us set aside more than the
    /// file is long.
    mutating func count(ofAtLeast size: Int) throws(ShapesError) -> Int {
        let count = try varint()
        guard count * size <= bytes.count - offset else { throw error(.inconsistent) }
        return count
    }

    func error(_ problem: ShapesError.Problem) -> ShapesError { ShapesError(problem: problem, offset: offset) }
}
