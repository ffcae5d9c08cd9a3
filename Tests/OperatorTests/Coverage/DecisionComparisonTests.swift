import AdminAPI
import Contracts
import Testing

@testable import Operator

@Suite struct DecisionComparisonTests {
    @Test(
        arguments: [
            (true, PlaceFixture.yes, nil), (true, PlaceFixture.no, .yesToNo), (true, PlaceFixture.review, .yesToReview),
            (true, PlaceFixture.unknown, .yesToNo), (false, PlaceFixture.yes, .noToYes),
            (false, PlaceFixture.review, .noToReview), (false, PlaceFixture.no, nil),
            (false, PlaceFixture.unknown, .sameAnswer),
            (true, Verdict(outcome: .covered, reason: "zip_covered", rule: "zip:77002"), .sameAnswer),
            (false, Verdict(outcome: .init(rawValue: "of a later version"), reason: "not_covered"), nil),
        ] as [(Bool, Verdict, DecisionChange.Kind?)])
    func aChangeHasItsKind(_ acceptance: Bool, _ outcome: Verdict, _ kind: DecisionChange.Kind?) {
        var comparison = DecisionComparison()
        let before = acceptance ? PlaceFixture.yes : PlaceFixture.no
        comparison.add(PlaceFixture.place(), before: before, after: outcome)
        #expect(comparison.groups.map(\.change.kind) == (kind.map { [$0] } ?? []))
        #expect(comparison.hasFlips == (kind.map(\.isFlip) ?? false))
        #expect(comparison.compared == 1)
    }

    @Test func changesAreGroupedByCountyAndReason() {
        var comparison = DecisionComparison()
        for number in 1...5 {
            comparison.add(PlaceFixture.place(number), before: PlaceFixture.yes, after: PlaceFixture.no)
        }
        comparison.add(
            PlaceFixture.place(6, county: "Travis County", fips: "48453"), before: PlaceFixture.yes,
            after: PlaceFixture.no)
        comparison.add(
            PlaceFixture.place(7, county: nil, fips: nil), before: PlaceFixture.yes, after: PlaceFixture.unknown)
        let groups = comparison.flips
        #expect(
            groups.map(\.change.county)
                == ["Harris County, TX (48201)", "TX, county unknown", "Travis County, TX (48453)"])
        #expect(groups.map(\.count) == [5, 1, 1])
        #expect(groups[0].requests.map(\.uuid) == (1...3).map(PlaceFixture.id))
        #expect(comparison.count(.yesToNo) == 7)
    }

    @Test func whatCannotBeComparedIsCountedApart() {
        var comparison = DecisionComparison()
        comparison.add(PlaceFixture.place(1), before: nil, after: PlaceFixture.no)
        comparison.add(
            PlaceFixture.place(2), before: Verdict(outcome: .covered, reason: "review_accepted"),
            after: PlaceFixture.no)
        #expect(!comparison.hasFlips && comparison.compared == 0)
        #expect(comparison.undecided == 1 && comparison.decidedByPeople == 1)
        // Its requests would wait for an operator.
        comparison.add(PlaceFixture.place(3, organization: "gone"), before: PlaceFixture.yes, after: nil)
        #expect(comparison.hasFlips && comparison.withoutRules == ["gone": 1])
    }
}
