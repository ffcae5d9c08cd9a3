import Contracts

/// The cities, towns and villages, by state and then by key, in arrays that run in parallel.
struct PlaceTable: Sendable {
    /// For each state the indices of its places.
    private var ofState: [Range<Int>] = []
    /// All keys, one after the other; ascending within a state.
    private var keys: [UInt8] = []
    /// Where in `keys` each place's key ends.
    private var keyEnds: [UInt32] = []
    private var centres: [Coordinate] = []
    /// Kilometres.
    private var spreads: [UInt8] = []
    /// Whether each is a county by itself.
    private var areCounties: [Bool] = []
    /// Indices of the gazetteer's counties, those of each place after those of the one before.
    private var counties: [UInt16] = []
    /// Where in `counties` each place's end.
    private var countyEnds: [UInt32] = []

    /// Two in Connecticut, whose planning regions are counties, too.
    private static let mostCounties = 2

    /// What is known of a place; its counties are indices.
    struct Entry {
        var centre: Coordinate
        /// Kilometres.
        var spread: Double
        var isCounty: Bool
        var counties: ArraySlice<UInt16>
    }

    /// - Throws: `inconsistent` unless the keys of each state ascend, there are `count` places in all, and each names
    ///   counties below `countyCount`.
    init(
        count: Int, states: Int, counties countyCount: Int, from reader: inout ByteReader
    ) throws(ByteReader.Failure) {
        keyEnds.reserveCapacity(count)
        centres.reserveCapacity(count)
        spreads.reserveCapacity(count)
        for _ in 0..<states {
            let first = centres.count
            let inState = Int(try reader.uint32())
            guard inState <= count - first else { throw reader.error(.inconsistent) }
            try readState(inState, counties: countyCount, from: &reader)
            ofState.append(first..<centres.count)
        }
        guard centres.count == count else { throw reader.error(.inconsistent) }
    }

    private mutating func readState(
        _ count: Int, counties countyCount: Int, from reader: inout ByteReader
    ) throws(ByteReader.Failure) {
        var before: [UInt8] = []
        for _ in 0..<count {
            let shared = Int(try reader.uint8())
            let rest = try reader.take(Int(try reader.uint8()))
            guard shared <= before.count else { throw reader.error(.inconsistent) }
            let key = before[..<shared] + rest
            guard before.lexicographicallyPrecedes(key) else { throw reader.error(.inconsistent) }
            before = Array(key)
            keys += before
            keyEnds.append(UInt32(keys.count))
            spreads.append(try reader.uint8())
            centres.append(try reader.coordinate())
            let kind = try reader.uint8()
            areCounties.append(kind >= 0x80)
            guard kind & 0x7F <= Self.mostCounties else { throw reader.error(.inconsistent) }
            for _ in 0..<kind & 0x7F {
                let county = try reader.uint16()
                guard county < countyCount else { throw reader.error(.inconsistent) }
                counties.append(county)
            }
            countyEnds.append(UInt32(counties.count))
        }
    }

    func place(key: [UInt8], stateIndex: Int) -> Entry? {
        var range = ofState[stateIndex]
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let order = compare(key, withKeyAt: middle)
            if order == 0 { return entry(at: middle) }
            range = order < 0 ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return nil
    }

    private func entry(at index: Int) -> Entry {
        let first = index == 0 ? 0 : Int(countyEnds[index - 1])
        return Entry(
            centre: centres[index], spread: Double(spreads[index]), isCounty: areCounties[index],
            counties: counties[first..<Int(countyEnds[index])])
    }

    /// Every place of the state with its key, ascending.
    func places(stateIndex: Int) -> some Sequence<(key: [UInt8], place: Entry)> {
        ofState[stateIndex].lazy.map { index in
            let start = index == 0 ? 0 : Int(keyEnds[index - 1])
            return (Array(keys[start..<Int(keyEnds[index])]), entry(at: index))
        }
    }

    /// Negative when `key` comes before the key of the place, byte by byte; 0 when they are the same.
    private func compare(_ key: [UInt8], withKeyAt index: Int) -> Int {
        let start = index == 0 ? 0 : Int(keyEnds[index - 1])
        let count = Int(keyEnds[index]) - start
        for position in 0..<min(key.count, count) where key[position] != keys[start + position] {
            return Int(key[position]) - Int(keys[start + position])
        }
        return key.count - count
    }
}
