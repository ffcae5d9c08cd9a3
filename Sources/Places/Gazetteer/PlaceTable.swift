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

    /// - Throws: `inconsistent` unless the keys of each state ascend and there are `count` places in all.
    init(count: Int, states: Int, from reader: inout ByteReader) throws(GazetteerError) {
        keyEnds.reserveCapacity(count)
        centres.reserveCapacity(count)
        spreads.reserveCapacity(count)
        for _ in 0..<states {
            let first = centres.count
            let inState = Int(try reader.uint32())
            guard inState <= count - first else { throw reader.error(.inconsistent) }
            try readState(inState, from: &reader)
            ofState.append(first..<centres.count)
        }
        guard centres.count == count else { throw reader.error(.inconsistent) }
    }

    private mutating func readState(_ count: Int, from reader: inout ByteReader) throws(GazetteerError) {
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
        }
    }

    func place(key: [UInt8], stateIndex: Int) -> Gazetteer.Place? {
        var range = ofState[stateIndex]
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            let order = compare(key, withKeyAt: middle)
            if order == 0 { return Gazetteer.Place(centre: centres[middle], spread: Double(spreads[middle])) }
            range = order < 0 ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return nil
    }

    /// Each place: the index of its state, its key, its centre.
    func forEach(_ body: (_ stateIndex: Int, _ key: ArraySlice<UInt8>, _ centre: Coordinate) -> Void) {
        for (state, places) in ofState.enumerated() {
            for index in places {
                let start = index == 0 ? 0 : Int(keyEnds[index - 1])
                body(state, keys[start..<Int(keyEnds[index])], centres[index])
            }
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
