import AdminAPI
import Contracts
import Foundation
import Testing

@testable import IngestService

/// Whatever somebody writes is text on a page, and nothing else.
@Suite("Hostile text at the desk", .serialized)
struct DeskHostileTextTests {
    private static let markup = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE request; --", "</textarea><b>",
        "{{page}}{{{page}}}", "{{#page}}", "javascript:alert(1)", "&lt;b&gt;", "\u{202E}evil", "a\u{0}b", "<!--", "]]>",

        "</li></ul></main>", "\r\nSet-Cookie: a=b", String(repeating: "W", count: 2000),
    ]

    private static func strings() throws -> [String] {
        guard Corpus.isThere else { return markup }
        return markup + (try JSONDecoder().decode([String].self, from: try Corpus.data("strings/blns.json")))
    }

    /// Byte by byte: to Swift a mark that combines with a bracket makes another character of it.
    private static func contains(_ page: String, _ text: String) -> Bool {
        Data(page.utf8).range(of: Data(text.utf8)) != nil
    }

    @Test func isShownAsTextOnEveryPage() async throws {
        let strings = try Self.strings()
        try await DeskHarness.with { desk in
            let browser = try await desk.signIn(DeskHarness.ada)
            for (index, text) in (["plain"] + strings).enumerated() where !text.isEmpty {
                let id = try await Self.request(desk, text, index)
                let pages = [
                    "request": "/desk/requests/\(id)",
                    "list": "/desk/requests?from=2026-09-21&q=\(id)", "print": "/desk/print?q=\(id)",
                    "search":
                        "/desk/requests?q=\(DeskHarness.encoded(String(text.prefix(300))))zzzzzzz&city=\(DeskHarness.encoded(String(text.prefix(300))))",
                ]
                for (name, path) in pages {
                    let page = try await browser.get(path)
                    guard page.status == 200 else {
                        Issue.record("\(name) answers \(page.status) for \(text.debugDescription)")
                        continue
                    }
                    // What a browser would read as markup is nowhere as it was written.
                    let isMarkup = text.contains("<") && text.utf8.count >= 4
                    #expect(!isMarkup || !Self.contains(page.text, text), "\(name): \(text.debugDescription)")
                    #expect(!page.text.contains("alert(1)</script>") && !page.text.contains("<img src=x"), "\(name)")
                    #expect(!page.text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{0}" }, "\(name)")
                }
                _ = try await desk.store.erasePersonalData(of: id, force: true, at: Fixture.now)
            }
        }
    }

    /// A request that has the text wherever somebody else can put one: past the front door's own checks.
    private static func request(_ desk: DeskHarness, _ text: String, _ index: Int) async throws -> Contracts.RequestID {
        let submission = Submission(
            providerRequestID: "\(index) \(text)", name: text,
            address: PostalAddress(street: text, city: text, state: "MA", zip: text), phone: text, email: "x",
            providerData: "d \(text)")
        let review = ReviewQuestion(
            reason: .placeConflict, proposal: true, rule: "r \(text)", coverageVersion: text, precision: .zip,
            explanation: text, deadline: Fixture.now + 7200, fallback: false)
        let location = GeocodedLocation(
            latitude: 1, longitude: 2, precision: .init(rawValue: text), source: text, uncertaintyKilometres: 3,
            attribution: "c \(text)")
        let geocoding = Geocoding(
            state: "MA", zip: "02108", countyFIPS: "25025", county: "c \(text)",
            counties: [CountyShare(fips: "1", name: text, share: 0.5), CountyShare(fips: "2", name: text, share: 0.5)],
            location: location, conflict: PlaceConflict(distanceKilometres: 1, zipState: text),
            disputes: [DisputedAnswer(source: text, reason: .tooFar)], unavailable: [text])
        let id = try await desk.request(
            submission,
            facts: [
                .geocoded(Recorded(geocoding, at: Fixture.now + 1)),
                .reviewRequested(Recorded(review, at: Fixture.now + 2)),
            ])
        let ada = try #require(try await desk.store.staff().first { $0.email == DeskHarness.ada.email })
        var person = ada
        person.name = "p \(text)"
        let verdict = ReviewVerdict(
            answer: .accept, note: "n \(text)", by: "x", person: person, organization: Fixture.provider.organization,
            at: Fixture.now + 3, traceParent: Fixture.traceParent)
        _ = try await desk.store.decideReview(of: id, verdict)
        let action = DeskAction(
            hands: .init(assignee: "a \(text)", team: "t", due: Day("2026-09-30")), note: "m \(text)", by: person,
            at: Fixture.now + 4,
            traceParent: Fixture.traceParent)
        _ = try await desk.store.act(on: id, within: Fixture.provider.organization, action)
        return id
    }
}
