import TestSupport
import Testing

@testable import ServiceRuntime

/// Asking whether a process is ready.
@Suite
struct ReadinessQuestionTests {
    @Test(arguments: [
        ("0.0.0.0", "127.0.0.1:81"), ("::", "[::1]:81"), ("127.0.0.1", "127.0.0.1:81"), ("fd00::1", "[fd00::1]:81"),
        ("geocode", "geocode:81"),
    ])
    func whoListensEverywhereIsAskedOverTheLoopback(_ host: String, _ place: String) {
        #expect(ReadinessQuestion(host: host, port: 81).place == place)
    }

    @Test(arguments: [("200 OK", true), ("503 Service Unavailable", false)])
    func theReportIsTheBody(_ status: String, _ isReady: Bool) throws {
        let text = "HTTP/1.1 \(status)\r\nContent-Type: text/plain\r\n\r\nbroker: ok\nstore: cannot write\n"
        #expect(
            try ReadinessQuestion.answer(in: text)
                == .init(isReady: isReady, report: "broker: ok\nstore: cannot write\n"))
    }

    /// An older one does not say.
    @Test(arguments: [
        ("", nil), ("Intake-Service: geocode\r\n", "geocode"), ("intake-service:ingest \r\n", "ingest"),
        ("x: intake-service: ingest\r\n", nil),
    ])
    func theReportSaysWhoseItIs(_ header: String, _ service: String?) throws {
        let text = "HTTP/1.1 503 Service Unavailable\r\n\(header)Content-Length: 9\r\n\r\nstage: ok"
        #expect(try ReadinessQuestion.answer(in: text).service == service)
    }

    @Test(arguments: [
        ("", "what answers is no HTTP server"), ("AMQP\u{0}\u{0}\u{9}\u{1}", "what answers is no HTTP server"),
        ("HTTP/1.1 404 Not Found\r\n\r\n", "what answers is no admin listener of Intake (status 404)"),
        ("HTTP/1.1 200 OK\r\n", "what answers is no admin listener of Intake (status 200)"),
    ])
    func anythingElseIsNoAnswer(_ text: String, _ problem: String) {
        #expect(throws: ReadinessQuestion.Failure(problem: problem)) { try ReadinessQuestion.answer(in: text) }
    }

    @Test func nobodyListens() throws {
        let port = try FreePorts.take(1)[0]
        #expect(throws: ReadinessQuestion.Failure(problem: "Connection refused")) {
            try ReadinessQuestion(host: "127.0.0.1", port: port).ask()
        }
    }

    @Test func aHostThatIsNone() {
        #expect(throws: ReadinessQuestion.Failure(problem: "the host's name has no address")) {
            try ReadinessQuestion(host: "not a name", port: 1).ask()
        }
    }

    @Test func whoNeverAnswersIsNotWaitedFor() throws {
        let port = try OccupiedPort()
        #expect(throws: ReadinessQuestion.Failure(problem: "no answer in time")) {
            try ReadinessQuestion(host: "127.0.0.1", port: port.number).ask(within: .milliseconds(50))
        }
    }
}
