import Contracts
import GRDB

/// The look-up rule. First the street:
///
/// 1. in the ZIP; when that has no such street, in the city of that state;
/// 2. as the line reads best and is written. Where that is in the table, no other street is looked at. Else other
///    readings, and streets that do not contradict it (`Main` for `Main St`), the most alike first; last those that the
///    line says more of than the table has (`Broadway Ct`, where there is a `Broadway`): the answer is then no house.
///
/// Then the house: the number itself; else its place between the next lower and the next higher one on its side of the
/// street; else the next one, on its side if it can be; else, of a short street, the middle. Several streets that fit
/// equally well, or several houses of that number, are an answer only where they lie together, and then a coarser one:
/// nothing is guessed.
struct AddressFinder {
    /// Houses or streets that lie no farther apart are one place, kilometres.
    static let together = 0.5
    /// Entries of one house that lie no farther apart are its doors, kilometres.
    static let doors = 0.1
    /// Between numbers or places farther apart nothing is interpolated.
    static let widestGap = 100
    static let farthestNeighbours = 1.0
    /// The middle of a longer street says too little, kilometres.
    static let longestStreet = 3.0

    private enum Finding {
        case found(AddressMatch, Kind)
        case nothing
        /// Several places fit, too far apart.
        case ambiguous
    }

    private enum Kind {
        /// The house itself, or a number between two houses.
        case placed
        /// Beside a house, or somewhere on the street.
        case near
    }

    /// A house on a street, which may be in the table several times: once for each ZIP and city.
    private struct Understanding {
        var number: HouseNumber?
        var name: StreetName
        /// Whether the street may be another than the one that was meant.
        var isUnsure: Bool
        var streets: [StreetRow]
    }

    /// Behind all that is surely the street that was meant.
    private static let unsureRank = 100
    /// Where on a street that may not be the one that was meant its house is said to be, kilometres.
    private static let unsureReach = 1.0

    let database: Database

    func find(_ question: AddressQuestion) throws -> AddressMatch? {
        var exact: Set<StreetName> = []
        if question.zip > 0 {
            let finding = try find(question, &exact, factor: 1) { try StreetRow.inZIP(question.zip, key: $0, database) }
            switch finding {
            case .found(let match, _): return match
            case .ambiguous: return nil
            case .nothing: break
            }
        }
        guard !question.city.isEmpty else { return nil }
        let finding = try find(question, &exact, factor: 0.9) {
            try StreetRow.inCity(question.city, state: question.state, key: $0, database)
        }
        guard case .found(let match, _) = finding else { return nil }
        return match
    }

    /// - Parameters:
    ///   - exact: the streets that are called as the line says, those of before and these: where there are any, the
    ///     house is on them or unknown, and no other is looked at.
    ///   - factor: what being among these streets takes off the confidence.
    ///   - rows: the streets with that key.
    private func find(
        _ question: AddressQuestion, _ exact: inout Set<StreetName>, factor: Double,
        among rows: (String) throws -> [StreetRow]
    ) throws -> Finding {
        let ranked = try ranked(question, &exact, rows)
        for rank in ranked.keys.sorted() {
            let understandings = ranked[rank] ?? []
            let finding = try find(question, understandings, rank == 0 ? factor : factor * 0.9)
            switch finding {
            case .nothing: continue
            // Somewhere on a street that may not be the one that was meant says nothing of a house.
            case .found(_, .near) where rank > 0 && understandings.contains { $0.number != nil }: continue
            case .found, .ambiguous: return finding
            }
        }
        return .nothing
    }

