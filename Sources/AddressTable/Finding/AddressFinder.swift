import Contracts
import GRDB

/// The look-up rule. First the street:
///
/// 1. in the ZIP; when that has no such street, in the city of that state;
/// 2. as it is written; else those that do not contradict it (`Main` for `Main St`), the most alike first.
///
/// Then the house: the number itself; else its place between the next lower and the next higher one on its side of the
/// street; else the next one, on its side if it can be; else, of a short street, the middle. Several streets that fit
/// equally well, or several houses of that number, are an answer only where they lie together: nothing is guessed.
struct AddressFinder {
    /// Houses or streets that lie no farther apart are one place, kilometres.
    static let together = 0.5
    /// Between numbers or places farther apart nothing is interpolated.
    static let widestGap = 100
    static let farthestNeighbours = 1.0
    /// The middle of a longer street says too little, kilometres.
    static let longestStreet = 3.0

    private enum Finding {
        case found(AddressMatch)
        case nothing
        /// Several places fit, too far apart.
        case ambiguous
    }

    let database: Database

    func find(_ question: AddressQuestion) throws -> AddressMatch? {
        let name = question.street.name
        if question.zip > 0 {
            let finding = try find(question, among: StreetRow.inZIP(question.zip, name: name, database), factor: 1)
            switch finding {
            case .found(let match): return match
            case .ambiguous: return nil
            case .nothing: break
            }
        }
        guard !question.city.isEmpty else { return nil }
        let streets = try StreetRow.inCity(question.city, state: question.state, name: name, database)
        guard case .found(let match) = try find(question, among: streets, factor: 0.9) else { return nil }
        return match
    }

    /// - Parameter factor: what being among these streets takes off the confidence.
    private func find(_ question: AddressQuestion, among streets: [StreetRow], factor: Double) throws -> Finding {
        let differences = streets.map { question.street.difference(from: $0.name) }
        for difference in Set(differences.compactMap(\.self)).sorted() {
            let alike = zip(streets, differences).filter { $0.1 == difference }.map(\.0)
            let finding = try find(question, on: alike, factor: difference == 0 ? factor : factor * 0.9)
            guard case .nothing = finding else { return finding }
        }
        return .nothing
    }

    private func find(_ question: AddressQuestion, on streets: [StreetRow], factor: Double) throws -> Finding {
        guard let number = question.number else { return try middle(of: streets, around: nil, factor) }
        let same = try exact(number, on: streets, factor)
        guard case .nothing = same else { return same }
        // Numbers of different streets have nothing to do with each other.
        guard Set(streets.map(\.name)).count == 1 else { return .ambiguous }
        return try neighbours(of: number, on: streets, factor)
    }

    private func exact(_ number: HouseNumber, on streets: [StreetRow], _ factor: Double) throws -> Finding {
        let all = try streets.flatMap { street in try reader(street).numbered(number.number).map { (street, $0) } }
        let same = all.filter { $0.1.number == number }
        let candidates = same.isEmpty ? all : same
        guard let (street, house) = candidates.first else { return .nothing }
        guard candidates.allSatisfy({ $0.1.kilometres(to: house) <= Self.together }) else { return .ambiguous }
        return .found(
            AddressMatch(
                latitude: house.latitude, longitude: house.longitude,
                precision: same.isEmpty ? .interpolated : .rooftop,
                confidence: (same.isEmpty ? 0.9 : 1) * factor, uncertaintyKilometres: same.isEmpty ? 0.1 : 0.05,
                state: street.stateCode, text: street.text(of: house.number)))
    }

    private func neighbours(of number: HouseNumber, on streets: [StreetRow], _ factor: Double) throws -> Finding {
        let asked = number.number
        let below = try streets.flatMap { try reader($0).below(asked) }.sorted { $0.number.number > $1.number.number }
        let above = try streets.flatMap { try reader($0).above(asked) }.sorted { $0.number.number < $1.number.number }
        if let low = below.first(where: { $0.isOnSameSide(as: asked) }),
            let high = above.first(where: { $0.isOnSameSide(as: asked) }),
            high.number.number - low.number.number <= Self.widestGap,
            low.kilometres(to: high) <= Self.farthestNeighbours
        {
            let point = low.point(of: asked, towards: high)
            return .found(
                AddressMatch(
                    latitude: point.latitude, longitude: point.longitude, precision: .interpolated,
                    confidence: 0.8 * factor, uncertaintyKilometres: 0.05 + low.kilometres(to: high) / 2,
                    state: streets[0].stateCode, text: streets[0].text(of: number)))
        }
        // The other side of the street is worth a few numbers.
        func distance(_ house: House) -> Int {
            abs(house.number.number - asked) + (house.isOnSameSide(as: asked) ? 0 : 10)
        }
        guard let next = (below + above).min(by: { distance($0) < distance($1) }), distance(next) <= Self.widestGap
        else {
            return try middle(of: streets, around: asked, factor)
        }
        return .found(
            AddressMatch(
                latitude: next.latitude, longitude: next.longitude, precision: .interpolated, confidence: 0.6 * factor,
                // A block has a hundred numbers, and up to 400 m in the country.
                uncertaintyKilometres: 0.1 + Double(distance(next)) * 0.004, state: streets[0].stateCode,
                text: streets[0].text(of: number)))
    }

    /// - Parameter number: which the street's numbers must reach around.
    private func middle(of streets: [StreetRow], around number: Int?, _ factor: Double) throws -> Finding {
        let ends = try streets.flatMap { try reader($0).ends() }
        guard let first = ends.min(by: { $0.number.number < $1.number.number }),
            let last = ends.max(by: { $0.number.number < $1.number.number })
        else { return .nothing }
        if let number, !(first.number.number...last.number.number).contains(number) { return .nothing }
        let length = ends.map { first.kilometres(to: $0) }.max() ?? 0
        guard length <= Self.longestStreet else { return number == nil ? .ambiguous : .nothing }
        return .found(
            AddressMatch(
                latitude: (first.latitude + last.latitude) / 2, longitude: (first.longitude + last.longitude) / 2,
                precision: .street, confidence: 0.5 * factor, uncertaintyKilometres: 0.1 + length / 2,
                state: streets[0].stateCode, text: streets[0].text(of: nil)))
    }

    private func reader(_ street: StreetRow) -> HouseReader { HouseReader(street: street.id, database: database) }
}

extension StreetRow {
    fileprivate var stateCode: String? { state.isEmpty ? nil : state }

    fileprivate func text(of number: HouseNumber?) -> String {
        let line = [number?.text ?? "", name.text].filter { !$0.isEmpty }.joined(separator: " ")
        let digits = String(zip)
        return zip == 0 ? line : "\(line), \(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits)"
    }
}
