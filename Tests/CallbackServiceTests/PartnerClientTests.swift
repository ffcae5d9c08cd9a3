import Contracts
import NIOCore
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

/// Over real loopback sockets.
@Suite struct PartnerClientTests {
    /// Tells a partner that behaves so, once.
    /// - Returns: the status, or the failure.
    private func tell(
        timeout: Duration = .seconds(10), scheme: String = "http", receipt: ReceiptRule = ReceiptRule(),
        _ behaviour: @escaping @Sendable (TestConnection) async throws -> Void
    ) async throws -> Result<Int, DeliveryFailure> {
        let outcome = Recorder<Result<Int, DeliveryFailure>>()
        try await TestServer.serving(behaviour) { server in
            let url = "\(scheme)://127.0.0.1:\(server.port)/callbacks/r-1"
            let template = server.template.replacing("http:", with: "\(scheme):")
            let partner = try Partner.fixture(
                template, authorization: "s3cret", timeout: timeout, receipt: receipt)
            try await withClient { client in
                outcome.add(await Self.result(client, partner, url))
            }
        }
        return try #require(outcome.all.first)
    }

    /// A failure after a connection had come about.
    private static func asked(_ code: DeliveryFailure.Code, status: Int? = nil) -> DeliveryFailure {
        var failure = DeliveryFailure(code)
        failure.addressFamily = .ipv4
        failure.status = status
        return failure
    }

    private static func result(
        _ client: PartnerClient, _ partner: Partner, _ url: String
    ) async -> Result<Int, DeliveryFailure> {
        do throws(DeliveryFailure) {
            return .success(try await client.tell(partner, .fixture(url)).status)
        } catch {
            return .failure(error)
        }
    }