    /// What the line may mean, by how far it is from what it says.
    private func ranked(
        _ question: AddressQuestion, _ exact: inout Set<StreetName>, _ rows: (String) throws -> [StreetRow]
    ) throws -> [Int: [Understanding]] {
        var ranked: [Int: [Understanding]] = [:]
        for (index, reading) in question.readings.enumerated() {
            let fitting = try fitting(reading, state: question.state, rows)
            let names = Set(fitting.filter { $0.fit == .sure(0) && reading.certainty != .unsure }.map(\.row.name))
            if index == 0 { exact.formUnion(names) }
            for (row, fit) in fitting {
                // Streets that are called as this reading says, or better as the first one does.
                let allowed = exact.isEmpty ? names : exact
                guard allowed.isEmpty || allowed.contains(row.name) else { continue }
                // What a reading has guessed away must not be followed by leaving out more.
                if reading.certainty == .unsure, fit != .sure(0) { continue }
                var rank = Self.unsureRank
                if case .sure(let difference) = fit, reading.certainty == .sure || fit == .sure(0),
                    reading.certainty != .unsure
                {
                    rank = min(index, 1) + difference + (row.isGuessed ? 1 : 0)
                }
                var same = ranked[rank] ?? []
                if let known = same.firstIndex(where: { $0.name == row.name && $0.number == reading.number }) {
                    if !same[known].streets.contains(where: { $0.id == row.id }) { same[known].streets.append(row) }
                } else {
                    same.append(
                        Understanding(
                            number: reading.number, name: row.name, isUnsure: rank == Self.unsureRank, streets: [row]))
                }
                ranked[rank] = same
            }
        }
        return ranked
    }

    /// The streets that a reading may mean.
    private func fitting(
        _ reading: StreetLine.Reading, state: String, _ rows: (String) throws -> [StreetRow]
    ) throws -> [(row: StreetRow, fit: StreetName.Fit)] {
        var fitting: [(StreetRow, StreetName.Fit)] = []
        let (same, shorter) = reading.street.alternatives(state: state)
        let asked = [(reading.street, 0, true)] + same.map { ($0, 1, true) } + shorter.map { ($0, 1, false) }
        for (street, penalty, isWhole) in asked {
            for row in try rows(street.key) {
                switch street.fit(row.name) {
                case .sure(let difference) where isWhole: fitting.append((row, .sure(difference + penalty)))
                case .sure, .unsure: fitting.append((row, .unsure))
                case nil: continue
                }
            }
        }
        return fitting
    }

    private func find(
        _ question: AddressQuestion, _ understandings: [Understanding], _ factor: Double
    ) throws -> Finding {
        var placed: [AddressMatch] = []
        // Those of them that are called letter by letter as the line says: `Green Acres` beside `Greenacres`.
        var same: [AddressMatch] = []
        var near: [AddressMatch] = []
        for understanding in understandings {
            switch try understanding.isUnsure
                ? unsure(understanding, factor) : find(question, understanding, factor)
            {
            case .found(let match, .placed):
                placed.append(match)
                if understanding.name == question.readings[0].street { same.append(match) }
            case .found(let match, .near): near.append(match)
            case .ambiguous: return .ambiguous
            case .nothing: continue
            }
        }
        if placed.count == 1 { return .found(placed[0], .placed) }
        if same.count == 1, Self.areSpellings(understandings) { return .found(same[0], .placed) }
        if placed.isEmpty {
            // Numbers of different streets have nothing to do with each other.
            if understandings.count == 1, let match = near.first { return .found(match, .near) }
            return near.isEmpty ? .nothing : .ambiguous
        }
        return together(placed, factor, areUnsure: understandings.allSatisfy(\.isUnsure))
    }

    /// Whether all are one house on streets whose names differ by blanks or abbreviations only.
    private static func areSpellings(_ understandings: [Understanding]) -> Bool {
        understandings.allSatisfy { one in
            let other = understandings[0]
            return !one.isUnsure && one.number == other.number && one.name.key == other.name.key
                && one.name.suffix == other.name.suffix && one.name.predirectional == other.name.predirectional
                && one.name.postdirectional == other.name.postdirectional
        }
    }

    /// Several readings that lie together are the place between them.
    /// - Parameter areUnsure: whether each is within a kilometre only, wherever the others are.
    private func together(_ matches: [AddressMatch], _ factor: Double, areUnsure: Bool) -> Finding {
        let count = Double(matches.count)
        var match = matches[0]
        match.latitude = matches.map(\.latitude).reduce(0, +) / count
        match.longitude = matches.map(\.longitude).reduce(0, +) / count
        let middle = House(number: HouseNumber(number: 1), latitude: match.latitude, longitude: match.longitude)
        let farthest =
            matches.map { match in
                House(number: middle.number, latitude: match.latitude, longitude: match.longitude).kilometres(
                    to: middle)
                    + (areUnsure ? 0 : match.uncertaintyKilometres)
            }.max() ?? 0
        guard farthest <= Self.together else { return .ambiguous }
        match.precision = .street
        match.confidence = 0.5 * factor
        match.uncertaintyKilometres = areUnsure ? Self.unsureReach + farthest : farthest
        return .found(match, .placed)
    }

