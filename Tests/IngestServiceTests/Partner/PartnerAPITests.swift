import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import IngestService

/// What a partner does with its own requests.
@Suite("The partner's API", .serialized)
struct PartnerAPITests {
    private static func with(
        _ facts: [ProgressUpdate] = [], directory: ProviderDirectory = Fixture.directory,
        _ body: @escaping @Sendable (APIHarness, RequestStore, Contracts.RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store, providers: { directory }) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                for fact in facts { _ = try await store.apply(fact, to: id) }
                while try await store.indexForSearch(limit: 10) > 0 {}
                try await body(api, store, id)
            }
        }
    }

    private static let covered: [ProgressUpdate] = [Fixture.geocoded(), Fixture.decided(), Fixture.delivered()]

    private static func post(
        _ api: APIHarness, _ path: String, _ body: String? = nil, token: String? = Fixture.token,
        headers: HTTPFields = [:]
    ) async throws -> APIHarness.Answer {
        var headers = headers
        headers[.authorization] = token.map { "Bearer \($0)" }
        if body != nil { headers[.contentType] = "application/json" }
        return try await api.send(
            .post, path, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    @Test func othersRequestsAreNotThere() async throws {
        try await Self.with(Self.covered) { api, store, id in
            let before = try await store.job(id)
            for (token, status) in [(Fixture.otherToken, 404), ("nobody's", 401), (nil, 401)] {
                for (method, path) in [("GET", "attempts"), ("POST", "resend"), ("POST", "withdraw")] {
                    let path = "/api/requests/\(id)/\(path)"
                    let answer =
                        method == "GET"
                        ? try await api.get(path, authorization: token.map { "Bearer \($0)" })
                        : try await Self.post(api, path, token: token)
                    #expect(answer.status == status && answer.isProblem, "\(path) \(token ?? "")")
                }
                #expect(try await api.patch(id, #"{"name": "Eve"}"#, token: token).status == status)
            }
            // The organisation's staff see the attempts, and do nothing in the partner's name.
            let staff = "Bearer \(Fixture.writeToken)"
            #expect(try await api.get("/api/requests/\(id)/attempts", authorization: staff).status == 200)
            for path in ["resend", "withdraw"] {
                #expect(
                    try await Self.post(api, "/api/requests/\(id)/\(path)", token: Fixture.writeToken).status == 403)
            }
            for path in ["resend", "withdraw"] {
                let answer = try await api.get("/api/requests/\(id)/\(path)")
                #expect(answer.status == 405 && answer.headers[.allow] == "POST")
                #expect(try await Self.post(api, "/api/requests/x/\(path)").status == 404)
            }
            #expect(try await store.job(id) == before)
        }
    }

    @Test func aRequestIsFoundByThePartnersOwnID() async throws {
        try await Self.with { api, _, id in
            _ = try await api.post(try Fixture.json(["providerRequestId": "R-2"]))
            // Another partner may call one of its own the same.
            let other = "Bearer \(Fixture.otherToken)"
            let others = try #require(try await api.post(try Fixture.json(), authorization: other).id)
            func found(_ query: String, _ authorization: String) async throws -> [String] {
                let answer = try await api.get("/api/requests?\(query)", authorization: authorization)
                #expect(answer.status == 200)
                return (answer.json["requests"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            }
            #expect(try await found("providerRequestId=R-1", "Bearer \(Fixture.token)") == ["\(id)"])
            #expect(try await found("providerRequestId=R-1", other) == ["\(others)"])
            #expect(try await found("providerRequestId=R-1", "Bearer \(Fixture.readToken)") == ["\(id)"])
            #expect(try await found("providerRequestId=R-1&provider=other", "Bearer \(Fixture.readToken)") == [])
            #expect(try await found("providerRequestId=R-1&state=TX", "Bearer \(Fixture.token)") == [])
            #expect(try await found("providerRequestId=r-1", "Bearer \(Fixture.token)") == [])
            let long = String(repeating: "x", count: 129)
            for text in ["", long] {
                let answer = try await api.get("/api/requests?providerRequestId=\(text)")
                #expect(answer.status == 400 && answer.errors == ["providerRequestId format"])
            }
        }
    }

    @Test func itIsFoundWithoutGoingThroughOthers() async throws {
        try await withSQLiteStore { store, _ in
            for filter in [
                RequestFilter(tenant: .provider, provider: "p", providerRequestID: "x"),
                RequestFilter(tenant: .organization, organization: "o", providerRequestID: "x"),
            ] {
                let selection = RequestSelection(filter, before: nil, .sqlite)
                let plan = try await store.read { transaction in
                    try transaction.rows("EXPLAIN QUERY PLAN \(selection.sql)", selection.values) {
                        try $0["detail"] as String
                    }
                }
                #expect(!plan.contains { $0.hasPrefix("SCAN request") }, "\(plan)")
                let isByID = plan.contains { $0.contains("provider=? AND provider_request_id=?") }
                #expect(isByID, "\(plan)")
            }
        }
    }

    @Test func attemptsSayWhatThePartnerAnswered() async throws {
        let facts = [Fixture.geocoded(), Fixture.decided(), Fixture.attempted(1, after: 3)]
        try await Self.with(facts) { api, _, id in
            let answer = try await api.get("/api/requests/\(id)/attempts")
            let attempt = try #require((answer.json["attempts"] as? [[String: Any]])?.first)
            #expect(attempt["httpStatus"] as? Int == 503 && attempt["excerpt"] as? String == "try later")
            #expect(attempt["delivered"] as? Bool == false)
            #expect(String(decoding: answer.bytes, as: UTF8.self).contains("Ada") == false)
        }
    }

    @Test func theNewestIsToldAgainUnderAnotherID() async throws {
        try await Self.with { api, store, id in
            let path = "/api/requests/\(id)/resend"
            let early = try await Self.post(api, path)
            #expect(early.status == 409 && early.problem == "not-decided")
            for fact in Self.covered { _ = try await store.apply(fact, to: id) }
            let count = api.handedOver.entries.count
            let answer = try await Self.post(api, path)
            #expect(answer.status == 202 && answer.json["sequence"] as? Int == 1)
            #expect(answer.json["eventType"] as? String == "request.decided")
            let entry = try #require(api.handedOver.entries.dropFirst(count).first)
            #expect(entry.message.id?.canonical == answer.json["eventId"] as? String)
            let log = try await store.audit(AuditFilter(request: id), before: nil, limit: 9)
            #expect(log.map(\.action) == [.resent] && log.first?.person == "partner portal")
        }
    }

    @Test func tellingAgainIsCountedWhereARateWasAgreed() async throws {
        let directory = ProviderDirectory(
            byToken: [TokenHash(token: Fixture.token): Fixture.provider],
            limits: [Fixture.provider.id: ProviderLimits(rate: .init(count: 1, per: .seconds(3600)), burst: 2)])
        try await Self.with(Self.covered, directory: directory) { api, _, id in
            var answers: [Int] = []
            for _ in 0..<3 { answers.append(try await Self.post(api, "/api/requests/\(id)/resend").status) }
            #expect(answers == [202, 202, 429])
        }
    }

    // MARK: Withdrawing

    @Test func whatTheOrganizationHasIsCanceled() async throws {
        try await Self.with(Self.covered) { api, store, id in
            let path = "/api/requests/\(id)/withdraw"
            let answer = try await Self.post(api, path, #"{"reason": "The neighbours <helped>"}"#)
            #expect(answer.status == 200 && answer.json["status"] as? String == "canceled")
            #expect(answer.json["withdrawnAt"] is String && answer.headers[.eTag] != nil)
            let last = try #require(api.handedOver.entries.last?.message)
            #expect(try Event<RequestStatusChanged>(last).data.status.rawValue == "canceled")
            #expect(!String(decoding: last.body, as: UTF8.self).contains("neighbours"))
            let count = api.handedOver.entries.count
            // Once more changes nothing.
            let again = try await Self.post(api, path)
            #expect(again.status == 200 && again.bytes == answer.bytes)
            #expect(api.handedOver.entries.count == count)
            // Nor can it be corrected any more.
            let late = try await api.patch(id, #"{"phone": "617 555 0197"}"#, token: Fixture.token)
            #expect(late.status == 409 && late.problem == "closed")
            // The reason is the organisation's to see.
            let staff = try await api.get("/api/jobs/\(id)", authorization: "Bearer \(Fixture.readToken)")
            #expect(String(decoding: staff.bytes, as: UTF8.self).contains("The neighbours"))
            let partner = try await api.get("/api/jobs/\(id)")
            #expect(!String(decoding: partner.bytes, as: UTF8.self).contains("The neighbours"))
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now + 9000)
            let erased = try await api.get("/api/jobs/\(id)", authorization: "Bearer \(Fixture.readToken)")
            #expect(!String(decoding: erased.bytes, as: UTF8.self).contains("The neighbours"))
        }
    }

    @Test func whatIsNotDecidedGoesItsWayAndSaysSo() async throws {
        try await Self.with([Fixture.geocoded()]) { api, store, id in
            let answer = try await Self.post(api, "/api/requests/\(id)/withdraw")
            #expect(answer.status == 200 && answer.json["status"] as? String == "new")
            #expect(answer.json["withdrawnAt"] is String)
            for fact in Self.covered { _ = try await store.apply(fact, to: id) }
            let request = try #require(try await store.request(id))
            #expect(request.withdrawnAt != nil && request.job == .completed)
            let desk = try #require(try await store.deskRequest(id, within: Fixture.provider.organization))
            let page = RequestPage(desk, mayWrite: true, people: [], teams: [], now: Fixture.now + 7200)
            #expect(page.withdrawn?.contains("withdrawn") == true && page.steps != nil)
            #expect(DeskItem(request, now: Fixture.now).urgent?.urgentText == "Withdrawn by the partner")
        }
    }

    /// Who is told of a decision and withdraws at once is sooner than what records it.
    @Test func aDecisionThatIsOnItsWayIsWaitedFor() async throws {
        try await Self.with([Fixture.geocoded()]) { _, store, id in
            let withdrawal = try await store.withdraw(
                id, by: Fixture.provider, reason: nil, at: Fixture.now + 90, traceParent: Fixture.traceParent,
                sleep: { _ in _ = try await store.apply(Fixture.decided(), to: id) })
            guard case .withdrawn(let request) = withdrawal else {
                Issue.record("It was not withdrawn.")
                return
            }
            #expect(request.organizationProgress.status == .canceled)
        }
    }

    @Test func whatIsOverIsNotWithdrawn() async throws {
        try await Self.with([Fixture.geocoded(), Fixture.decided(acceptance: false)]) { api, _, id in
            let answer = try await Self.post(api, "/api/requests/\(id)/withdraw")
            #expect(answer.status == 409 && answer.problem == "declined")
        }
        try await Self.with(Self.covered) { api, store, id in
            for step in ["assigned", "completed"] {
                #expect(try await api.patch(id, "{\"status\": \"\(step)\"}").status == 200)
            }
            let answer = try await Self.post(api, "/api/requests/\(id)/withdraw")
            #expect(answer.status == 409 && answer.problem == "closed")
            #expect(try await store.request(id)?.withdrawnAt == nil)
        }
    }

    @Test(arguments: [
        ("{", 400, [""]), ("[]", 422, [" type"]), (#"{"reason": 5}"#, 422, ["/reason type"]),
        (#"{"reason": "\u0007"}"#, 422, ["/reason control-character"]),
        (#"{"why": "x"}"#, 422, ["/why not-allowed"]),
        (#"{"reason": "a", "reason": "b"}"#, 422, ["/reason not-allowed"]),
    ])
    func aBodyThatIsNoneIsRefused(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await Self.with(Self.covered) { api, store, id in
            let answer = try await Self.post(api, "/api/requests/\(id)/withdraw", body)
            #expect(answer.status == status && answer.isProblem)
            if status == 422 { #expect(answer.errors == Set(errors)) }
            #expect(try await store.request(id)?.withdrawnAt == nil)
        }
    }

    @Test func aTagThatIsOldWithdrawsNothing() async throws {
        try await Self.with(Self.covered) { api, store, id in
            let tag = try #require(try await api.get("/api/requests/\(id)").headers[.eTag])
            #expect(try await api.patch(id, #"{"status": "assigned"}"#).status == 200)
            let path = "/api/requests/\(id)/withdraw"
            #expect(try await Self.post(api, path, headers: [.ifMatch: tag]).status == 412)
            #expect(try await store.request(id)?.withdrawnAt == nil)
            let now = try #require(try await api.get("/api/requests/\(id)").headers[.eTag])
            #expect(try await Self.post(api, path, headers: [.ifMatch: now]).status == 200)
        }
    }

    // MARK: Correcting

    @Test func contactDataIsCorrectedAsLongAsNobodyHasBegun() async throws {
        try await Self.with(Self.covered) { api, store, id in
            let change = #"{"name": "Ada  Example-Ortiz", "phone": "(617) 555-0199"}"#
            let answer = try await api.patch(id, change, token: Fixture.token)
            #expect(answer.status == 200 && answer.json["phone"] as? String == "+16175550199")
            #expect(answer.json["correctedAt"] is String && answer.json["email"] as? String == "ada@example.org")
            #expect(answer.headers[.eTag] == (try await api.get("/api/requests/\(id)")).headers[.eTag])
            // Nothing is told to anybody, and the story names the fields alone.
            #expect(api.handedOver.entries.count == 1)
            let story = try await api.get("/api/jobs/\(id)")
            #expect(String(decoding: story.bytes, as: UTF8.self).contains("name, phone"))
            // It is found under its new words, and not under its old ones.
            func found(_ text: String) async throws -> Bool {
                var query = DeskQuery(organization: Fixture.provider.organization, today: Day(Fixture.now))
                query.text = SearchText(text)
                return try await store.deskPage(query).requests.map(\.id) == [id]
            }
            let (byName, byPhone, byOldPhone) = (
                try await found("ortiz"), try await found("617-555-0199"), try await found("617-555-0100")
            )
            #expect(byName && byPhone && !byOldPhone)
            // A second time, and nothing where nothing changes.
            #expect(try await api.patch(id, #"{"phone": "617 555 0198"}"#, token: Fixture.token).status == 200)
            let same = try await api.patch(id, #"{"phone": "+1 617 555 0198"}"#, token: Fixture.token)
            #expect(same.status == 200 && same.json["phone"] as? String == "+16175550198")
            #expect(try await store.audit(AuditFilter(request: id), before: nil, limit: 9).count == 2)

            #expect(try await api.patch(id, #"{"status": "assigned"}"#).status == 200)
            let late = try await api.patch(id, #"{"phone": "617 555 0197"}"#, token: Fixture.token)
            #expect(late.status == 409 && late.problem == "begun")
            #expect(try await store.request(id)?.submission.phone == "+16175550198")
        }
    }

    @Test func whatWasCorrectedIsErasedWithTheRest() async throws {
        try await Self.with(Self.covered) { api, store, id in
            for name in ["Zuzanna Uniquename", "Zuzanna Othername"] {
                #expect(try await api.patch(id, "{\"name\": \"\(name)\"}", token: Fixture.token).status == 200)
            }
            _ = try await store.erasePersonalData(of: id, force: true, at: Fixture.now + 9000)
            let rows = try await store.read { transaction in
                try transaction.rows("SELECT name || phone || email AS text FROM correction") {
                    try $0["text"] as String
                }
            }
            #expect(rows == ["", ""])
            #expect(try await api.get("/api/requests/\(id)").json["name"] is NSNull)
            let words: Int? = try await store.read { try $0.value("SELECT count(*) FROM search_word") }
            #expect(words == 0)
            let late = try await api.patch(id, #"{"name": "Ada"}"#, token: Fixture.token)
            #expect(late.status == 409 && late.problem == "erased")
        }
    }

    @Test(arguments: [
        ("{", 400, [""]), ("[]", 422, [" type"]), ("{}", 422, [" required"]),
        (#"{"phone": "12"}"#, 422, ["/phone format"]), (#"{"email": "nobody"}"#, 422, ["/email format"]),
        (#"{"name": " "}"#, 422, ["/name required"]), (#"{"name": "a\u0000"}"#, 422, ["/name control-character"]),
        (#"{"address": "2 Main St", "zip": "02109"}"#, 422, ["/address not-allowed", "/zip not-allowed"]),
        (#"{"status": "assigned"}"#, 422, ["/status not-allowed"]), (#"{"colour": 1}"#, 422, ["/colour not-allowed"]),
        (#"{"phone": ""}"#, 422, ["/phone required"]),
    ])
    func aCorrectionThatCannotBeIsRefused(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await Self.with(Self.covered) { api, store, id in
            let answer = try await api.patch(id, body, token: Fixture.token)
            #expect(answer.status == status && answer.isProblem)
            if status == 422 { #expect(answer.errors == Set(errors)) }
            #expect(try await store.request(id)?.correctedAt == nil)
        }
    }
}
