import Contracts
import Foundation
import HTTPTypes
import Testing

@testable import IngestService

/// PATCH a request.
@Suite(.serialized)
struct StatusAPITests {
    @Test func aStepShowsOnTheRequestAndOnTheJob() async throws {
        try await withCovered { api, store, id in
            let answer = try await api.patch(id, #"{"status": "scheduled", "note": "Tuesday at ten"}"#)
            #expect(answer.status == 200 && answer.json["status"] as? String == "scheduled")
            #expect(answer.json["sequence"] as? Int == 2)
            #expect(answer.json["statusChangedAt"] as? String == Timestamp.string(Fixture.now + 3600))
            #expect(api.handedOver.entries.last?.message.type == .requestStatusChanged)
            let again = try await api.patch(id, #"{"status": "scheduled"}"#)
            #expect(again.status == 200 && again.json["sequence"] as? Int == 2)
            #expect(api.handedOver.entries.count == 2, "the request's and the step's")
            #expect(again.headers[.eTag] == answer.headers[.eTag] && answer.headers[.eTag] != nil)

            let job = try await api.get("/api/jobs/\(id)", authorization: "Bearer \(Fixture.readToken)")
            let staffs = try #require((job.json["events"] as? [[String: Any]])?.last)
            #expect(staffs["type"] as? String == "status-changed" && staffs["note"] as? String == "Tuesday at ten")
            let partners = try #require((try await api.get("/api/jobs/\(id)").json["events"] as? [[String: Any]])?.last)
            #expect(partners["detail"] as? String == "scheduled" && partners["note"] == nil)
        }
    }

    @Test func onlyStaffThatMayWriteMay() async throws {
        try await withCovered { api, _, id in
            for (token, status) in [
                (Fixture.readToken, 403), (Fixture.token, 422), ("nobody's", 401), (nil, 401),
                (Fixture.otherStaffToken, 404), (Fixture.writeToken, 200),
            ] {
                let answer = try await api.patch(id, #"{"status": "assigned"}"#, token: token)
                #expect(answer.status == status && (status == 200 || answer.isProblem), "\(token ?? "")")
            }
            let posted = try await api.post(try Fixture.json(), authorization: "Bearer \(Fixture.writeToken)")
            #expect(posted.status == 403 && posted.json["type"] as? String == "urn:intake:problem:forbidden")
        }
    }

    @Test(arguments: [
        (#"{"status": "reopened""#, 400, [""]), ("[]", 422, [" type"]), ("{}", 422, ["/status required"]),
        (#"{"status": "done"}"#, 422, ["/status not-allowed"]), (#"{"status": null}"#, 422, ["/status type"]),
        (#"{"status": 1, "note": 2, "name": "Eve"}"#, 422, ["/status type", "/note type", "/name not-allowed"]),
        (#"{"status": "assigned", "note": "\u0007"}"#, 422, ["/note control-character"]),
        (#"{"status": "assigned", "status": "assigned"}"#, 422, ["/status conflict"]),
    ])
    func aBodyThatCannotBeIsNamed(_ body: String, _ status: Int, _ errors: [String]) async throws {
        try await withCovered { api, store, id in
            let answer = try await api.patch(id, body)
            #expect(answer.status == status && answer.isProblem)
            if status == 422 { #expect(answer.errors == Set(errors)) }
            #expect(try await store.request(id)?.organizationProgress == OrganizationProgress())
        }
    }

    @Test func whatIsRefusedSaysWhy() async throws {
        try await withCovered { api, store, id in
            let long = String(repeating: "x", count: 501)
            let verbose = try await api.patch(id, #"{"status": "assigned", "note": "\#(long)"}"#)
            #expect(verbose.errors == ["/note too-long"])
            let type = try await api.patch(id, "{}", contentType: "text/plain")
            #expect(type.status == 415 && type.headers[.acceptPatch]?.contains("merge-patch+json") == true)
            #expect(try await api.patch(id, #"{"status": "assigned"}"#, contentType: "application/json").status == 200)
            let back = try await api.patch(id, #"{"status": "reopened"}"#)
            #expect(back.status == 409 && back.json["type"] as? String == "urn:intake:problem:status-transition")
            #expect(try await api.patch(Fixture.id(), #"{"status": "assigned"}"#).status == 404)

            let fresh = try #require(try await api.post(try Fixture.json(["providerRequestId": "R-2"])).id)
            let early = try await api.patch(fresh, #"{"status": "assigned"}"#)
            #expect(early.status == 409 && early.json["type"] as? String == "urn:intake:problem:not-decided")
            _ = try await store.apply(Fixture.decided(acceptance: false), to: fresh)
            let declined = try await api.patch(fresh, #"{"status": "assigned"}"#)
            #expect(declined.status == 409 && declined.json["type"] as? String == "urn:intake:problem:declined")
            let wrong = try await api.send(.delete, "/api/requests/\(id)")
            #expect(wrong.status == 405 && wrong.headers[.allow] == "GET, HEAD, PATCH")
        }
    }

    @Test func ifMatchGuardsAgainstALostUpdate() async throws {
        try await withCovered { api, _, id in
            let tag = try #require(try await api.get("/api/requests/\(id)").headers[.eTag])
            let first = try await api.patch(id, #"{"status": "assigned"}"#, headers: [.ifMatch: tag])
            #expect(first.status == 200)
            let second = try await api.patch(id, #"{"status": "canceled"}"#, headers: [.ifMatch: tag])
            #expect(second.status == 412 && second.isProblem)
            let newer = try #require(first.headers[.eTag])
            #expect(try await api.patch(id, #"{"status": "canceled"}"#, headers: [.ifMatch: newer]).status == 200)
        }
    }

    /// A step and a decision alike.
    @Test(arguments: [#"{"status": "assigned"}"#, #"{"decision": "accept"}"#])
    func aStoreThatCannotWriteIs503(patch: String) async throws {
        try await withSQLiteStore { base, _ in
            let faults = FaultyDatabase(base)
            let store = faults.store
            try await APIHarness.with(store) { api in
                faults.fail(.write)
                let answer = try await api.patch(Fixture.id(), patch)
                #expect(answer.status == 503 && answer.headers[.retryAfter] == "2")
            }
        }
    }

    private func withCovered(
        _ body: @escaping @Sendable (APIHarness, RequestStore, RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                let id = try #require(try await api.post(try Fixture.json()).id)
                _ = try await store.apply(Fixture.geocoded(), to: id)
                _ = try await store.apply(Fixture.decided(), to: id)
                try await body(api, store, id)
            }
        }
    }
}
