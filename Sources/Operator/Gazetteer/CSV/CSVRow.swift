/// One row of a CSV file, without its quotes.
struct CSVRow {
    /// Why a row cannot be taken apart.
    enum Problem: Equatable {
        /// Something between a closing quote and the next comma.
        case afterQuote
        /// A quote that is not closed before the file ends.
        case openQuote
        case tooLong
        /// A line of GeoJSON that is no feature.
        case noFeature
    }

    /// Of the file, counted from 1: where the row begins.
    var line = 1
    /// Set when the fields are not to be used.
    var problem: Problem?
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []

    var count: Int { ends.count }
    /// Whether all fields are empty: a spreadsheet writes its unused rows as commas.
    var hasNothing: Bool { problem == nil && bytes.allSatisfy { $0 == UInt8(ascii: " ") } }
    /// An empty line is no row.
    var isBlank: Bool { problem == nil && bytes.isEmpty && ends.count <= 1 }

    subscript(field: Int) -> ArraySlice<UInt8> { bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }

    mutating func clear() {
        problem = nil
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func append(_ text: String) { bytes += text.utf8 }
    mutating func endField() { ends.append(bytes.count) }

    /// Makes it as long as the header: fields that are missing at the end are empty, and empty ones too many go.
    /// - Returns: false when there are more with something in them.
    mutating func fit(_ count: Int) -> Bool {
        while ends.count < count { endField() }
        guard ends.count > count else { return true }
        guard bytes[ends[count - 1]...].allSatisfy({ $0 == UInt8(ascii: " ") }) else { return false }
        ends.removeLast(ends.count - count)
        bytes.removeLast(bytes.count - (ends.last ?? 0))
        return true
    }
}
