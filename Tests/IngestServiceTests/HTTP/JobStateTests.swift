import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// What a job says.
@Suite(.serialized)
struct JobStateTests {
    @Test func theTagIsOfTheState() async throws {
        try await withJob { api, store, id in
            let path = "/api/jobs/\(id)"
            let first = try await api.get(path)
            let tag = try #require(first.headers[.eTag])
            #expect(try await api.get(path).headers[.eTag] == tag)
            for known in [tag, "\"other\", \(tag)", "W/\(tag)", "*"] {
                let same = try await api.get(path, headers: [.ifNoneMatch: known])
                #expect(same.status == 304 && same.bytes.isEmpty && same.headers[.eTag] == tag)
                #expect(same.headers[.retryAfter] == "2")
            }
            _ = try await store.apply(Fixture.geocoded(), to: id)
            let moved = try await api.get(path, headers: [.ifNoneMatch: tag])
            #expect(moved.status == 200 && moved.headers[.eTag] != tag)
            _ = try await store.apply(Fixture.delivered(), to: id)
            let done = try await api.get(path)
            let doneTag = try #require(done.headers[.eTag])
            #expect(done.status == 303)
            #expect(try await api.get(path, headers: [.ifNoneMatch: doneTag]).status == 304)

            let request = try await api.get("/api/requests/\(id)")
            let requestTag = try #require(request.headers[.eTag])
            #expect(try await api.get("/api/requests/\(id)", headers: [.ifNoneMatch: requestTag]).status == 304)
        }
    }

    @Test func whetherThePartnerKnowsIsOneSentence() async throws {
        try await withJob { api, store, id in
            func notification() async throws -> [String: Any]? {
                try await api.get("/api/jobs/\(id)").json["notification"] as? [String: Any]
            }
            #expect(try await notification() == nil)
            _ = try await store.apply(Fixture.decided(), to: id)
            let since = "14:13 UTC on 2026-09-21"
            let pending = try await notification()
            #expect(pending?["summary"] as? String == "covered; the partner is being told since \(since)")
            _ = try await store.apply(Fixture.attempted(1, after: 30), to: id)
            _ = try await store.apply(Fixture.retrying(.callback, after: 31), to: id)
            let retrying = try #require(try await notification())
            #expect(retrying["status"] as? String == "retrying" && retrying["attempt"] as? Int == 1)
            #expect(retrying["of"] as? Int == 6)
            #expect(retrying["nextAttemptAt"] as? String == Timestamp.string(Fixture.now + 36))
            #expect(
                retrying["summary"] as? String
                    == "covered; the partner is not told yet, waiting since \(since), attempt 1 of 6")
            #expect((retrying["error"] as? [String: Any])?["code"] as? String == "http-503")
            _ = try await store.apply(Fixture.degraded(after: 40), to: nil)
            #expect(try await notification()?["status"] as? String == "held")
            // What the stage once said is no time any more.
            #expect(try await notification()?["nextAttemptAt"] == nil)
            #expect(try await notification()?["attempt"] as? Int == 1)
            #expect(try await api.get("/api/jobs/\(id)").json["retry"] == nil)
            _ = try await store.apply(Fixture.delivered(after: 50), to: id)
            #expect(try await notification()?["status"] as? String == "delivered")
        }
    }

    /// The harness' clock stands still: the stage's words are older.
    @Test func aTimeThatHasPassedIsNotShown() async throws {
        try await withJob { api, store, id in
            _ = try await store.apply(Fixture.decided(), to: id)
            _ = try await store.apply(Fixture.attempted(2, after: -11), to: id)
            _ = try await store.apply(Fixture.retrying(.callback, after: -10, attempt: 2), to: id)
            let job = try await api.get("/api/jobs/\(id)").json
            let notification = try #require(job["notification"] as? [String: Any])
            #expect(notification["status"] as? String == "retrying" && notification["attempt"] as? Int == 2)
            #expect(notification["nextAttemptAt"] == nil && job["retry"] == nil)
        }
    }

    @Test func theEventsTellTheWholeStory() async throws {
        try await withJob { api, store, id in
            _ = try await store.apply(Fixture.geocoded(), to: id)
            _ = try await store.apply(Fixture.decided(), to: id)
            _ = try await store.apply(Fixture.attempted(1, after: 3), to: id)
            _ = try await store.apply(Fixture.delivered(after: 9), to: id)
            let events = try #require(try await api.get("/api/jobs/\(id)").json["events"] as? [[String: Any]])
            #expect(
                events.compactMap { $0["type"] as? String }
                    == ["accepted", "geocoded", "decided", "callback-attempted", "callback-delivered"])
            #expect(events[3]["durationMs"] as? Int == 250 && events[3]["addressFamily"] as? String == "IPv6")
            #expect(events[3]["httpStatus"] as? Int == 503 && events[3]["excerpt"] as? String == "try later")
            #expect((events[3]["error"] as? [String: Any])?["code"] as? String == "http-503")
        }
    }

    @Test func staffSeeTheirOrganisationsJobs() async throws {
        try await withJob { api, _, id in
            for path in ["/api/jobs/\(id)", "/api/requests/\(id)"] {
                let own = try await api.get(path, authorization: "Bearer \(Fixture.readToken)")
                let others = try await api.get(path, authorization: "Bearer \(Fixture.otherStaffToken)")
                #expect(own.status == 200 && others.status == 404)
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
