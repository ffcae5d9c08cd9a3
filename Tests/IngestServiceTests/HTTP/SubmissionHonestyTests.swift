import AdminAPI
import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// What an answer says that a client would otherwise have to guess.
@Suite("Honest answers", .serialized)
struct SubmissionHonestyTests {
    private static func with(
        contact: ContactRule? = nil, _ body: @escaping @Sendable (APIHarness, RequestStore) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let directory = ProviderDirectory(
                byToken: [TokenHash(token: Fixture.token): Fixture.provider],
                contacts: contact.map { [Fixture.provider.organization: $0] } ?? [:])
            try await APIHarness.with(store, providers: { directory }) { api in try await body(api, store) }
        }
    }

    @Test func whatIsOptionalIsKeptAndShown() async throws {
        try await Self.with { api, store in
            let body = try Fixture.json([
                "unit": " Apt 4 ", "Language": "es", "need": "Two alarms", "notes": "Ring\r\nat the back",
            ])
            let answer = try await api.post(body)
            let id = try #require(answer.id)
            #expect(answer.status == 202 && answer.json["warnings"] == nil)
            let view = try await api.get("/api/requests/\(id)").json
            #expect(view["unit"] as? String == "Apt 4" && view["language"] as? String == "es")
            #expect(view["need"] as? String == "Two alarms" && view["notes"] as? String == "Ring\nat the back")
            // Nothing of it travels.
            let event = try #require(api.handedOver.entries.first?.message)
            for text in ["Apt", "alarms", "Ring"] {
                #expect(!String(decoding: event.body, as: UTF8.self).contains(text))
            }
            let csv = try await api.get("/api/requests", headers: [.accept: "text/csv"])
            #expect(String(decoding: csv.bytes, as: UTF8.self).contains("Two alarms"))
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now)
            let erased = try await api.get("/api/requests/\(id)").json
            #expect(erased["unit"] == nil && erased["notes"] == nil && erased["need"] == nil)
        }
    }

    /// These names were ignored before there was a meaning to them: nobody may be turned away for them.
    @Test(arguments: [
        (#""unit": 5"#, "/unit"), (#""notes": {"a": 1}"#, "/notes"), (#""need": "a\u0007b""#, "/need"),
        (#""language": "\#(String(repeating: "x", count: 65))""#, "/language"),
        (#""unit": "1", "UNIT": "2""#, "/unit"), (#""colour": "red""#, "/colour"), (#""a/b~c": 1"#, "/a~1b~0c"),
    ])
    func whatIsIgnoredOrChangedIsNamed(_ member: String, _ pointer: String) async throws {
        try await Self.with { api, _ in
            var text = String(decoding: try Fixture.json(), as: UTF8.self)
            text = "{\(member), \(text.dropFirst())"
            let answer = try await api.post(Data(text.utf8))
            #expect(answer.status == 202 && answer.id != nil)
            let warnings = try #require(answer.json["warnings"] as? [[String: Any]])
            #expect(warnings.count == 1 && warnings[0]["pointer"] as? String == pointer)
            let isKept = pointer == "/need" || pointer == "/language"
            #expect(warnings[0]["code"] as? String == (isKept ? "changed" : "ignored"))
        }
    }

    @Test func warningsHaveAnEnd() async throws {
        try await Self.with { api, _ in
            var changes: [String: Any?] = [:]
            for index in 0..<100 { changes["\(index) \(String(repeating: "x", count: 200))"] = index }
            let answer = try await api.post(try Fixture.json(changes))
            let warnings = try #require(answer.json["warnings"] as? [[String: Any]])
            #expect(answer.status == 202 && warnings.count == 20 && answer.bytes.count < 8192)
        }
    }

    @Test func phoneOrEmailIsEnoughWhereTheOrganizationSaysSo() async throws {
        try await Self.with { api, _ in
            for field in ["phone", "email"] {
                let answer = try await api.post(try Fixture.json([field: nil]))
                #expect(answer.status == 422 && answer.errors == ["/\(field) required"])
            }
        }
        try await Self.with(contact: .either) { api, store in
            for (index, field) in ["phone", "email"].enumerated() {
                let answer = try await api.post(try Fixture.json([field: nil, "providerRequestId": "E-\(index)"]))
                let id = try #require(answer.id)
                #expect(try await api.get("/api/requests/\(id)").json[field] is NSNull)
                let request = try #require(try await store.request(id))
                let desk = DeskItem(request, now: Fixture.now)
                #expect(desk.contact == (field == "phone" ? "ada@example.org" : "(617) 555-0100"))
                // What was given is taken away only when the other one is there.
                let other = field == "phone" ? "email" : "phone"
                #expect(try await api.patch(id, "{\"\(other)\": \"\"}", token: Fixture.token).status == 422)
            }
            while try await store.indexForSearch(limit: 10) > 0 {}
            let neither = try await api.post(try Fixture.json(["phone": nil, "email": " "]))
            #expect(neither.status == 422 && neither.errors == ["/phone required"])
            let wrong = try await api.post(try Fixture.json(["phone": "12"]))
            #expect(wrong.status == 422 && wrong.errors == ["/phone format"])
        }
    }

    @Test func aDuplicateSaysWhatDiffers() async throws {
        try await Self.with { api, store in
            let id = try #require(try await api.post(try Fixture.json()).id)
            func differences(_ changes: [String: Any?], key: String? = nil) async throws -> [String]? {
                var headers: HTTPFields = [:]
                headers[.idempotencyKey] = key
                let answer = try await api.post(try Fixture.json(changes), headers: headers)
                #expect(answer.status == 409 && answer.id == id)
                return answer.json["differences"] as? [String]
            }
            #expect(try await differences([:]) == [])
            // Another writing of the same is the same.
            #expect(try await differences(["phone": "+1 (617) 555-0100", "name": " Ada Example"]) == [])
            #expect(
                try await differences(["phone": "617 555 0199", "unit": "4", "zip": "02109"])
                    == ["zip", "phone", "unit"])
            for _ in 0..<2 { #expect(try await differences(["name": "Eve"], key: "k") == ["name"]) }
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now)
            #expect(try await differences(["name": "Eve"]) == nil)
        }
    }

    @Test func aKeyOfARequestWithoutWhatCameLaterStaysWhatItWas() {
        let plain = Fixture.submission(providerRequestID: "R-1")
        var more = plain
        more.unit = "4"
        let key = try? IdempotencyKey.of([.idempotencyKey: "k"])
        guard let key else { return }
        let (first, second) = (
            IdempotencyClaim(key: key, submission: plain), IdempotencyClaim(key: key, submission: more)
        )
        #expect(first.fingerprint != second.fingerprint)
        #expect(
            first.fingerprint.prefix(4).map { String($0, radix: 16) }.joined(separator: " ") == Self.fingerprintBefore)
    }

    /// Of the same submission, as version 0.1.0 made it.
    private static let fingerprintBefore = "d7 7a 3b 93"

    // MARK: Jobs without redirects

    @Test func aJobIsToldInEveryStateWithoutARedirect() async throws {
        try await Self.with { api, store in
            let id = try #require(try await api.post(try Fixture.json()).id)
            let path = "/api/jobs/\(id)?redirect=no"
            #expect(try await api.get(path).json["status"] as? String == "in-progress")
            for fact in [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()] {
                _ = try await store.apply(fact, to: id)
            }
            let done = try await api.get(path)
            #expect(done.status == 200 && done.json["status"] as? String == "completed")
            #expect(done.headers[.location] == nil && done.headers[.retryAfter] == nil)
            let tag = try #require(done.headers[.eTag])
            #expect(try await api.get(path, headers: [.ifNoneMatch: tag]).status == 304)
            // The default stays as it is.
            for plain in ["/api/jobs/\(id)", "/api/jobs/\(id)?redirect=yes", "/api/jobs/\(id)?x=1"] {
                #expect(try await api.get(plain).status == 303)
            }
            for wrong in ["redirect=", "redirect=never", "redirect=no&redirect=no"] {
                let answer = try await api.get("/api/jobs/\(id)?\(wrong)")
                #expect(answer.status == 400 && answer.problem == "bad-query", "\(wrong)")
            }

            let failed = try #require(try await api.post(try Fixture.json(["providerRequestId": "R-2"])).id)
            _ = try await store.apply(Fixture.dead(.geocode, after: 2), to: failed)
            let answer = try await api.get("/api/jobs/\(failed)?redirect=no")
            #expect(answer.status == 200 && answer.json["status"] as? String == "failed")
            #expect((answer.json["error"] as? [String: Any])?["code"] as? String == "connection-refused")
            #expect(try await api.get("/api/jobs/\(failed)").status == 400)
        }
    }

    @Test func anAssignmentIsShownToStaffAlone() async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                for fact in [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()] {
                    _ = try await store.apply(fact, to: id)
                }
                let ada = StaffMember(
                    number: 1, email: "ada@x.example", name: "Ada", organization: Fixture.provider.organization,
                    role: .write, addedAt: Fixture.now)
                _ = try await store.act(
                    on: id, within: Fixture.provider.organization,
                    DeskAction(
                        hands: .init(assignee: "Cleo", team: "North", due: Day("2026-12-01")), by: ada,
                        at: Fixture.now, traceParent: Fixture.traceParent))
                let staff = "Bearer \(Fixture.readToken)"
                let view = try await api.get("/api/requests/\(id)", authorization: staff).json
                let hands = view["assignment"] as? [String: String]
                #expect(hands == ["assignee": "Cleo", "team": "North", "due": "2026-12-01"])
                #expect(try await api.get("/api/requests/\(id)").json["assignment"] == nil)
                for (authorization, isShown) in [(staff, true), ("Bearer \(Fixture.token)", false)] {
                    let csv = try await api.get(
                        "/api/requests", authorization: authorization, headers: [.accept: "text/csv"])
                    #expect(String(decoding: csv.bytes, as: UTF8.self).contains("Cleo,North,2026-12-01") == isShown)
                }
            }
        }
    }
}
