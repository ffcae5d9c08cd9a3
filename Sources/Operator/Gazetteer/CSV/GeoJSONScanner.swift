import Contracts
import Terminal

/// Finds the features in GeoJSON that does not have one on each line: all in one line, as ArcGIS writes it, or each
/// over many, as editors do. It holds one feature at a time: a county's file has hundreds of megabytes.
struct GeoJSONScanner {
    struct Piece {
        enum Content {
            case object([UInt8])
            /// Longer than any address is.
            case tooLong
            /// Ends before it is whole.
            case broken
        }

        /// Of the file, counted from 1: where it begins.
        var line: Int
        var content: Content
    }

    private let path: String
    private let chunk: () throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 1

    /// The brackets that are open, and how many of them lie around the features.
    private var open: [UInt8] = []
    private var around = 0
    private var isInString = false
    private var isEscaped = false
    /// The last byte that is no blank and in no string.
    private var previous: UInt8 = 0
    /// The name of the member that is being read, directly within the file's object.
    private var name: [UInt8] = []

    private var object: [UInt8] = []
    private var objectLine = 0
    private var isTaking = false
    private var isTooLong = false

    init(path: String, chunk: @escaping () throws -> [UInt8]) {
        self.path = path
        self.chunk = chunk
    }

    /// - Returns: `nil` at the end of the file.
    /// - Throws: `CommandError` where it ends before its features do.
    mutating func next() throws -> Piece? {
        while true {
            while position < buffer.count {
                let byte = buffer[position]
                position += 1
                if let piece = take(byte) { return piece }
            }
            buffer = try chunk()
            position = 0
            if buffer.isEmpty { return try end() }
        }
    }

    private mutating func end() throws -> Piece? {
        guard !open.isEmpty else { return nil }
        guard around == 0 else { throw CommandError("\(path) ends within its features: is it cut off?") }
        open = []
        return end(.broken)
    }

    private mutating func take(_ byte: UInt8) -> Piece? {
        if byte == UInt8(ascii: "\n") {
            line += 1
            // JSON has no line break in a string: it was never closed.
            if isInString { return giveUp() }
        }
        if isTaking { append(byte) }
        if isInString {
            takeInString(byte)
            return nil
        }
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            if open.count == 1 { name = [] }
        case UInt8(ascii: "{"), UInt8(ascii: "["): return opening(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"): return closing(byte)
        case 0x20, 0x09, 0x0A, 0x0D: return nil
        default: break
        }
        previous = byte
        return nil
    }

    private mutating func takeInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
            previous = byte
            return
        }
        if open.count == 1, name.count < 16 { name.append(byte) }
    }

    private mutating func append(_ byte: UInt8) {
        if object.count < CSVReader.longestRow { object.append(byte) } else { isTooLong = true }
    }

    private mutating func opening(_ byte: UInt8) -> Piece? {
        // A value in an object stands behind a colon: the feature before was never closed.
        if byte == UInt8(ascii: "{"), open.count > around, open.last == UInt8(ascii: "{"), previous != UInt8(ascii: ":")
        {
            let piece = giveUp()
            begin()
            open.append(byte)
            previous = byte
            return piece
        }
        if byte == UInt8(ascii: "["), around == 0 {
            // The features' list, or a mere list of them.
            let isList = open.count == 1 && previous == UInt8(ascii: ":") && name == Array("features".utf8)
            if isList || open.isEmpty {
                around = open.count + 1
                isTaking = false
            }
        } else if byte == UInt8(ascii: "{"), open.count == around {
            begin()
        }
        open.append(byte)
        previous = byte
        return nil
    }

    private mutating func closing(_ byte: UInt8) -> Piece? {
        let isMatched = open.last == (byte == UInt8(ascii: "}") ? UInt8(ascii: "{") : UInt8(ascii: "["))
        guard isMatched else { return isTaking ? giveUp() : nil }
        open.removeLast()
        previous = byte
        if isTaking, open.count == around { return end(isTooLong ? .tooLong : .object(object)) }
        if open.count < around { around = 0 }
        return nil
    }

    private mutating func begin() {
        (object, objectLine, isTaking, isTooLong) = ([UInt8(ascii: "{")], line, true, false)
    }

    private mutating func end(_ content: Piece.Content) -> Piece {
        isTaking = false
        return Piece(line: objectLine, content: content)
    }

    /// What is no JSON costs one feature; the next begins with the next bracket.
    private mutating func giveUp() -> Piece? {
        isInString = false
        isEscaped = false
        open.removeLast(max(0, open.count - around))
        return isTaking ? end(.broken) : nil
    }
}
