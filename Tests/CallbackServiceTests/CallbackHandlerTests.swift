import Contracts
import Foundation
import ServiceRuntime
import Testing

@testable import CallbackService

@Suite struct CallbackHandlerTests {
    @Test func aReceiptIsReportedWithItsStatusAndAttempt() async throws {
        let lines = Recorder<TestConnection.Request>()
        try await TestPartner.serving { connection in
            while let request = try await connection.request() {
                lines.add(request)
                try await connection.answer("202 Accepted")
            }
        } _: { server in
            let partners = Partners(byID: ["portal": try .fixture(server.template)])
            try await withClient { client in
                let now = Date(timeIntervalSince1970: 1_800_000_001.5)
                let handler = CallbackHandler(partners: { partners }, client: client, now: { now })
                let events = try await handler.handle(
                    .fixture(providerRequestID: "a/b", acceptance: false), context: .fixture(attempt: 3))
                #expect(
                    events as? [CallbackDelivered] == [
                        CallbackDelivered(
                            provider: "portal", providerRequestID: "a/b", acceptance: false, httpStatus: 202,
                            attempt: 3,
                            deliveredAt: now)
                    ])
            }
        }
        let request = try #require(lines.all.first)
        #expect(request.line == "POST /callbacks/a%2Fb HTTP/1.1")
        #expect(request.body == #"{"acceptance":false,"status":"new"}"#)
        #expect(request.headers["idempotency-key"] == "e7020304-0506-5708-890a-0b0c0d0e0f10")
        #expect(request.headers["authorization"] == nil)
    }

    @Test func theSameEventHasTheSameKeyOnEveryAttempt() async throws {
        let keys = Recorder<String?>()
        try await TestPartner.serving { connection in
            while let request = try await connection.request() {
                keys.add(request.headers["idempotency-key"])
                try await connection.answer("500 Oops")
            }
        } _: { server in
            let partners = Partners(byID: ["portal": try .fixture(server.template)])
            try await withClient { client in
                let handler = CallbackHandler(partners: { partners }, client: client)
                for attempt in 1...2 {
                    await #expect(
                        throws: StageFailure.transient(
                            "http-500", "The partner answered with HTTP status 500.", endpoint: .failed)
                    ) {
                        try await handler.handle(.fixture(), context: .fixture(attempt: attempt))
                    }
                }
            }
        }
        #expect(keys.all.count == 2)
        #expect(Set(keys.all).count == 1)
    }

    @Test func retryAfterGoesToTheStage() async throws {
        try await TestPartner.serving { connection in
            while try await connection.request() != nil {
                try await connection.answer("429 Slow down", headers: ["Retry-After: 120"])
            }
        } _: { server in
            let partners = Partners(byID: ["portal": try .fixture(server.template)])
            try await withClient { client in
                let handler = CallbackHandler(partners: { partners }, client: client)
                await #expect(
                    throws: StageFailure.transient(
                        "http-429", "The partner answered with HTTP status 429.", retryAfter: .seconds(120),
                        endpoint: .failed)
                ) {
                    try await handler.handle(.fixture(), context: .fixture())
                }
            }
        }
    }

    @Test func aProviderThatTheFileDoesNotNameWaitsForTheOperator() async throws {
        try await withClient { client in
            let handler = CallbackHandler(partners: { Partners(byID: [:]) }, client: client)
            for attempt in 1...4 {
                let failure = await #expect(throws: StageFailure.self) {
                    try await handler.handle(.fixture(provider: "nobody"), context: .fixture(attempt: attempt))
                }
                #expect(failure?.kind == (attempt <= 3 ? .transient(retryAfter: nil) : .permanent))
                #expect(failure?.error.code == "provider-not-configured")
                #expect(failure?.endpoint == .silent)
            }
        }
    }

    @Test(arguments: [".", "..", ""])
    func anIdThatNoPathSegmentCanSayIsDead(id: String) async throws {
        try await withClient { client in
            let partner = try Partner.fixture("http://127.0.0.1:1/{providerRequestId}")
            let handler = CallbackHandler(partners: { Partners(byID: ["portal": partner]) }, client: client)
            let failure = await #expect(throws: StageFailure.self) {
                try await handler.handle(.fixture(providerRequestID: id), context: .fixture())
            }
            #expect(failure?.kind == .permanent)
            #expect(failure?.error.code == "unusable-id")
        }
    }

    @Test func aProcessThatStopsSpendsNoAttempt() async throws {
        let received = Gate()
        try await TestPartner.serving { connection in
            _ = try await connection.request()
            received.open()
            await Gate().wait()
        } _: { server in
            let partners = Partners(byID: ["portal": try .fixture(server.template)])
            try await withClient { client in
                let handler = CallbackHandler(partners: { partners }, client: client)
                let handling = Task {
                    _ = await #expect(throws: StageFailure.outage("stopping", "The service is stopping.")) {
                        try await handler.handle(.fixture(), context: .fixture())
                    }
                }
                await received.wait()
                handling.cancel()
                await handling.value
            }
        }
    }
}
