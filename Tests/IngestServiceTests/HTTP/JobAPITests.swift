import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// GET jobs and requests.
@Suite(.serialized)
struct JobAPITests {
    @Test func aJobIsFollowedToItsEnd() async throws {
        try await withJob { api, store, id in
            let fresh = try await api.get("/api/jobs/\(id)")
            #expect(fresh.status == 200 && fresh.headers[.retryAfter] == "2")
            #expect(fresh.json["status"] as? String == "in-progress")
            #expect(fresh.json["stage"] as? String == "geocode")

            _ = try await store.apply(Fixture.geocoded(), to: id)
            _ = try await store.apply(Fixture.decided(), to: id)
            _ = try await store.apply(Fixture.retrying(.callback, after: 3, attempt: 2), to: id)
            let waiting = try await api.get("/api/jobs/\(id)")
            #expect(waiting.status == 200)
            let retry = try #require(waiting.json["retry"] as? [String: Any])
            #expect(retry["stage"] as? String == "callback")
            #expect(retry["attempt"] as? Int == 2)
            #expect(retry["of"] as? Int == 6)
            #expect(retry["nextAttemptAt"] as? String == Timestamp.string(Fixture.now + 8))
            let decision = try #require(waiting.json["decision"] as? [String: Any])
            #expect(decision["acceptance"] as? Bool == true)
            #expect(decision["rule"] as? String == "zip3:021")

            _ = try await store.apply(Fixture.delivered(), to: id)
            let done = try await api.get("/api/jobs/\(id)")
            #expect(done.status == 303 && done.headers[.location] == "/api/requests/\(id)")
            #expect(done.json["status"] as? String == "completed")
        }
    }

    @Test func aFailedJobIsAProblemWithTheJobAndItsError() async throws {
        try await withJob { api, store, id in
            _ = try await store.apply(Fixture.dead(.geocode, after: 1), to: id)
            let answer = try await api.get("/api/jobs/\(id)")
            #expect(answer.status == 400 && answer.isProblem)
            let error = try #require(answer.json["error"] as? [String: Any])
            #expect(error["stage"] as? String == "geocode")
            #expect(error["reason"] as? String == "out-of-attempts")
            #expect(error["code"] as? String == "connection-refused")
            #expect((answer.json["job"] as? [String: Any])?["status"] as? String == "failed")
        }
    }

    @Test func whatIsNotThereOrNotYoursIsNotFound() async throws {
        try await withJob { api, _, id in
            for kind in ["jobs", "requests"] {
                for path in ["/api/\(kind)/\(Fixture.id())", "/api/\(kind)/x", "/api/\(kind)/\(id)x"] {
                    let answer = try await api.get(path)
                    #expect(answer.status == 404 && answer.isProblem && answer.problem == "not-found")
                    let detail = try #require(answer.json["detail"] as? String)
                    #expect(detail.hasSuffix("GET /api/requests?providerRequestId=…"))
                    #expect(detail.hasPrefix("This is no id of Intake's") == path.hasSuffix("x"))
                }
                let others = try await api.get("/api/\(kind)/\(id)", authorization: "Bearer \(Fixture.otherToken)")
                #expect(others.status == 404 && others.isProblem)
                // Whether there is one is nobody else's affair.
                let nobodys = try await api.get(
                    "/api/\(kind)/\(Fixture.id())", authorization: "Bearer \(Fixture.otherToken)")
                #expect(others.bytes == nobodys.bytes)
                #expect(try await api.get("/api/\(kind)/\(id)", authorization: nil).status == 401)
            }
        }
    }

    @Test func aRequestShowsWhatIsKnownOfIt() async throws {
        try await withJob { api, store, id in
            let fresh = try await api.get("/api/requests/\(id)")
            #expect(fresh.status == 200)
            #expect(fresh.json["name"] as? String == "Ada Example")
            #expect(fresh.json["location"] == nil)

            _ = try await store.apply(Fixture.geocoded(location: nil), to: id)
            let nowhere = try await api.get("/api/requests/\(id)")
            #expect(nowhere.json["location"] is NSNull)
            #expect(nowhere.json["noLocationReason"] as? String == "no-match")

            _ = try await store.apply(Fixture.geocoded(after: 5), to: id)
            _ = try await store.apply(Fixture.decided(), to: id)
            _ = try await store.apply(Fixture.delivered(), to: id)
            let done = try await api.get("/api/requests/\(id)")
            let location = try #require(done.json["location"] as? [String: Any])
            #expect(location["precision"] as? String == "zip")
            #expect(location["latitude"] as? Double == 42.357)
            #expect((done.json["callback"] as? [String: Any])?["httpStatus"] as? Int == 200)
            #expect(done.json["job"] as? String == "completed")
        }
    }

    @Test func pagesCoverEveryRequestOnce() async throws {
        try await withSQLiteStore { store, _ in
            var ids: [String] = []
            for second in 0..<7 {
                let request = Fixture.newRequest(at: Fixture.now + Double(second))
                _ = try await store.accept(request, event: try Fixture.event(request))
                ids.insert("\(request.id)", at: 0)
            }
            let expected = ids
            try await APIHarness.with(store) { api in
                var seen: [String] = []
                var path: String? = "/api/requests?limit=3"
                while let next = path {
                    let answer = try await api.get(next)
                    #expect(answer.status == 200)
                    let page = try #require(answer.json["requests"] as? [[String: Any]])
                    seen += page.compactMap { $0["id"] as? String }
                    path = answer.json["next"] as? String
                }
                #expect(seen == expected)
                for query in ["limit=0", "limit=x", "limit=201", "cursor=x", "cursor="] {
                    let answer = try await api.get("/api/requests?\(query)")
                    #expect(answer.status == 400 && answer.isProblem)
                }
            }
        }
    }

    @Test func headAnswersWithoutABody() async throws {
        try await withJob { api, _, id in
            let head = try await api.get("/api/jobs/\(id)", method: .head)
            #expect(head.status == 200 && head.bytes.isEmpty)
            let missing = try await api.get("/api/nothing", method: .head)
            #expect(missing.status == 404 && missing.bytes.isEmpty)
        }
    }

    @Test func aStoreThatCannotBeReadIs503() async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            faults.fail(.read)
            try await APIHarness.with(store) { api in
                for path in ["/api/jobs/\(Fixture.id())", "/api/requests"] {
                    let answer = try await api.get(path)
                    #expect(answer.status == 503 && answer.isProblem && answer.headers[.retryAfter] == "2")
                }
            }
        }
    }

    private func withJob(
        _ body: @escaping @Sendable (APIHarness, RequestStore, RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                try await body(api, store, id)
            }
        }
    }
}
