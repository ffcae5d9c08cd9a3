/// Reads numbers and bytes from the front of a file of ours, never past its end.
package struct ByteReader {
    /// Why a file cannot be read. Carries no content of it.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package enum Problem: String, Sendable {
            case unreadable = "cannot be read"
            /// It does not start with the magic bytes: another kind of file, or an empty one.
            case foreign = "is of another kind"
            /// A later format, or an earlier one.
            case unknownVersion = "has a format version that this program does not read"
            /// It ends before all that it promises.
            case cutOff = "is cut off"
            /// There is more than it promises.
            case trailingBytes = "goes on after its end"
            /// The checksum does not match: bytes have changed.
            case damaged = "is damaged: its checksum does not match"
            /// The checksum matches and the content makes no sense: the program that wrote it was wrong.
            case inconsistent = "contradicts itself"
        }

        package var problem: Problem
        /// Where in the file, bytes from its start.
        package var offset: Int

        package init(problem: Problem, offset: Int) {
            self.problem = problem
            self.offset = offset
        }

        package var description: String { "the file \(problem.rawValue) (byte \(offset))" }
    }

    private let bytes: [UInt8]
    package private(set) var offset: Int

    package init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    package var isAtEnd: Bool { offset == bytes.count }

    /// - Throws: `cutOff` when fewer than `count` bytes are left.
    package mutating func take(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw error(.cutOff) }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    package mutating func uint8() throws(Failure) -> UInt8 {
        guard offset < bytes.count else { throw error(.cutOff) }
        defer { offset += 1 }
        return bytes[offset]
    }

    package mutating func uint16() throws(Failure) -> UInt16 { UInt16(try uint8()) | UInt16(try uint8()) << 8 }

    package mutating func uint32() throws(Failure) -> UInt32 { UInt32(try uint16()) | UInt32(try uint16()) << 16 }

    package mutating func int24() throws(Failure) -> Int32 {
        let value = UInt32(try uint16()) | UInt32(try uint8()) << 16
        return Int32(bitPattern: value << 8) >> 8
    }

    /// Seven bits a byte, the lowest first.
    /// - Throws: `inconsistent` for more than `longest` bytes.
    package mutating func varint(longest: Int = 4) throws(Failure) -> Int {
        var result = 0
        for index in 0..<longest {
            let byte = try uint8()
            result |= Int(byte & 0x7F) << (7 * index)
            if byte < 0x80 { return result }
        }
        throw error(.inconsistent)
    }

    /// A varint of the zigzag form.
    package mutating func signed() throws(Failure) -> Int {
        let value = try varint()
        return value & 1 == 0 ? value >> 1 : ~(value >> 1)
    }

    /// A number of things that follow, each of which takes so many bytes: so no count makes us set aside more than the
    /// file is long.
    package mutating func count(ofAtLeast size: Int) throws(Failure) -> Int {
        let count = try varint()
        guard count * size <= bytes.count - offset else { throw error(.inconsistent) }
        return count
    }

    package func error(_ problem: Failure.Problem) -> Failure { Failure(problem: problem, offset: offset) }
}
