import Contracts
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import IngestService

/// Admin API.
@Suite(.serialized)
struct AdminAPITests {
    @Test func lettersAreListedWithTheirGroups() async throws {
        try await withAPI { api, store in
            for second in 0..<3 {
                _ = try await store.apply(.dead(Fixture.letter(.callback, after: Double(second))), to: nil)
            }
            let first = try await api.get("/admin/dead-letters?limit=2")
            #expect(first.status == 200)
            let groups = try #require(first.json["groups"] as? [[String: Any]])
            #expect(groups.count == 1 && groups[0]["count"] as? Int == 3)
            #expect(groups[0]["oldest"] as? String == Timestamp.string(Fixture.now))
            let letters = try #require(first.json["deadLetters"] as? [[String: Any]])
            #expect(letters.count == 2)
            #expect(letters[0]["reason"] as? String == "out-of-attempts")
            #expect(letters[0]["told"] as? Bool == false && letters[0]["attempts"] as? Int == 6)
            #expect(letters[0]["body"] == nil && letters[0]["headers"] == nil)
            let next = try #require(first.json["next"] as? String)
            let second = try await api.get("/admin/dead-letters?limit=2&after=\(next)")
            #expect((second.json["deadLetters"] as? [Any])?.count == 1)
            #expect(second.json["groups"] == nil && second.json["next"] == nil)
            // A minute after the fixtures' time.
            let old = try await api.get("/admin/dead-letters?olderThan=59")
            #expect((old.json["deadLetters"] as? [Any])?.count == 1)
            #expect((try await api.get("/admin/dead-letters?limit=0").json["deadLetters"] as? [Any])?.isEmpty == true)
        }
    }