    /// The house of that number on a street that may be another: whoever asked said more than the table does. It is
    /// worth a place on the street, no house; and nothing is where the street has no such house.
    private func unsure(_ understanding: Understanding, _ factor: Double) throws -> Finding {
        guard let number = understanding.number else { return .nothing }
        let finding = try exact(number, on: understanding.streets, factor)
        guard case .found(var match, let kind) = finding else { return finding }
        match.precision = .street
        match.confidence = 0.5 * factor
        match.uncertaintyKilometres = max(match.uncertaintyKilometres, Self.unsureReach)
        return .found(match, kind)
    }

    private func find(
        _ question: AddressQuestion, _ understanding: Understanding, _ factor: Double
    ) throws -> Finding {
        // Of two places in one ZIP that have a street of that name, the one that was named.
        let named = understanding.streets.filter { $0.city == question.city }
        if !named.isEmpty, named.count < understanding.streets.count {
            let finding = try find(question, understanding.number, on: named, factor)
            if case .found(_, .placed) = finding { return finding }
        }
        return try find(question, understanding.number, on: understanding.streets, factor)
    }

    private func find(
        _ question: AddressQuestion, _ number: HouseNumber?, on streets: [StreetRow], _ factor: Double
    ) throws -> Finding {
        guard let number else { return try middle(of: streets, around: nil, factor) }
        let same = try exact(number, on: streets, factor)
        guard case .nothing = same else { return same }
        // `1O01`, `30-56` and a whole block have no neighbours.
        guard number.isDoor(of: number) || number.isBuilding else { return .nothing }
        // A street that may be the next town's has here no more than the house itself.
        let own = streets.filter { !$0.isFromNearby }
        guard !own.isEmpty else { return .nothing }
        let beside = try neighbours(of: number, on: own, factor, withinBlock: question.joinsHyphens)
        if case .found(_, .placed) = beside { return beside }
        let block = try block(of: number, on: own, factor)
        guard case .nothing = block else { return block }
        return beside
    }

    // MARK: Houses

    private func exact(_ number: HouseNumber, on streets: [StreetRow], _ factor: Double) throws -> Finding {
        let all = try streets.flatMap { street in try reader(street).numbered(number).map { (street, $0) } }
        var candidates = all.filter { $0.1.number == number }
        // Of a building with several numbers the first counts.
        if candidates.isEmpty, number.isBuilding { candidates = all.filter(\.1.number.rest.isEmpty) }
        if candidates.isEmpty {
            // One number of a building that has several.
            candidates = try streets.flatMap { street in
                try (reader(street).below(number) + reader(street).above(number)).map { (street, $0) }
            }
            candidates = (all + candidates).filter { (_, house) in
                !house.number.isBlock && house.number.contains(number)
                    || number.isBuilding && number.contains(house.number)
            }
        }
        let isHouse = !candidates.isEmpty
        // Another letter, or none.
        if !isHouse { candidates = all.filter { number.isDoor(of: $0.1.number) } }
        guard let (street, house) = candidates.first else { return .nothing }
        let farthest = candidates.map { $0.1.kilometres(to: house) }.max() ?? 0
        guard farthest <= Self.together, !candidates.contains(where: \.1.isDoubtful) else { return .ambiguous }
        let isOnePlace = isHouse && farthest <= Self.doors && !house.number.isBlock
        let reach = house.number.isBlock ? Self.reach(ofBlock: house.number) : isHouse ? 0.05 : 0.1
        return .found(
            AddressMatch(
                latitude: house.latitude, longitude: house.longitude, precision: isOnePlace ? .rooftop : .interpolated,
                confidence: (isOnePlace ? 1 : 0.9) * factor,
                uncertaintyKilometres: max(reach, isOnePlace ? 0 : farthest),
                state: street.stateCode, text: street.text(of: house.number)), .placed)
    }

