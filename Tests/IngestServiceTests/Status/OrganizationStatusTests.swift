import Testing

@testable import IngestService

@Suite struct OrganizationStatusTests {
    /// Every status and every step: `=` stays, `-` is refused, else where it leads.
    private static let table: [OrganizationStatus: [OrganizationStatus.Step: Character]] = [
        .new: [.assigned: "a", .scheduled: "s", .completed: "-", .canceled: "x", .reopened: "="],
        .assigned: [.assigned: "=", .scheduled: "s", .completed: "c", .canceled: "x", .reopened: "-"],
        .scheduled: [.assigned: "a", .scheduled: "=", .completed: "c", .canceled: "x", .reopened: "-"],
        .completed: [.assigned: "-", .scheduled: "-", .completed: "=", .canceled: "-", .reopened: "n"],
        .canceled: [.assigned: "-", .scheduled: "-", .completed: "-", .canceled: "=", .reopened: "n"],
    ]
    private static let letters: [Character: OrganizationStatus] = [
        "n": .new, "a": .assigned, "s": .scheduled, "c": .completed, "x": .canceled,
    ]

    @Test(arguments: OrganizationStatus.allCases, OrganizationStatus.Step.allCases)
    func eachStepFromEachStatus(_ status: OrganizationStatus, _ step: OrganizationStatus.Step) throws {
        let expected = try #require(Self.table[status]?[step])
        switch status.taking(step) {
        case .stays: #expect(expected == "=")
        case .refused: #expect(expected == "-")
        case .moved(let next): #expect(Self.letters[expected] == next)
        }
    }
}