    /// By the partner's id at once, by words once they are indexed; of any organisation, and without the person.
    @Test func requestsAreFoundByWhatSomebodyHasOfThem() async throws {
        try await withAPI { api, store in
            for (id, provider) in [("R-1", Fixture.provider), ("R-2", Fixture.otherProvider)] {
                let request = Fixture.newRequest(
                    provider: provider, submission: Fixture.submission(providerRequestID: id))
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            func found(_ query: String) async throws -> Set<String> {
                let answer = try await api.get("/admin/requests?q=\(query)")
                #expect(answer.status == 200)
                let text = String(decoding: answer.bytes, as: UTF8.self)
                for personal in ["Ada", "Main St", "617 555"] { #expect(!text.contains(personal)) }
                let requests = try #require(answer.json["requests"] as? [[String: Any]])
                return Set(requests.compactMap { $0["providerRequestId"] as? String })
            }
            #expect(try await found("R-2") == ["R-2"])
            #expect(try await found("02108") == [])
            _ = try await store.indexForSearch(limit: 10)
            #expect(try await found("02108") == ["R-1", "R-2"])
            #expect(try await found("6175550100") == ["R-1", "R-2"])
            #expect(try await found("Boston%20nowhere") == [])
            for wrong in ["", "?q=", "?q=%20", "?q=\(String(repeating: "a", count: 201))"] {
                #expect(try await api.get("/admin/requests\(wrong)").status == 400)
            }
            #expect(try await api.get("/admin/requests/\(UUID().canonical)").status == 404)
        }
    }

    @Test(arguments: [
        "stage=other", "reason=", "olderThan=-1", "olderThan=x", "limit=1001", "limit=x", "after=x",
        "after=1.callback.x", "state=gone", "olderThan=9223372036854775808",
    ])
    func aWrongParameterIsNamed(_ query: String) async throws {
        try await withAPI { api, _ in
            let answer = try await api.get("/admin/dead-letters?\(query)")
            #expect(answer.status == 400 && answer.isProblem)
            let name = query.prefix { $0 != "=" }
            #expect(answer.errors.contains { $0.hasPrefix("/\(name) ") })
        }
    }

    /// As large as they go: each is answered, none ends the process.
    @Test(arguments: [Int64.min, -1, 0, 1, 99_999_999_999_999_999, .max])
    func numbersOfAnySizeAreAnswered(_ number: Int64) async throws {
        try await withAPI { api, store in
            _ = try await store.apply(.dead(Fixture.letter(.callback)), to: nil)
            for path in [
                "dead-letters?after=\(number).callback.\(UUID().canonical)", "reviews?after=\(number).\(Fixture.id())",
                "dead-letters?olderThan=\(number)", "pending?olderThan=\(number)", "pending?limit=\(number)",
            ] {
                let status = try await api.get("/admin/\(path)").status
                #expect([200, 400].contains(status), "\(path)")
            }
        }
    }

    @Test func ofALargeLetterTheBeginningIsShownAndTheDigestOfAll() async throws {
        try await withAPI { api, store in
            let body = Array(repeating: UInt8(ascii: "x"), count: 3_900_000)
            let letter = Fixture.letter(.geocode, body: body)
            _ = try await store.apply(.dead(letter), to: nil)
            let answer = try await api.get("/admin/dead-letters/\(letter.messageID.canonical)?raw=true")
            let shown = try #require((answer.json["deadLetters"] as? [[String: Any]])?.first)
            #expect(
                shown["bodyBytes"] as? Int == 3_900_000 && shown["bodyKept"] as? Int == DeadLetterRecord.longestBody)
            let digest = SHA256.hash(data: body).map { String(format: "%02x", $0) }.joined()
            #expect(shown["bodySha256"] as? String == digest)
            #expect(Data(base64Encoded: shown["bodyBase64"] as? String ?? "")?.count == DeadLetterRecord.longestBody)
        }
    }

    @Test func aLetterIsShownWithoutWhatIsPersonal() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            let event = try Fixture.event(request)
            _ = try await store.accept(request, event: event)
            let letter = Fixture.letter(.geocode, of: request.id, body: event.body)
            _ = try await store.apply(.dead(letter), to: request.id)
            for id in [letter.messageID, request.id.uuid] {
                let answer = try await api.get("/admin/dead-letters/\(id.canonical)")
                let shown = try #require((answer.json["deadLetters"] as? [[String: Any]])?.first)
                let body = try #require(shown["body"] as? String)
                #expect(body.contains("Boston") && !body.contains("1 Main St") && body.contains("[redacted]"))
                #expect(shown["bodyBase64"] == nil)
                #expect(shown["headers"] as? [String: String] == ["intake-host": "host-1", "secret": "[redacted]"])
                #expect((shown["job"] as? [String: Any])?["status"] as? String == "failed")
            }
            let raw = try await api.get("/admin/dead-letters/\(letter.messageID.canonical)?raw=true")
            let shown = try #require((raw.json["deadLetters"] as? [[String: Any]])?.first)
            #expect(shown["bodyBase64"] as? String == Data(event.body).base64EncodedString())
            #expect((shown["headers"] as? [String: String])?["secret"] == "s3cret")
            for path in ["\(UUID().uuidString)", "x"] {
                let answer = try await api.get("/admin/dead-letters/\(path)")
                #expect(answer.status == 404 && answer.isProblem)
            }
            #expect(try await api.get("/admin/dead-letters/\(letter.messageID.canonical)?raw=maybe").status == 400)
        }
    }

    @Test func theCountsAreThereByProviderAndInTotal() async throws {
        try await withAPI { api, store in
            #expect((try await api.get("/admin/conservation").json["total"] as? [String: Int])?["accepted"] == 0)
            for provider in [Fixture.provider, Fixture.otherProvider] {
                let request = Fixture.newRequest(provider: provider)
                _ = try await store.accept(request, event: try Fixture.event(request))
            }
            let answer = try await api.get("/admin/conservation")
            #expect(
                answer.json["total"] as? [String: Int] == [
                    "accepted": 2, "told": 0, "pending": 2, "review": 0, "dead": 0,
                ])
            #expect((answer.json["providers"] as? [Any])?.count == 2)
        }
    }

    @Test func aStuckRequestIsListedAndPublishedAgain() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            #expect((try await api.get("/admin/pending?olderThan=61").json["pending"] as? [Any])?.isEmpty == true)
            let pending = try await api.get("/admin/pending?olderThan=59&limit=1")
            let found = try #require((pending.json["pending"] as? [[String: Any]])?.first)
            #expect(found["id"] as? String == "\(request.id)" && found["stage"] as? String == "geocode")
            #expect(found["isInOutbox"] as? Bool == true)
            for query in ["olderThan=x", "after=x", "limit=-1"] {
                #expect(try await api.get("/admin/pending?\(query)").status == 400)
            }

            let path = "/admin/requests/\(request.id)/publish-again"
            let waiting = try await api.send(.post, path)
            #expect(waiting.status == 202 && waiting.json["enqueued"] as? Bool == false)
            for entry in try await store.outbox(after: 0, limit: 10) {
                try await store.removeFromOutbox(entry.sequence)
            }
            let again = try await api.send(.post, path)
            #expect(again.status == 202 && again.json["enqueued"] as? Bool == true)
            #expect(again.json["eventType"] as? String == "request.accepted")
            #expect(api.handedOver.entries == (try await store.outbox(after: 0, limit: 10)))

            _ = try await store.apply(Fixture.delivered(), to: request.id)
            let told = try await api.send(.post, path)
            #expect(told.status == 409 && told.isProblem)
            #expect(try await api.send(.post, "/admin/requests/\(Fixture.id())/publish-again").status == 404)
            #expect(try await api.send(.post, "/admin/requests/x/publish-again").status == 404)
        }
    }

    @Test func aStoreThatIsAwayIs503() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            faults.fail(.read)
            faults.fail(.write)
            try await serve(store) { api in
                for path in ["dead-letters", "dead-letters/\(UUID().canonical)", "conservation", "pending"] {
                    let answer = try await api.get("/admin/\(path)")
                    #expect(answer.status == 503 && answer.isProblem, "\(path)")
                }
                #expect(try await api.send(.post, "/admin/requests/\(Fixture.id())/publish-again").status == 503)
            }
        }
    }

    @Test func theAttemptsToTellThePartnerAreShown() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let path = "/admin/requests/\(request.id)/attempts"
            #expect((try await api.get(path).json["attempts"] as? [Any])?.isEmpty == true)
            _ = try await store.apply(Fixture.decided(), to: request.id)
            _ = try await store.apply(Fixture.attempted(1, after: 3), to: request.id)
            _ = try await store.apply(Fixture.degraded(after: 4), to: nil)
            let held = try await api.get(path)
            #expect(held.status == 200 && held.json["provider"] as? String == "portal")
            #expect((held.json["notification"] as? [String: Any])?["status"] as? String == "held")
            let endpoint = try #require(held.json["endpoint"] as? [String: Any])
            #expect(endpoint["degradedSince"] as? String == Timestamp.string(Fixture.now + 4))
            _ = try await store.apply(Fixture.delivered(after: 9), to: request.id)
            let attempts = try #require(try await api.get(path).json["attempts"] as? [[String: Any]])
            #expect(attempts.map { $0["delivered"] as? Bool } == [false, true])
            #expect(attempts[0]["httpStatus"] as? Int == 503 && attempts[0]["excerpt"] as? String == "try later")
            #expect(try await api.get("/admin/requests/\(Fixture.id())/attempts").status == 404)
        }
    }

    @Test func aPartnerIsToldOnceMoreUnderAFreshId() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let path = "/admin/requests/\(request.id)/resend"
            #expect(try await api.send(.post, path).status == 409)
            _ = try await store.apply(Fixture.decided(), to: request.id)
            var ids: Set<String> = []
            for _ in 0..<2 {
                let answer = try await api.send(.post, path)
                #expect(answer.status == 202 && answer.json["eventType"] as? String == "request.decided")
                ids.insert(try #require(answer.json["eventId"] as? String))
            }
            #expect(ids.count == 2)
            #expect(Set(api.handedOver.entries.compactMap { $0.message.id?.canonical }) == ids)
            #expect(api.handedOver.entries.first?.message.routingKey == "request.decided.portal")
            let change = StatusChange(step: .assigned, at: Fixture.now + 9, traceParent: Fixture.traceParent)
            _ = try await store.changeStatus(of: request.id, within: Fixture.provider.organization, change)
            let news = try await api.send(.post, path)
            #expect(news.json["eventType"] as? String == "request.status-changed" && news.json["sequence"] as? Int == 2)
            #expect(try await api.send(.post, "/admin/requests/\(Fixture.id())/resend").status == 404)
        }
    }

    @Test func personalDataIsErasedOnDemand() async throws {
        try await withAPI { api, store in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            let path = "/admin/requests/\(request.id)/erase"
            let early = try await api.send(.post, path)
            #expect(early.status == 409 && early.isProblem)
            #expect(try await api.send(.post, path + "?force=perhaps").status == 400)
            _ = try await store.apply(Fixture.geocoded(), to: request.id)
            let erased = try await api.send(.post, path)
            #expect(
                erased.status == 200 && erased.json["erased"] as? Bool == true
                    && erased.json["pending"] as? Bool == false)
            #expect(erased.json["erasedAt"] as? String == Timestamp.string(Fixture.now + 60))
            #expect(try await store.request(request.id)?.submission.name == "")
            #expect(try await store.outboxStatus().count == 0, "the event with the street is gone, too")
            #expect(try await api.send(.post, path).json["erased"] as? Bool == false)
            #expect(try await api.send(.post, "/admin/requests/\(Fixture.id())/erase").status == 404)

            let forced = Fixture.newRequest()
            _ = try await store.accept(forced, event: try Fixture.event(forced))
            #expect(try await api.send(.post, "/admin/requests/\(forced.id)/erase?force=true").status == 200)
            #expect(try await store.outboxStatus().count == 1, "without its event the request would be lost")
        }
    }

    private func withAPI(
        _ body: @escaping @Sendable (APIHarness, RequestStore) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            try await serve(store) { try await body($0, store) }
        }
    }

    /// The routes without the listener around them, which has the token.
    private func serve(
        _ store: RequestStore, _ body: @escaping @Sendable (APIHarness) async throws -> Void
    ) async throws {
        let router = Router()
        let handedOver = APIHarness.HandedOver()
        let store = handedOver.follow(store)
        let access = StoreAccess(store: store)
        AdminRouter.register(
            on: router.group("/admin"), deadLetters: DeadLetterController(access: access, now: { Fixture.now + 60 }),
            reconciliation: ReconciliationController(
                access: access, now: { Fixture.now + 60 }),
            requests: RequestAdminController(
                access: access,
                log: LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test")),
                now: { Fixture.now + 60 }),
            finder: RequestFinder(access: access, now: { Fixture.now + 60 }),
            reviews: ReviewController(
                access: access,
                decider: ReviewDecider(waiters: JobWaiters(limit: 1)),
                now: { Fixture.now + 60 }))
        try await Application(router: router).test(.router) { client in
            try await body(APIHarness(client: client, handedOver: handedOver))
        }
    }
}