    /// A number of a block that the table has as one row: somewhere in it.
    private func block(of number: HouseNumber, on streets: [StreetRow], _ factor: Double) throws -> Finding {
        let blocks = try streets.flatMap { street in
            try (reader(street).numbered(number) + reader(street).below(number)).map { (street, $0) }
        }.filter { $0.1.number.isBlock && $0.1.number.contains(number) }
        guard let (street, house) = blocks.first else { return .nothing }
        guard !blocks.contains(where: { $0.1.isDoubtful || $0.1.kilometres(to: house) > Self.together }) else {
            return .ambiguous
        }
        return .found(
            AddressMatch(
                latitude: house.latitude, longitude: house.longitude, precision: .interpolated,
                confidence: 0.6 * factor, uncertaintyKilometres: Self.reach(ofBlock: house.number),
                state: street.stateCode, text: street.text(of: number)), .near)
    }

    /// As much as numbers beside a house lie from it.
    private static func reach(ofBlock block: HouseNumber) -> Double {
        0.1 + Double((block.last ?? block.number) - block.number) * 0.004
    }

    /// - Parameter withinBlock: whether the last two digits count within a block, as in Queens: behind 30-98 comes
    ///   31-00.
    private func neighbours(
        of number: HouseNumber, on streets: [StreetRow], _ factor: Double, withinBlock: Bool
    ) throws -> Finding {
        let asked = number.number
        let below = try streets.flatMap { try reader($0).below(number) }.filter { !$0.isDoubtful && !$0.number.isBlock }
            .sorted { $0.number.number > $1.number.number }
        let above = try streets.flatMap { try reader($0).above(number) }.filter { !$0.isDoubtful && !$0.number.isBlock }
            .sorted { $0.number.number < $1.number.number }
        if let low = below.first(where: { $0.isOnSameSide(as: asked) }),
            let high = above.first(where: { $0.isOnSameSide(as: asked) }),
            high.number.number - low.number.number <= Self.widestGap,
            low.kilometres(to: high) <= Self.farthestNeighbours,
            !withinBlock || low.number.number / 100 == high.number.number / 100
        {
            let point = low.point(of: asked, towards: high)
            return .found(
                AddressMatch(
                    latitude: point.latitude, longitude: point.longitude, precision: .interpolated,
                    confidence: 0.8 * factor, uncertaintyKilometres: 0.05 + low.kilometres(to: high) / 2,
                    state: streets[0].stateCode, text: streets[0].text(of: number)), .placed)
        }
        // The other side of the street is worth a few numbers.
        func distance(_ house: House) -> Int {
            abs(house.number.number - asked) + (house.isOnSameSide(as: asked) ? 0 : 10)
        }
        guard let next = (below + above).min(by: { distance($0) < distance($1) }), distance(next) <= Self.widestGap
        else {
            return try middle(of: streets, around: number, factor)
        }
        return .found(
            AddressMatch(
                latitude: next.latitude, longitude: next.longitude, precision: .interpolated, confidence: 0.6 * factor,
                // A block has a hundred numbers, and up to 400 m in the country.
                uncertaintyKilometres: 0.1 + Double(distance(next)) * 0.004, state: streets[0].stateCode,
                text: streets[0].text(of: number)), .near)
    }

    /// - Parameter number: which the street's numbers must reach around.
    private func middle(of streets: [StreetRow], around number: HouseNumber?, _ factor: Double) throws -> Finding {
        let ends = try streets.flatMap { try reader($0).ends(series: number?.series) }
        guard let first = ends.min(by: { $0.number.number < $1.number.number }),
            let last = ends.max(by: { $0.number.number < $1.number.number })
        else { return .nothing }
        if let number, !(first.number.number...last.number.number).contains(number.number) { return .nothing }
        let length = ends.map { first.kilometres(to: $0) }.max() ?? 0
        guard length <= Self.longestStreet else { return number == nil ? .ambiguous : .nothing }
        return .found(
            AddressMatch(
                latitude: (first.latitude + last.latitude) / 2, longitude: (first.longitude + last.longitude) / 2,
                precision: .street, confidence: 0.5 * factor, uncertaintyKilometres: 0.1 + length / 2,
                state: streets[0].stateCode, text: streets[0].text(of: nil)), .near)
    }

    private func reader(_ street: StreetRow) -> HouseReader { HouseReader(street: street.id, database: database) }
}

extension StreetRow {
    fileprivate var stateCode: String? { state.isEmpty ? nil : state }

    fileprivate func text(of number: HouseNumber?) -> String {
        let line = [number?.text ?? "", name.text].filter { !$0.isEmpty }.joined(separator: " ")
        return zip == 0 ? line : "\(line), \(String(zip, width: 5))"
    }
}
