import AdminAPI
import Contracts
import Foundation
import Testing

@testable import Operator

@Suite struct CallbacksOutputTests {
    private let full = CallbackExchange(
        provider: "portal",
        request: .init(
            method: "POST", url: "https://portal.example/intake-test-1",
            headers: [.init(name: "authorization", value: "[redacted]")], body: #"{"acceptance":true,"status":"new"}"#),
        addresses: [
            .init(address: "203.0.113.7", family: "IPv4", verdict: "refused", reason: "documentation"),
            .init(address: "93.184.216.34", family: "IPv4", verdict: "allowed"),
        ],
        address: "93.184.216.34", proxy: nil, tls: .init(version: "TLSv1.3", trust: "system"),
        response: .init(
            status: 200, headers: [.init(name: "x-evil", value: "a\r\n\u{1B}]0;b\u{7}")],
            body: "one\r\ntwo\u{1B}[2J\u{202E}", bodyCut: true),
        receipt: .init(isReceipt: false, code: "no-receipt", reason: "/error is there", outcome: "retry"),
        durationMs: 31)

    @Test func anExchangeIsShownWhole() {
        #expect(
            CallbackExchangeText.of(full) == """
                POST https://portal.example/intake-test-1
                  authorization: [redacted]

                  {"acceptance":true,"status":"new"}

                addresses
                  203.0.113.7    IPv4  refused: documentation
                  93.184.216.34  IPv4  allowed, asked
                TLS: TLSv1.3, trusting the system's authorities

                HTTP 200
                  x-evil: a\u{FFFD}\u{FFFD}\u{FFFD}]0;b\u{FFFD}

                  one
                  two\u{FFFD}[2J\u{FFFD}
                  … and more, not shown

                NO RECEIPT (no-receipt: /error is there); a real callback would be tried again. The attempt took 31ms.

                """)
    }

    @Test func anExchangeWithoutAnAnswerIsShownToo() {
        var exchange = full
        exchange.response = nil
        exchange.addresses = []
        exchange.tls = .init(version: nil, trust: nil)
        exchange.proxy = "http://proxy.internal:3128"
        exchange.receipt = .init(isReceipt: false, code: "tls", outcome: "dead")
        let text = CallbackExchangeText.of(exchange)
        #expect(
            text.contains("addresses: none\nby the proxy http://proxy.internal:3128\nTLS: no handshake came about\n"))
        #expect(text.hasSuffix("\n\nNO RECEIPT (tls); a real callback would be dead. The attempt took 31ms.\n"))
        exchange.receipt = .init(isReceipt: true, outcome: "delivered")
        #expect(CallbackExchangeText.of(exchange).hasSuffix("\n\nA receipt. The attempt took 31ms.\n"))
    }

    @Test func whatTheServiceMayLeaveOutIsNotMissed() throws {
        let json = """
            {"provider":"p","request":{"method":"POST","url":"u","headers":[]},"addresses":[],"later":1,
            "receipt":{"isReceipt":true},"durationMs":1}
            """
        let exchange = try JSONDecoder().decode(CallbackExchange.self, from: Data(json.utf8))
        #expect(CallbackExchangeText.of(exchange) == "POST u\n\naddresses: none\n\nA receipt. The attempt took 1ms.\n")
    }

    @Test func attemptsAreATableWithWhatThePartnerAnswered() {
        let at = DeadFixture.diedAt
        let callbacks = CallbackAttempts(
            request: DeadFixture.requestID, provider: "portal",
            notification: .init(
                status: "retrying", sequence: 1, since: at, summary: "covered; not told, attempt 2 of 10"),
            attempts: [
                .init(
                    at: at, sequence: 1, attempt: 1, durationMs: 15_000, addressFamily: "IPv4", httpStatus: 200,
                    error: .init(code: "no-receipt", message: "The rule asks for more."),
                    excerpt: "{\"error\":\n\"\u{1B}[31m\"}", delivered: false),
                .init(at: at + 5, sequence: 1, attempt: 2, durationMs: 3, httpStatus: 200, delivered: true),
            ],
            endpoint: .init(degradedSince: at, error: .init(code: "http-503", message: "It is away.")))
        #expect(
            CallbackAttemptsText.of(callbacks) == """
                request 01020304-0506-7008-890a-0b0c0d0e0f10 of portal
                retrying: covered; not told, attempt 2 of 10
                the provider's endpoint is away since \(Timestamp.string(at)) (http-503: It is away.)

                AT                        SEQUENCE  ATTEMPT  TOOK  BY    STATUS  CAME TO
                \(Timestamp.string(at))         1        1   15s  IPv4     200  no-receipt: The rule asks for more.
                    | {"error":
                    | "\u{FFFD}[31m"}
                \(Timestamp.string(at + 5))         1        2   3ms  -        200  told

                """)
    }

    @Test func noAttemptsAreSaidSo() {
        let callbacks = CallbackAttempts(
            request: DeadFixture.requestID, provider: "portal",
            notification: .init(status: "pending", sequence: 1, since: DeadFixture.diedAt, summary: "covered"),
            attempts: [])
        let text = CallbackAttemptsText.of(callbacks)
        #expect(text.contains("pending: covered") && text.hasSuffix("\n\nNo attempts yet.\n"))
    }
}
