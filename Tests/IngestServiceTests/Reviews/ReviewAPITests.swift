import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// PATCH a decision.
@Suite(.serialized)
struct ReviewAPITests {
    @Test func theJobWaitsForAPersonAndSaysUntilWhen() async throws {
        try await withReview { api, _, id in
            let partners = try await api.get("/api/jobs/\(id)")
            #expect(partners.status == 200 && partners.json["status"] as? String == "in-progress")
            #expect(partners.json["stage"] as? String == "decision" && partners.json["notification"] == nil)
            let review = try #require(partners.json["review"] as? [String: Any])
            #expect(review["deadline"] as? String == Timestamp.string(Fixture.now + 7200))
            #expect(review["reason"] as? String == "location_too_coarse")
            #expect(Set(review.keys) == ["requestedAt", "reason", "deadline"], "the rest is no answer yet")
            #expect(partners.headers[.retryAfter] == "3600")
            let events = try #require(partners.json["events"] as? [[String: Any]])
            #expect(events.last?["type"] as? String == "review-requested")

            let staffs = try await api.get("/api/requests/\(id)", authorization: "Bearer \(Fixture.readToken)")
            let question = try #require(staffs.json["review"] as? [String: Any])
            #expect(question["proposal"] as? Bool == true && question["fallback"] as? Bool == false)
            #expect(question["explanation"] as? String == Fixture.review().explanation)
            let own = try await api.get("/api/requests/\(id)").json["review"] as? [String: Any]
            #expect(own?["proposal"] == nil && own?["reason"] != nil)
            for (query, count) in [("decision=review", 1), ("decision=pending", 1), ("decision=accepted", 0)] {
                let list = try await api.get("/api/requests?\(query)")
                #expect((list.json["requests"] as? [Any])?.count == count, "\(query)")
            }
            let table = try await api.get("/api/requests", headers: [.accept: "text/csv"])
            #expect(String(decoding: table.bytes, as: UTF8.self).contains(",review,"))
        }
    }

    @Test func aDecisionIsToldOnceAndTheSecondDeciderLearnsIt() async throws {
        try await withReview { api, _, id in
            let patched = try await api.patch(id, #"{"decision": "decline", "note": "no team there"}"#)
            #expect(patched.status == 200 && patched.json["review"] == nil)
            let decision = try #require(patched.json["decision"] as? [String: Any])
            #expect(decision["acceptance"] as? Bool == false && decision["reason"] as? String == "review_declined")
            #expect(api.handedOver.entries.last?.message.type == .requestDecided)
            let again = try await api.patch(id, #"{"decision": "decline"}"#)
            #expect(again.status == 200 && again.headers[.eTag] == patched.headers[.eTag])
            #expect(api.handedOver.entries.count == 2, "the request's and the decision's")

            let other = try await api.patch(id, #"{"decision": "accept"}"#)
            #expect(other.status == 409 && other.isProblem && other.problem == "already-decided")
            #expect(other.json["detail"] as? String == "It was declined by a person before.")
            #expect((other.json["decision"] as? [String: Any])?["acceptance"] as? Bool == false)
            // Who was declined gets no status.
            #expect(try await api.patch(id, #"{"status": "assigned"}"#).problem == "declined")

            let staffs = try await api.get("/api/jobs/\(id)", authorization: "Bearer \(Fixture.readToken)")
            let reviewed = try #require((staffs.json["events"] as? [[String: Any]])?.last)
            #expect(reviewed["type"] as? String == "reviewed" && reviewed["note"] as? String == "no team there")
            #expect(reviewed["detail"] as? String == "declined by the organization's staff")
            let partners = try #require((try await api.get("/api/jobs/\(id)").json["events"] as? [[String: Any]])?.last)
            #expect(partners["note"] == nil)
        }
    }

    @Test func onlyTheOrganisationsStaffThatMayWriteDecides() async throws {
        try await withReview { api, store, id in
            for (token, status) in [
                (Fixture.readToken, 403), (Fixture.token, 422), ("nobody's", 401), (Fixture.otherStaffToken, 404),
            ] {
                let answer = try await api.patch(id, #"{"decision": "accept"}"#, token: token)
                #expect(answer.status == status && answer.isProblem, "\(token)")
            }
            #expect(try await store.request(id)?.openReview != nil)
            #expect(try await api.patch(id, #"{"decision": "accept"}"#).status == 200)
            #expect(try await api.patch(id, #"{"status": "assigned"}"#).status == 200)
        }
    }

    @Test(arguments: [
        (#"{"decision": "yes"}"#, ["/decision not-allowed"]), (#"{"decision": true}"#, ["/decision type"]),
        (#"{"decision": null}"#, ["/decision type"]), (#"{"note": "why"}"#, ["/status required"]),
        (#"{"decision": "accept", "status": "assigned"}"#, ["/decision conflict"]),
        (#"{"decision": "accept", "decision": "decline"}"#, ["/decision conflict"]),
        (#"{"decision": "accept", "note": 1, "by": "me"}"#, ["/note type", "/by not-allowed"]),
    ])
    func aBodyThatCannotBeIsNamed(_ body: String, _ errors: [String]) async throws {
        try await withReview { api, store, id in
            let answer = try await api.patch(id, body)
            #expect(answer.status == 422 && answer.isProblem && answer.errors == Set(errors))
            #expect(try await store.request(id)?.openReview != nil)
        }
    }

    @Test func whatIsNotAskedOrChangedMeanwhileIsRefused() async throws {
        try await withReview { api, store, id in
            let fresh = try #require(try await api.post(try Fixture.json(["providerRequestId": "R-2"])).id)
            let early = try await api.patch(fresh, #"{"decision": "accept"}"#)
            #expect(early.status == 409 && early.problem == "no-review")
            _ = try await store.apply(Fixture.decided(), to: fresh)
            let ruled = try await api.patch(fresh, #"{"decision": "decline"}"#)
            #expect(ruled.status == 409 && ruled.json["detail"] as? String == "It was accepted by the rules before.")
            #expect(try await api.patch(id, #"{"status": "assigned"}"#).problem == "not-decided")

            let path = "/api/requests/\(id)"
            let seen = try await api.get(path, authorization: "Bearer \(Fixture.readToken)")
            let tag = try #require(seen.headers[.eTag])
            _ = try await store.apply(Fixture.reviewRequested(after: 9, deadline: 9000), to: id)
            let stale = try await api.patch(id, #"{"decision": "accept"}"#, headers: [.ifMatch: tag])
            #expect(stale.status == 412 && stale.isProblem)
            let newer = try await api.get(path, authorization: "Bearer \(Fixture.readToken)").headers[.eTag]
            let answer = try await api.patch(
                id, #"{"decision": "accept"}"#, headers: [.ifMatch: try #require(newer)])
            #expect(answer.status == 200)
        }
    }

    private func withReview(
        _ body: @escaping @Sendable (APIHarness, RequestStore, RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                _ = try await store.apply(Fixture.geocoded(), to: id)
                _ = try await store.apply(Fixture.reviewRequested(), to: id)
                try await body(api, store, id)
            }
        }
    }
}
