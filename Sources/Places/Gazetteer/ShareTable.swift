import Contracts

/// The ZIPs that lie in several counties, ascending, in arrays that run in parallel.
struct ShareTable: Sendable {
    /// Indices of the ZIPs.
    private var zips: [UInt32] = []
    /// Where in `parts` each ZIP's counties end.
    private var ends: [UInt32] = []
    /// Indices of the gazetteer's counties, and percents of the ZIP's people.
    private var parts: [(county: UInt16, percent: UInt8)] = []

    /// - Throws: `inconsistent` unless ZIPs ascend, exist and have two counties or more, and the percents make 100, or
    ///   twice that where two kinds of counties divide the state.
    init(zips zipCount: Int, counties countyCount: Int, from reader: inout ByteReader) throws(ByteReader.Failure) {
        let count = Int(try reader.uint32())
        // Two counties of three bytes each, their number, and the difference.
        guard count <= zipCount else { throw reader.error(.inconsistent) }
        var zip = -1
        for _ in 0..<count {
            let difference = try reader.varint(longest: 3)
            zip += difference
            let counties = Int(try reader.uint8())
            guard difference > 0, zip < zipCount, counties >= 2 else { throw reader.error(.inconsistent) }
            var total = 0
            for _ in 0..<counties {
                let county = try reader.uint16()
                let percent = try reader.uint8()
                guard county < countyCount, (1...100).contains(percent) else { throw reader.error(.inconsistent) }
                total += Int(percent)
                parts.append((county, percent))
            }
            guard total == 100 || total == 200 else { throw reader.error(.inconsistent) }
            zips.append(UInt32(zip))
            ends.append(UInt32(parts.count))
        }
    }

    /// The largest first; empty for a ZIP that lies in one county.
    func parts(ofZIPAt index: Int) -> ArraySlice<(county: UInt16, percent: UInt8)> {
        var range = zips.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if Int(zips[middle]) == index {
                return parts[(middle == 0 ? 0 : Int(ends[middle - 1]))..<Int(ends[middle])]
            }
            range = Int(zips[middle]) < index ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return []
    }
}
