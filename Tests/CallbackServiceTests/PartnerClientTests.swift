import NIOCore
import Testing

@testable import CallbackService

/// Over real loopback sockets.
@Suite struct PartnerClientTests {
    /// Tells a partner that behaves so, once.
    /// - Returns: the status, or the failure.
    private func tell(
        timeout: Duration = .seconds(10), scheme: String = "http",
        _ behaviour: @escaping @Sendable (TestConnection) async throws -> Void
    ) async throws -> Result<Int, DeliveryFailure> {
        let outcome = Recorder<Result<Int, DeliveryFailure>>()
        try await TestPartner.serving(behaviour) { server in
            let url = "\(scheme)://127.0.0.1:\(server.port)/callbacks/r-1"
            let partner = try Partner.fixture(server.template, authorization: "s3cret", timeout: timeout)
            try await withClient { client in
                outcome.add(await Self.result(client, partner, url))
            }
        }
        return try #require(outcome.all.first)
    }

    private static func result(
        _ client: PartnerClient, _ partner: Partner, _ url: String
    ) async -> Result<Int, DeliveryFailure> {
        do {
            return .success(try await client.tell(partner, Callback(url: url, acceptance: true, idempotencyKey: "key")))
        } catch {
            return .failure(error)
        }
    }

    /// Answers the first request, and keeps the connection until the client is done.
    private func tell(
        answer: String, headers: [String] = [], body: String = ""
    ) async throws -> Result<Int, DeliveryFailure> {
        try await tell { connection in
            while try await connection.request() != nil {
                try await connection.answer(answer, headers: headers, body: body)
            }
        }
    }

    @Test(arguments: ["200 OK", "201 Created", "202 Accepted", "204 No Content", "299 Fine"])
    func everyStatusFrom200To299IsAReceipt(status: String) async throws {
        let body = status.hasPrefix("204") ? "" : #"{"ok":true}"#
        #expect(try await tell(answer: status, body: body) == .success(Int(status.prefix(3)) ?? 0))
    }

    @Test(arguments: [400, 401, 404, 409, 410, 429, 500, 502, 503])
    func everyOtherStatusIsAFailureThatNamesIt(status: Int) async throws {
        let failure = DeliveryFailure(
            code: .http(status), message: "The partner answered with HTTP status \(status).")
        #expect(try await tell(answer: "\(status) No", body: "private things") == .failure(failure))
    }

    @Test func aRedirectIsAFailureAndIsNotFollowed() async throws {
        let lines = Recorder<String>()
        let outcome = try await tell { connection in
            while let request = try await connection.request() {
                lines.add(request.line)
                try await connection.answer("302 Found", headers: ["Location: /elsewhere"])
            }
        }
        #expect(throws: DeliveryFailure.self) { try outcome.get() }
        #expect(lines.all == ["POST /callbacks/r-1 HTTP/1.1"])
    }

