import Glibc

/// Text that has come before: of the names and values in a message nearly all were in an earlier one, and are
/// recognised by their bytes, without being copied or checked anew.
struct TextMemory {
    /// Shorter text needs no memory of its own, longer text seldom comes twice.
    private static let lengths = 16...64
    private static let slotBits = 9

    /// Each where its bytes lead to; the newest of those that lead to the same place.
    private var texts = [String](repeating: "", count: 1 << slotBits)

    /// - Returns: `nil` when the bytes are not UTF-8.
    mutating func text(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard Self.lengths.contains(bytes.count) else { return String(utf8: bytes) }
        let slot = Self.slot(of: bytes)
        if texts[slot].isEqual(to: bytes) { return texts[slot] }
        guard let text = String(utf8: bytes) else { return nil }
        texts[slot] = text
        return text
    }

    /// By its beginning, its middle and its end: what a name and another, or an id and another, differ in.
    private static func slot(of bytes: UnsafeRawBufferPointer) -> Int {
        func word(at offset: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        var hash = UInt64(bytes.count)
        for offset in [0, (bytes.count - 8) / 2, bytes.count - 8] {
            hash = (hash ^ word(at: offset)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
        }
        return Int(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> (64 - slotBits))
    }
}

extension String {
    fileprivate func isEqual(to bytes: UnsafeRawBufferPointer) -> Bool {
        guard utf8.count == bytes.count else { return false }
        let isEqual = utf8.withContiguousStorageIfAvailable { own in
            // Neither is empty.
            own.baseAddress.flatMap { own in bytes.baseAddress.map { memcmp(own, $0, bytes.count) == 0 } }
        }
        return isEqual == .some(true)
    }
}
