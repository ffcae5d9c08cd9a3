import Contracts
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import IngestService

/// Admin API of reviews.
@Suite(.serialized)
struct ReviewAdminTests {
    @Test func theNearestDeadlineComesFirst() async throws {
        try await withAPI { api, store in
            let later = try await inReview(store, deadline: 900)
            let first = try await inReview(store, deadline: 30)
            let page = try await api.get("/admin/reviews?limit=1")
            #expect(page.status == 200 && page.json["open"] as? Int == 2 && page.json["overdue"] as? Int == 1)
            let entry = try #require((page.json["reviews"] as? [[String: Any]])?.first)
            #expect(entry["id"] as? String == "\(first)" && entry["organization"] as? String == "relief-org")
            #expect((entry["review"] as? [String: Any])?["proposal"] as? Bool == true)
            #expect(!String(decoding: page.bytes, as: UTF8.self).contains("Ada"), "nothing personal")
            let next = try #require(page.json["next"] as? String)
            let rest = try await api.get("/admin/reviews?after=\(next)")
            #expect((rest.json["reviews"] as? [[String: Any]])?.map { $0["id"] as? String } == ["\(later)"])
            #expect(rest.json["next"] == nil)
            for query in ["limit=x", "after=x", "after=1.x"] {
                let answer = try await api.get("/admin/reviews?\(query)")
                #expect(answer.status == 400 && answer.isProblem)
            }
            let counts = try await api.get("/admin/conservation")
            let total = try #require(counts.json["total"] as? [String: Any])
            #expect(total["review"] as? Int == 2 && total["pending"] as? Int == 0)
        }
    }

    @Test func anOperatorDecidesByName() async throws {
        try await withAPI { api, store in
            let id = try await inReview(store)
            let body = #"{"decision": "accept", "by": "ada@desk", "note": "by telephone"}"#
            let first = try await decide(api, id, body)
            #expect(first.status == 200 && first.json["decided"] as? Bool == true)
            #expect((first.json["decision"] as? [String: Any])?["reason"] as? String == "review_accepted")
            #expect(api.handedOver.entries.map(\.message.type) == [.requestDecided])
            let entry = try #require(try await store.job(id)?.timeline.last)
            #expect(entry.detail == "accepted by ada@desk" && entry.note == "by telephone")
            #expect(try await decide(api, id, body).json["decided"] as? Bool == false)
            let other = try await decide(api, id, #"{"decision": "decline", "by": "eve@desk"}"#)
            #expect(other.status == 409 && other.problem == "already-decided")
            #expect(api.handedOver.entries.count == 1)
        }
    }

    @Test(arguments: [
        ("{", 400, []), ("[]", 422, [" type"]), ("{}", 422, ["/decision not-allowed", "/by format"]),
        (#"{"decision": "maybe", "by": "a"}"#, 422, ["/decision not-allowed"]),
        (#"{"decision": "accept", "by": " "}"#, 422, ["/by format"]),
        (#"{"decision": "accept", "by": "a\u001b[2J"}"#, 422, ["/by format"]),
        (#"{"decision": "accept", "by": "a", "note": "\u0007"}"#, 422, ["/note control-character"]),
    ])
    func aBodyThatCannotBeIsNamed(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await withAPI { api, store in
            let id = try await inReview(store)
            let answer = try await decide(api, id, body)
            #expect(answer.status == status && answer.isProblem && answer.errors == Set(errors))
            #expect(try await store.request(id)?.openReview != nil)
            #expect(try await decide(api, Fixture.id(), #"{"decision": "accept", "by": "a"}"#).status == 404)
        }
    }

    private func decide(_ api: APIHarness, _ id: Contracts.RequestID, _ body: String) async throws -> APIHarness.Answer
    {
        try await api.send(
            .post, "/admin/reviews/\(id)", headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
    }

    private func inReview(_ store: RequestStore, deadline: Double = 7200) async throws -> Contracts.RequestID {
        let request = Fixture.newRequest()
        _ = try await store.accept(request, event: try Fixture.event(request))
        _ = try await store.apply(Fixture.reviewRequested(deadline: deadline), to: request.id)
        return request.id
    }

    /// The routes without the listener around them, a minute after the fixtures' time.
    private func withAPI(
        _ body: @escaping @Sendable (APIHarness, RequestStore) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let router = Router()
            let handedOver = APIHarness.HandedOver()
            let watched = handedOver.follow(store)
            let access = StoreAccess(store: watched)
            AdminRouter.register(
                on: router.group("/admin"),
                deadLetters: DeadLetterController(access: access, now: { Fixture.now + 60 }),
                reconciliation: ReconciliationController(
                    access: access, now: { Fixture.now + 60 }),
                requests: RequestAdminController(
                    access: access,
                    log: LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test")),
                    now: { Fixture.now + 60 }),
                finder: RequestFinder(access: access, now: { Fixture.now + 60 }),
                reviews: ReviewController(
                    access: access,
                    decider: ReviewDecider(waiters: JobWaiters(limit: 10)),
                    now: { Fixture.now + 60 }))
            try await Application(router: router).test(.router) { client in
                try await body(APIHarness(client: client, handedOver: handedOver), store)
            }
        }
    }
}
