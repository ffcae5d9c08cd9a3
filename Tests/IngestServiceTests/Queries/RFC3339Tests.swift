import Contracts
import Foundation
import Testing

@testable import IngestService

@Suite struct RFC3339Tests {
    @Test(arguments: [
        ("2026-01-31T08:15:00Z", "2026-01-31T08:15:00.000Z"),
        ("2026-01-31T08:15:00.25+02:00", "2026-01-31T06:15:00.250Z"),
        ("2026-01-31T22:15:00-03:30", "2026-02-01T01:45:00.000Z"), ("2026-01-31t08:15:00z", "2026-01-31T08:15:00.000Z"),
    ])
    func anyOffsetIsRead(_ text: String, _ utc: String) {
        #expect(RFC3339.date(text).map(Timestamp.string) == utc)
    }

    @Test(arguments: [
        "", "2026", "2026-01-31", "2026-01-31T08:15:00", "2026-01-31T08:15:00+2:00", "2026-01-31T08:15:00+24:00",
        "2026-01-31T08:15:00+02:60", "2026-01-31T08:15:00Z+02:00", "２026-01-31T08:15:00Z",
    ])
    func anythingElseIsNoTime(_ text: String) { #expect(RFC3339.date(text) == nil) }
}