    @Test func sendsWhatThePartnerAsksFor() async throws {
        let requests = Recorder<TestConnection.Request>()
        _ = try await tell { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK")
            }
        }
        let request = try #require(requests.all.first)
        #expect(request.line == "POST /callbacks/r-1 HTTP/1.1")
        #expect(request.body == #"{"acceptance":true,"status":"new"}"#)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["authorization"] == "s3cret")
        #expect(request.headers["idempotency-key"] == "key")
        #expect(request.headers["user-agent"]?.hasPrefix("Intake/") == true)
        #expect(request.headers["content-length"] == "34")
    }

    @Test func aPartnerThatNeverAnswersIsGivenUpAtItsTimeout() async throws {
        let outcome = try await tell(timeout: .milliseconds(200)) { connection in
            _ = try await connection.request()
            await Gate().wait()
        }
        #expect(outcome == .failure(DeliveryFailure(.timeout)))
    }

    @Test func aReceiptWhoseBodyNeverEndsIsGivenUpAtTheTimeout() async throws {
        let outcome = try await tell(timeout: .milliseconds(200)) { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            await Gate().wait()
        }
        #expect(outcome == .failure(DeliveryFailure(.timeout)))
    }

    @Test func theTimeoutIsOneForBothTries() async throws {
        let connections = Recorder<Void>()
        let outcome = try await tell(timeout: .milliseconds(1500)) { connection in
            connections.add(())
            _ = try await connection.request()
            if connections.all.count > 1 { await Gate().wait() }
        }
        #expect(outcome == .failure(DeliveryFailure(.timeout)))
        #expect(connections.all.count == 2)
    }

    @Test func aResetInTheMiddleOfTheAnswerIsAFailure() async throws {
        let outcome = try await tell { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            try await connection.reset()
        }
        #expect(outcome == .failure(DeliveryFailure(.reset)))
    }

    @Test func aCloseInTheMiddleOfTheAnswerIsAFailure() async throws {
        let requests = Recorder<TestConnection.Request>()
        let outcome = try await tell { connection in
            if let request = try await connection.request() { requests.add(request) }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Le")
        }
        #expect(outcome == .failure(DeliveryFailure(.reset)))
        #expect(requests.all.count == 1)
    }

    @Test func aPartnerThatAlwaysHangsUpIsAskedTwiceAndNoMore() async throws {
        let requests = Recorder<TestConnection.Request>()
        let outcome = try await tell { connection in
            if let request = try await connection.request() { requests.add(request) }
            try await connection.reset()
        }
        #expect(outcome == .failure(DeliveryFailure(.reset)))
        #expect(requests.all.count == 2)
        #expect(requests.all.first == requests.all.last)
    }

    @Test func aKeptConnectionThatThePartnerHasClosedIsNoFailure() async throws {
        let connections = Recorder<Void>()
        let outcomes = Recorder<Result<Int, DeliveryFailure>>()
        try await TestPartner.serving { connection in
            connections.add(())
            let isFirst = connections.all.count == 1
            _ = try await connection.request()
            try await connection.answer("200 OK")
            // The second request on this connection finds it gone.
            if isFirst { return _ = try await connection.request() }
            while try await connection.request() != nil { try await connection.answer("200 OK") }
        } _: { server in
            let partner = try Partner.fixture(server.template)
            try await withClient { client in
                for _ in 0..<2 {
                    outcomes.add(await Self.result(client, partner, "http://127.0.0.1:\(server.port)/callbacks/r-1"))
                }
            }
        }
        #expect(outcomes.all == [.success(200), .success(200)])
        #expect(connections.all.count == 2)
    }

    @Test func aBodyOfManyMegabytesIsCutAndTheReceiptCounts() async throws {
        let sent = Recorder<Int>()
        let outcome = try await tell { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
            let part = String(repeating: "x", count: 1 << 20)
            for _ in 0..<900 {
                try await connection.send(part)
                sent.add(part.utf8.count)
            }
        }
        #expect(outcome == .success(200))
        #expect(sent.all.count < 100)
    }

    @Test func whatIsNoHTTPIsABadAnswer() async throws {
        let outcome = try await tell { connection in
            _ = try await connection.request()
            try await connection.send("SSH-2.0-OpenSSH_9.2\r\n\r\n")
            while try await connection.request() != nil {}
        }
        #expect(outcome == .failure(DeliveryFailure(.badAnswer)))
    }

    @Test func aServerWithoutTLSFailsTheHandshake() async throws {
        let outcome = try await tell(scheme: "https") { connection in
            try await connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            while try await connection.request() != nil {}
        }
        #expect(outcome == .failure(DeliveryFailure(.tls)))
    }

    @Test func aPortThatNobodyListensOnRefuses() async throws {
        let port = try await TestPartner.closedPort()
        try await withClient { client in
            let partner = try Partner.fixture("http://127.0.0.1:\(port)/{providerRequestId}")
            let outcome = await Self.result(client, partner, "http://127.0.0.1:\(port)/r-1")
            #expect(outcome == .failure(DeliveryFailure(.connectionRefused)))
        }
    }

    @Test(
        arguments: [
            ("7", Duration.seconds(7)), ("Fri, 15 Jan 2027 08:01:30 GMT", .seconds(90)), ("soon", nil),
        ] as [(String, Duration?)])
    func retryAfterComesThrough(value: String, expected: Duration?) async throws {
        let outcome = try await tell(answer: "503 Service Unavailable", headers: ["Retry-After: \(value)"])
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .http(503))
        #expect(failure.retryAfter == expected)
    }

    @Test func noFailureTellsTheURLOrTheAuthorization() async throws {
        let outcome = try await tell(answer: "500 s3cret", headers: ["Retry-After: 1"], body: "s3cret")
        let text = "\(outcome)"
        #expect(!text.contains("s3cret"))
        #expect(!text.contains("127.0.0.1"))
    }
}
