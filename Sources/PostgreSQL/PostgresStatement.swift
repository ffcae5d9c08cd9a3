/// What a column holds, in any database that SQL is spoken with.
package enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What became of a statement.
package struct PostgresAnswer: Sendable {
    /// How many rows it wrote.
    package var count: Int
    /// The number of the row that it inserted, or any other that it answers; `nil` for none.
    package var number: Int64?
    /// What it said, where that is text.
    package var text: String?
}

/// A statement as PostgreSQL numbers its places: `$1` for `?1` and, counted, for `?`.
struct PostgresText {
    let sql: String

    init(_ sql: String, key: String? = nil) {
        var text: [UInt8] = []
        text.reserveCapacity(sql.utf8.count + 32)
        var (count, isQuoted) = (0, false)
        var bytes = sql.utf8.makeIterator()
        var next = bytes.next()
        while let byte = next {
            next = bytes.next()
            if byte == UInt8(ascii: "'") { isQuoted.toggle() }
            guard byte == UInt8(ascii: "?"), !isQuoted else {
                text.append(byte)
                continue
            }
            text.append(UInt8(ascii: "$"))
            if let digit = next, (0x30...0x39).contains(digit) { continue }
            count += 1
            text += "\(count)".utf8
        }
        if let key { text += " RETURNING \(key)".utf8 }
        self.sql = String(decoding: text, as: UTF8.self)
    }
}

/// A statement's values as libpq takes them. Kept by a connection and filled again for each.
///
/// The types are those that the server finds for the places: so numbers go as text, which any numeric type reads.
struct PostgresValues {
    private var bytes: [UInt8] = []
    /// Where a value begins in `bytes`; -1 for null.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    mutating func fill(_ values: [SQLValue]) {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            var isBinary = false
            switch value {
            case .null: break
            case .integer(let number): append(number)
            case .real(let number): bytes += "\(number)".utf8
            case .text(let text): append(text)
            case .blob(let blob):
                isBinary = true
                bytes += blob
            }
            if case .null = value { starts.append(-1) } else { starts.append(start) }
            lengths.append(Int32(clamping: bytes.count - start))
            formats.append(isBinary ? 1 : 0)
            // Text ends with a zero.
            bytes.append(0)
        }
    }

    private mutating func append(_ number: Int64) {
        var rest = number.magnitude
        let start = bytes.count
        repeat {
            bytes.append(UInt8(0x30 + rest % 10))
            rest /= 10
        } while rest > 0
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
    }

    /// PostgreSQL has no text with a zero in it: U+FFFD stands for it.
    private mutating func append(_ text: String) {
        let start = bytes.count
        bytes += text.utf8
        guard bytes[start...].contains(0) else { return }
        bytes.removeSubrange(start...)
        for byte in text.utf8 { bytes += byte == 0 ? [0xEF, 0xBF, 0xBD] : [byte] }
    }

    mutating func withPointers<Result>(
        _ body: (
            _ count: Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        bytes.withUnsafeBytes { all in
            pointers.removeAll(keepingCapacity: true)
            for start in starts {
                pointers.append(
                    start < 0 ? nil : all.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self))
            }
            return body(Int32(clamping: starts.count), pointers, lengths, formats)
        }
    }
}
