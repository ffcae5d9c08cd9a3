/// Ranges of ZIPs; looking one up costs a binary search and the ranges that really overlap.
struct ZIPRanges: Sendable {
    struct Range: Sendable {
        var bounds: ClosedRange<Int>
        var match: CoverageMatch
    }

    /// By their lower bounds.
    private let ranges: [Range]
    /// The greatest upper bound up to each: from where on back nothing reaches the ZIP.
    private let reach: [Int]

    init(_ ranges: [Range] = []) {
        self.ranges = ranges.sorted { $0.bounds.lowerBound < $1.bounds.lowerBound }
        var furthest = 0
        reach = self.ranges.map { range in
            furthest = max(furthest, range.bounds.upperBound)
            return furthest
        }
    }

    /// The narrowest range that holds the ZIP.
    func narrowest(holding zip: Int, _ isUsed: (CoverageMatch) -> Bool) -> CoverageMatch? {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].bounds.lowerBound <= zip { low = middle + 1 } else { high = middle }
        }
        var narrowest: Range?
        for index in stride(from: low - 1, through: 0, by: -1) {
            guard reach[index] >= zip else { break }
            let range = ranges[index]
            if range.bounds.contains(zip), range.bounds.count < narrowest?.bounds.count ?? .max, isUsed(range.match) {
                narrowest = range
            }
        }
        return narrowest?.match
    }
}
