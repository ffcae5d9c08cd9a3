import Contracts
import Foundation
import TestSupport
import Testing
import Tracing

@testable import CallbackService
@testable import ServiceRuntime

@Suite struct CallbackHandlerTests {
    /// Handles one notice with a partner that answers so, again and again.
    /// - Returns: what the handler said, and the requests that the partner saw.
    private func handle(
        _ notice: Notice = Notice(Event<RequestDecided>.fixture()), attempt: Int = 1,
        answer: String, headers: [String] = [], body: String = "", span: RecordedSpan? = nil
    ) async throws -> (Result<[any EventData], StageFailure>, [TestConnection.Request]) {
        let requests = Recorder<TestConnection.Request>()
        let results = Recorder<Result<[any EventData], StageFailure>>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer(answer, headers: headers, body: body)
            }
        } _: { server in
            try await withHandler(try .fixture(server.template)) { handler in
                results.add(await Self.result(handler, notice, attempt: attempt, span: span))
            }
        }
        return (try #require(results.all.first), requests.all)
    }

    private static func result(
        _ handler: CallbackHandler, _ notice: Notice, attempt: Int = 1, span: RecordedSpan? = nil
    ) async -> Result<[any EventData], StageFailure> {
        do throws(StageFailure) {
            return .success(try await handler.handle(notice, context: .fixture(attempt: attempt, span: span)))
        } catch {
            return .failure(error)
        }
    }

    /// The handler was to fail, and did not.
    private struct Unexpected: Error {}

    private static func failure(_ result: Result<[any EventData], StageFailure>) throws -> StageFailure {
        guard case .failure(let failure) = result else { throw Unexpected() }
        return failure
    }

    @Test func aReceiptIsReportedWithItsStatusAndAttempt() async throws {
        let decided = Event<RequestDecided>.fixture(providerRequestID: "a/b", acceptance: false)
        let (result, requests) = try await handle(Notice(decided), attempt: 3, answer: "202 Accepted")
        var delivered = try #require(try result.get().first as? CallbackDelivered)
        #expect(delivered.receipt.durationMilliseconds.map { (0..<10_000).contains($0) } == true)
        delivered.receipt.durationMilliseconds = nil
        #expect(
            delivered
                == CallbackDelivered(
                    provider: "portal", providerRequestID: "a/b",
                    Receipt(
                        acceptance: false, httpStatus: 202, attempt: 3, addressFamily: .ipv4,
                        deliveredAt: Date(timeIntervalSince1970: 1_800_000_000))))
        let request = try #require(requests.first)
        #expect(request.line == "POST /callbacks/a%2Fb HTTP/1.1")
        #expect(request.body == #"{"acceptance":false,"status":"new"}"#)
        #expect(request.headers["idempotency-key"] == "e7020304-0506-5708-890a-0b0c0d0e0f10")
        #expect(request.headers["authorization"] == nil)
    }

    /// The partner's own trace goes on with the callback; where nobody samples it, nothing is said.
    @Test func theTraceGoesAlong() async throws {
        let sampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        for (traceParent, sent) in [(sampled, sampled), (String(sampled.dropLast()) + "0", nil), ("nonsense", nil)] {
            var notice = Notice(Event<RequestDecided>.fixture())
            notice.traceParent = traceParent
            let (_, requests) = try await handle(notice, answer: "200 OK")
            #expect(requests.first?.headers["traceparent"] == sent)
        }
    }

    /// With spans, the callback is one of its own, and what the partner does stands below it.
    @Test(arguments: [("200 OK", nil), ("503 Busy", "http-503")] as [(String, String?)])
    func theCallbackIsASpan(answer: String, problem: String?) async throws {
        let ended = EndedSpans(limit: 10)
        let processing = SpanRecorder(ended, oneIn: 1).span("process", .consumer, below: nil)
        let (_, requests) = try await handle(answer: answer, span: processing)
        let span = try #require(ended.take(10).first)
        #expect(span.name == "POST" && span.kind == .client && span.parent == processing.place.spanID)
        #expect(requests.first?.headers["traceparent"] == span.place.header)
        #expect(span.attributes.get("http.response.status_code") == .int64(answer.hasPrefix("200") ? 200 : 503))
        #expect(span.attributes.get("error.type") == problem.map { .string($0) })
        #expect(span.attributes.get("intake.provider") == .string("portal"))
    }

    @Test func aFurtherStepIsTold() async throws {
        let changed = Event<RequestStatusChanged>.change(status: .completed, sequence: 5)
        let (result, requests) = try await handle(Notice(changed), answer: "204 No Content")
        let delivered = try #require(try result.get().first as? CallbackDelivered)
        #expect(delivered.receipt.sequence == 5 && delivered.receipt.acceptance)
        #expect(requests.first?.body == #"{"acceptance":true,"status":"installed"}"#)
        #expect(requests.first?.headers["idempotency-key"] == "e8020304-0506-5708-890a-0b0c0d0e0f05")
    }

    @Test func aFailedAttemptIsAFact() async throws {
        let (result, _) = try await handle(
            attempt: 2, answer: "503 Busy", headers: ["Retry-After: 120"], body: "ask jane@example.org")
        let failure = try Self.failure(result)
        var attempted = try #require(failure.facts.first as? CallbackAttempted)
        #expect((0..<10_000).contains(attempted.durationMilliseconds))
        attempted.durationMilliseconds = 0
        let message = "The partner answered with HTTP status 503."
        #expect(
            attempted
                == CallbackAttempted(
                    provider: "portal", sequence: 1, attempt: 2, startedAt: Date(timeIntervalSince1970: 1_800_000_000),
                    durationMilliseconds: 0, addressFamily: .ipv4, httpStatus: 503,
                    error: StageError(code: "http-503", message: message), excerpt: "ask [redacted]"))
        #expect(failure.kind == .transient(retryAfter: .seconds(120)) && failure.endpoint == .failed)
        #expect(failure.error == StageError(code: "http-503", message: message))
    }

    @Test(
        arguments: [
            ("401 No", "http-401", .transient(retryAfter: .seconds(3600)), .failed),
            ("403 No", "http-403", .transient(retryAfter: .seconds(3600)), .failed),
            ("400 No", "http-400", .transient(retryAfter: nil), .failed),
            ("404 No", "http-404", .transient(retryAfter: nil), .failed),
            ("405 No", "http-405", .transient(retryAfter: nil), .failed),
            ("409 No", "http-409", .transient(retryAfter: nil), .failed),
            ("302 Found", "redirected", .transient(retryAfter: .seconds(3600)), .answered),
            ("408 Late", "http-408", .transient(retryAfter: nil), .failed),
            ("425 Early", "http-425", .transient(retryAfter: nil), .failed),
            ("429 Slow", "http-429", .transient(retryAfter: nil), .failed),
            ("500 Oops", "http-500", .transient(retryAfter: nil), .failed),
            ("410 Gone", "http-410", .permanent, .answered),
            ("422 No", "http-422", .transient(retryAfter: nil), .failed),
        ] as [(String, String, StageFailure.Kind, StageFailure.EndpointReport)])
    func whatAnAnswerMeans(
        answer: String, code: String, kind: StageFailure.Kind, endpoint: StageFailure.EndpointReport
    ) async throws {
        let failure = try Self.failure(try await handle(answer: answer).0)
        #expect(failure.error.code == code && failure.kind == kind && failure.endpoint == endpoint)
        #expect((failure.facts.first as? CallbackAttempted)?.error.code == code)
    }

    @Test func aStatusThatTheEntryCallsPermanentIsDeadAtOnce() async throws {
        for (status, kind) in [
            (404, StageFailure.Kind.permanent), (401, .permanent), (422, .transient(retryAfter: nil)),
        ] {
            try await TestServer.serving { connection in
                while try await connection.request() != nil { try await connection.answer("\(status) No") }
            } _: { server in
                try await withHandler(try .fixture(server.template, permanent: [401, 404])) { handler in
                    let failure = try Self.failure(await Self.result(handler, Notice(.fixture())))
                    #expect(failure.kind == kind && failure.error.code == "http-\(status)")
                    #expect(failure.endpoint == (kind == .permanent ? .answered : .failed))
                }
            }
        }
    }

    @Test func aLongerWishThanTheOperatorsPaceIsHeard() async throws {
        let (result, _) = try await handle(answer: "403 No", headers: ["Retry-After: 7200"])
        #expect(try Self.failure(result).kind == .transient(retryAfter: .seconds(7200)))
    }

    @Test func aForbiddenAddressWaitsForTheOperator() async throws {
        try await withHandler(try .fixture("http://localhost:1/{providerRequestId}", allowances: [.http])) { handler in
            let failure = try Self.failure(await Self.result(handler, Notice(.fixture())))
            #expect(failure.error.code == "address-forbidden" && failure.endpoint == .silent)
            #expect(failure.kind == .transient(retryAfter: .seconds(3600)))
        }
    }

    @Test func theSameEventHasTheSameKeyOnEveryAttempt() async throws {
        let keys = Recorder<String?>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                keys.add(request.headers["idempotency-key"])
                try await connection.answer("500 Oops")
            }
        } _: { server in
            try await withHandler(try .fixture(server.template)) { handler in
                for attempt in 1...2 {
                    let result = await Self.result(handler, Notice(.fixture()), attempt: attempt)
                    let failure = try Self.failure(result)
                    #expect(failure.error.code == "http-500")
                }
            }
        }
        #expect(keys.all.count == 2)
        #expect(Set(keys.all).count == 1)
    }

    @Test func aProviderThatTheFileDoesNotNameWaitsForTheOperator() async throws {
        try await withHandler(try .fixture()) { handler in
            let notice = Notice(Event<RequestDecided>.fixture(provider: "nobody"))
            for attempt in 1...4 {
                let failure = try Self.failure(await Self.result(handler, notice, attempt: attempt))
                #expect(failure.kind == (attempt <= 3 ? .transient(retryAfter: nil) : .permanent))
                #expect(failure.error.code == "provider-not-configured" && failure.endpoint == .silent)
            }
        }
    }

    @Test(arguments: [".", "..", ""])
    func anIdThatNoPathSegmentCanSayIsDead(id: String) async throws {
        try await withHandler(try .fixture()) { handler in
            let notice = Notice(Event<RequestDecided>.fixture(providerRequestID: id))
            let failure = try Self.failure(await Self.result(handler, notice))
            #expect(failure.kind == .permanent)
            #expect(failure.error.code == "unusable-id")
        }
    }

    @Test func aProcessThatStopsSpendsNoAttempt() async throws {
        let received = Gate()
        try await TestServer.serving { connection in
            _ = try await connection.request()
            received.open()
            await Gate().wait()
        } _: { server in
            try await withHandler(try .fixture(server.template)) { handler in
                let handling = Task {
                    let failure = try Self.failure(await Self.result(handler, Notice(.fixture())))
                    #expect(failure == .outage("stopping", "The service is stopping."))
                }
                await received.wait()
                handling.cancel()
                try await handling.value
            }
        }
    }
}
