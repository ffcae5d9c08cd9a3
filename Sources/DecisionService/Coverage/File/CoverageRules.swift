import ServiceRuntime

/// Rules as they are read, block by block, until they are compiled.
struct CoverageRules {
    /// Its tables are filled from outside; ranges and areas are added when all are there.
    var index = CoverageIndex()
    private var ranges: [ZIPRanges.Range] = []
    private var areas: [(area: Area, match: CoverageMatch)] = []
    /// Rules that name a county that ended.
    private var former: Set<String> = []

    /// What follows stands in this block.
    mutating func begin(_ block: CoverageBlock) { index.blocks.append(block) }

    var compiled: CoverageIndex {
        var result = index
        result.zipRanges = ZIPRanges(ranges)
        result.areas = AreaMap(areas)
        return result
    }

    /// A rule of the block that was begun last.
    func match(_ rule: CoverageRule) -> CoverageMatch {
        CoverageMatch(rule: rule, block: index.blocks.count - 1)
    }

    mutating func noteFormer(_ rule: CoverageRule) { former.insert(rule.description) }

    /// Those by which a county may be there already without being named.
    var formerCounties: Set<String> { former }

    /// Adds a rule under its key.
    /// - Parameter former: rules that may have come to that key by another name, and do not count.
    /// - Returns: what is wrong, when the block has a rule under that key already.
    static func add<Key>(
        _ match: CoverageMatch, under key: Key, to table: inout CoverageIndex.Table<Key>,
        besides former: Set<String> = []
    ) -> String? {
        let same = table[key]?.filter { $0.block == match.block } ?? []
        guard same.allSatisfy({ $0.rule != match.rule && former.contains($0.rule.description) }) else {
            return "\(CoverageProblems.quoted(match.rule.description)) stands here twice"
        }
        table[key, default: []].append(match)
        return nil
    }

    /// Adds ZIPs of a table, in which one may stand several times.
    mutating func add(zips: [String]) {
        index.zips.reserveCapacity(index.zips.count + zips.count)
        for zip in zips {
            let match = match(.zip(zip))
            if index.zips[zip]?.contains(where: { $0.block == match.block }) != true {
                index.zips[zip, default: []].append(match)
            }
        }
    }

    mutating func add(_ bounds: ClosedRange<Int>, _ rule: CoverageRule) {
        ranges.append(ZIPRanges.Range(bounds: bounds, match: match(rule)))
    }

    mutating func add(_ area: Area, _ rule: CoverageRule) {
        areas.append((area, match(rule)))
    }

    /// Remembers that the block names a county of the state.
    mutating func note(countyOf state: String, _ rule: CoverageRule) {
        let match = match(rule)
        if index.statesOfCounties[state]?.contains(where: { $0.block == match.block }) != true {
            index.statesOfCounties[state, default: []].append(match)
        }
    }
}