    /// Answers the first request, and keeps the connection until the client is done.
    private func tell(
        answer: String, headers: [String] = [], body: String = "", receipt: ReceiptRule = ReceiptRule()
    ) async throws -> Result<Int, DeliveryFailure> {
        try await tell(receipt: receipt) { connection in
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

    @Test(
        arguments: [
            (400, .tryAgain), (401, .needsOperator), (403, .needsOperator), (404, .tryAgain), (407, .needsOperator),
            (408, .tryAgain), (409, .tryAgain), (410, .final), (421, .tryAgain), (425, .tryAgain), (429, .tryAgain),
            (451, .tryAgain), (500, .tryAgain), (501, .tryAgain), (502, .tryAgain), (503, .tryAgain), (599, .tryAgain),
            (600, .tryAgain), (999, .tryAgain),
        ] as [(Int, DeliveryFailure.Verdict)])
    func everyOtherStatusIsAFailureThatNamesIt(status: Int, verdict: DeliveryFailure.Verdict) async throws {
        let failure = DeliveryFailure(
            code: .http(status), message: "The partner answered with HTTP status \(status).", verdict: verdict,
            status: status, excerpt: "private things", addressFamily: .ipv4)
        #expect(try await tell(answer: "\(status) No", body: "private things") == .failure(failure))
    }

    @Test func anErrorInA200IsNoReceiptByTheRule() async throws {
        let rule = ReceiptRule(body: [.absent(try #require(JSONPointer("/error")))])
        let outcome = try await tell(answer: "200 OK", body: #"{"error":"unknown serial s3cret"}"#, receipt: rule)
        #expect(
            outcome
                == .failure(
                    DeliveryFailure(
                        code: .noReceipt,
                        message: "The partner's answer breaks the receipt rule \"/error is absent\".", status: 200,
                        excerpt: #"{"error":"unknown serial [redacted]"}"#, addressFamily: .ipv4)))
        #expect(try await tell(answer: "200 OK", body: #"{"ok":true}"#, receipt: rule) == .success(200))
    }

    @Test func aStatusThatTheRuleDoesNotNameIsNoReceipt() async throws {
        let rule = ReceiptRule(statuses: [200, 409])
        let outcome = try await tell(answer: "202 Accepted", receipt: rule)
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .noReceipt && failure.verdict == .tryAgain && failure.status == 202)
        #expect(try await tell(answer: "409 Conflict", body: "known", receipt: rule) == .success(409))
    }

    @Test func aHugeBodyIsNoReceiptByARuleAboutJSON() async throws {
        let rule = ReceiptRule(body: [.absent(try #require(JSONPointer("/error")))])
        let outcome = try await tell(
            answer: "200 OK", body: #"{"padding":"\#(String(repeating: "x", count: 1 << 20))"}"#, receipt: rule)
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .noReceipt && failure.message.hasSuffix("the body is too long."))
        #expect(failure.excerpt?.utf8.count == 2048)
    }

    @Test(arguments: [300, 301, 302, 303, 304, 307, 308])
    func everyRedirectWaitsForAnOperator(status: Int) async throws {
        let outcome = try await tell(answer: "\(status) Moved", headers: ["Location: http://127.0.0.1:1/"])
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .redirected && failure.verdict == .needsOperator && failure.status == status)
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
        #expect(request.headers["accept-encoding"] == "identity")
        #expect(!request.headers.keys.contains { $0.hasPrefix("webhook-") || $0.hasPrefix("intake-") })
    }

    @Test func signsWithEachSecretAndSendsHeadersOfThePartnersOwn() async throws {
        let secrets = [
            try SigningSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"),
            try SigningSecret("whsec_FxYVFBMSERAPDg0MCwoJCAcGBQQDAgEA"),
        ]
        let requests = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("200 OK")
            }
        } _: { server in
            let partner = try Partner.fixture(
                server.template, headers: [.init(name: "X-Portal-Key", value: Secret("abc"))], signingSecrets: secrets)
            try await withClient { client in
                _ = try await client.tell(partner, .fixture("http://127.0.0.1:\(server.port)/callbacks/r-1"))
            }
        }
        let request = try #require(requests.all.first)
        #expect(request.headers["x-portal-key"] == "abc")
        #expect(request.headers["webhook-id"] == "key" && request.headers["idempotency-key"] == "key")
        #expect(request.headers["webhook-timestamp"] == "1800000000")
        let expected = secrets.map { $0.signature(id: "key", timestamp: 1_800_000_000, body: request.body.utf8) }
        #expect(request.headers["webhook-signature"] == expected.joined(separator: " "))
        #expect(expected[0] != expected[1])
    }

    @Test func aPartnerThatNeverAnswersIsGivenUpAtItsTimeout() async throws {
        let outcome = try await tell(timeout: .milliseconds(200)) { connection in
            _ = try await connection.request()
            await Gate().wait()
        }
        #expect(outcome == .failure(Self.asked(.timeout)))
    }

    @Test func aReceiptWhoseBodyNeverEndsIsGivenUpAtTheTimeout() async throws {
        let outcome = try await tell(timeout: .milliseconds(200)) { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            await Gate().wait()
        }
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        // Whether the head came in time is the host's affair.
        #expect(failure.code == .timeout && (failure.status ?? 200) == 200)
    }

    @Test func theTimeoutIsOneForBothTries() async throws {
        let connections = Recorder<Void>()
        // Time enough for the first try on the busiest machine.
        let outcome = try await tell(timeout: .seconds(5)) { connection in
            connections.add(())
            _ = try await connection.request()
            if connections.all.count > 1 { await Gate().wait() }
        }
        #expect(outcome == .failure(Self.asked(.timeout)))
        #expect(connections.all.count == 2)
    }

    @Test func aResetInTheMiddleOfTheAnswerIsAFailure() async throws {
        let outcome = try await tell { connection in
            _ = try await connection.request()
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            try await connection.reset()
        }
        #expect(outcome == .failure(Self.asked(.reset, status: 200)))
    }

    @Test func aCloseInTheMiddleOfTheAnswerIsAFailure() async throws {
        let requests = Recorder<TestConnection.Request>()
        let outcome = try await tell { connection in
            if let request = try await connection.request() { requests.add(request) }
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Le")
        }
        #expect(outcome == .failure(Self.asked(.reset)))
        #expect(requests.all.count == 1)
    }

    @Test func aPartnerThatAlwaysHangsUpIsAskedTwiceAndNoMore() async throws {
        let requests = Recorder<TestConnection.Request>()
        let outcome = try await tell { connection in
            if let request = try await connection.request() { requests.add(request) }
            try await connection.reset()
        }
        #expect(outcome == .failure(Self.asked(.reset)))
        #expect(requests.all.count == 2)
        #expect(requests.all.first == requests.all.last)
    }

    @Test func aKeptConnectionThatThePartnerHasClosedIsNoFailure() async throws {
        let connections = Recorder<Void>()
        let outcomes = Recorder<Result<Int, DeliveryFailure>>()
        try await TestServer.serving { connection in
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

    /// Each of several kept connections may be gone, and none of them costs an attempt.
    @Test func severalKeptConnectionsThatThePartnerHasClosedAreNoFailure() async throws {
        let connections = Recorder<Void>()
        let outcomes = Recorder<Result<Int, DeliveryFailure>>()
        let allAsked = Gate()
        try await TestServer.serving { connection in
            connections.add(())
            guard connections.all.count <= 4 else {
                while try await connection.request() != nil { try await connection.answer("200 OK") }
                return
            }
            _ = try await connection.request()
            if connections.all.count == 4 { allAsked.open() }
            await allAsked.wait()
            try await connection.answer("200 OK")
            // The second request on this connection finds it gone.
            _ = try await connection.request()
        } _: { server in
            let partner = try Partner.fixture(server.template)
            let url = "http://127.0.0.1:\(server.port)/callbacks/r-1"
            try await withClient { client in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { outcomes.add(await Self.result(client, partner, url)) } }
                }
                outcomes.add(await Self.result(client, partner, url))
            }
        }
        #expect(outcomes.all == Array(repeating: .success(200), count: 5))
    }

    /// Said of the connection, which had waited too long, and not of the request (RFC 9110, section 15.5.9).
    @Test func aRequestThatCrossesA408IsSentOnceMore() async throws {
        let requests = Recorder<TestConnection.Request>()
        let outcome = try await tell { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer(requests.all.count == 1 ? "408 Late" : "200 OK")
            }
        }
        #expect(outcome == .success(200))
        #expect(requests.all.count == 2)
    }

    /// As balancers do that close what has idled too long for them.
    @Test func aFarewellBehindAnAnswerIsNotTheNextAnswer() async throws {
        let connections = Recorder<Void>()
        let outcomes = Recorder<Result<Int, DeliveryFailure>>()
        try await TestServer.serving { connection in
            connections.add(())
            let isFirst = connections.all.count == 1
            while try await connection.request() != nil {
                let farewell = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                try await connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + (isFirst ? farewell : ""))
            }
        } _: { server in
            let partner = try Partner.fixture(server.template)
            try await withClient { client in
                for _ in 0..<3 {
                    outcomes.add(await Self.result(client, partner, "http://127.0.0.1:\(server.port)/callbacks/r-1"))
                }
            }
        }
        #expect(outcomes.all == [.success(200), .success(200), .success(200)])
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
        #expect(outcome == .failure(Self.asked(.badAnswer)))
    }

    @Test func aServerWithoutTLSFailsTheHandshake() async throws {
        let outcome = try await tell(scheme: "https") { connection in
            try await connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            while try await connection.request() != nil {}
        }
        #expect(outcome == .failure(Self.asked(.tls)))
    }

    /// Byte by byte, for ever: neither the head nor a chunk ends.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nX-Slow: ", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
    ])
    func anAnswerThatDripsIsGivenUpAtTheTimeout(start: String) async throws {
        let outcome = try await tell(timeout: .milliseconds(300)) { connection in
            _ = try await connection.request()
            try await connection.send(start)
            // Slowly, or the limits of the head would come first.
            try await connection.drip("x", every: .milliseconds(20))
        }
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .timeout || failure.code == .badAnswer)
    }

    @Test func anInformationalAnswerIsNotTheAnswer() async throws {
        let outcome = try await tell { connection in
            while try await connection.request() != nil {
                try await connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n")
                try await connection.answer("202 Accepted")
            }
        }
        #expect(outcome == .success(202))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Long: \(String(repeating: "x", count: 200_000))\r\n\r\n",
    ])
    func anAbsurdAnswerIsABadAnswer(text: String) async throws {
        let outcome = try await tell { connection in
            _ = try await connection.request()
            try await connection.send(text)
            while try await connection.request() != nil {}
        }
        guard case .failure(let failure) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(failure.code == .badAnswer, "\(failure)")
    }

    @Test func aFoldedHeaderLineIsAReceipt() async throws {
        let outcome = try await tell(answer: "200 OK", headers: ["X-Note: one", " two", "\tthree"], body: "{}")
        #expect(outcome == .success(200))
    }

    @Test func aBodyBehindAByteOrderMarkIsRead() async throws {
        let rule = ReceiptRule(body: [.equals(try #require(JSONPointer("/ok")), .bool(true))])
        let outcome = try await tell(answer: "200 OK", body: "\u{FEFF}{\"ok\":true}", receipt: rule)
        #expect(outcome == .success(200))
    }

    @Test(arguments: [
        "/callbacks?filter[id]={providerRequestId}", "/a[0]/{providerRequestId}",
        "/%5Bid%5D/{providerRequestId}?a=[]&b=%5b",
        "//{providerRequestId}", "/a/;v=1/{providerRequestId}?q='(x)*!$&,:@/?", "/{providerRequestId}?",
        "/{providerRequestId}?a=b=c",
    ])
    func theURLGoesOutAsTheFileWritesIt(path: String) async throws {
        let lines = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                lines.add(request)
                try await connection.answer("200 OK")
            }
        } _: { server in
            let partner = try Partner.fixture("http://127.0.0.1:\(server.port)\(path)")
            try await withClient { client in
                let url = try #require(partner.url.url(for: "r/1"))
                _ = try await client.tell(partner, .fixture(url))
            }
        }
        let expected = path.replacing("{providerRequestId}", with: "r%2F1")
        #expect(lines.all.map(\.line) == ["POST \(expected) HTTP/1.1"])
        #expect(lines.all.first?.headers["intake-request-target"] == nil)
        #expect(lines.all.first?.headers["host"]?.hasPrefix("127.0.0.1:") == true)
    }

    @Test func aPortThatNobodyListensOnRefuses() async throws {
        let port = try OccupiedPort(listens: false)
        try await withClient { client in
            let partner = try Partner.fixture("http://127.0.0.1:\(port.number)/{providerRequestId}")
            let outcome = await Self.result(client, partner, "http://127.0.0.1:\(port.number)/r-1")
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
        #expect(failure.code == .http(503) && failure.verdict == .tryAgain)
        #expect(failure.retryAfter == expected)
    }

    @Test func noFailureTellsTheURLOrTheAuthorization() async throws {
        let outcome = try await tell(answer: "500 s3cret", headers: ["Retry-After: 1"], body: "s3cret")
        let text = "\(outcome)"
        #expect(!text.contains("s3cret"))
        #expect(!text.contains("127.0.0.1"))
    }
}
