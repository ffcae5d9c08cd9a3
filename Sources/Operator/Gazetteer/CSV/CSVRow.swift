/// One row of a CSV file, without its quotes.
struct CSVRow {
    /// Why a row cannot be taken apart.
    enum Problem: Equatable {
        /// Something between a closing quote and the next comma.
        case afterQuote
        /// A quote that is not closed before the file ends.
        case openQuote
        case tooLong
    }

    /// Of the file, counted from 1: where the row begins.
    var line = 1
    /// Set when the fields are not to be used.
    var problem: Problem?
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []

    var count: Int { ends.count }
    /// An empty line is no row.
    var isBlank: Bool { problem == nil && bytes.isEmpty && ends.count <= 1 }

    subscript(field: Int) -> ArraySlice<UInt8> { bytes[(field == 0 ? 0 : ends[field - 1])..<ends[field]] }

    mutating func clear() {
        problem = nil
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func endField() { ends.append(bytes.count) }
}
