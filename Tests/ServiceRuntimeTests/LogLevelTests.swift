import AdminAPI
import Configuration
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import ServiceRuntime

/// The log's level, changed while the process runs.
@Suite struct LogLevelTests {
    /// What a logger of a process with these levels writes.
    private final class Log: Sendable {
        private let written = Mutex<[String]>([])
        let levels: LogLevels

        init(_ levels: LogLevels) { self.levels = levels }

        var lines: [String] { written.withLock { $0 } }

        func logger(_ label: String) -> Logger {
            var handler = LineLog(label: label, format: .text, levels: levels)
            handler.write = { line in
                let text = String(decoding: line.dropLast(), as: UTF8.self)
                self.written.withLock { $0.append(String(text.drop { $0 != " " }.dropFirst())) }
            }
            return Logger(label: label) { _ in PrintableLog(handler) }
        }
    }

    @Test func aChangeCountsForLoggersThatThereAre() {
        let log = Log(LogLevels(.info))
        let logger = log.logger("intake.test")
        logger.debug("1", source: "A")
        #expect(log.levels.change(nil, to: .debug, for: nil))
        logger.debug("2", source: "A")
        logger.trace("3", source: "A")
        #expect(log.levels.change(nil, to: .error, for: nil))
        logger.warning("4", source: "A")
        logger.error("5", source: "A")
        log.levels.reset()
        logger.debug("6", source: "A")
        logger.info("7", source: "A")
        #expect(log.lines.map { $0.suffix(1) } == ["2", "5", "7"])
    }

    @Test func aPartHasALevelOfItsOwn() {
        let log = Log(LogLevels(.info))
        let (own, other) = (log.logger("intake.test"), log.logger("other"))
        func say(_ name: String) {
            own.debug("\(name) own A", source: "A")
            own.debug("\(name) own B", source: "B")
            other.debug("\(name) other B", source: "B")
            other.warning("\(name) other A", source: "A")
        }
        #expect(log.levels.change("A", to: .debug, for: nil))
        say("1")
        #expect(log.levels.change("A", to: .error, for: nil) && log.levels.change("other", to: .trace, for: nil))
        say("2")
        #expect(
            log.lines.map { $0.drop { $0 != "]" }.dropFirst(2) } == [
                "1 own A", "1 other A", "2 other B",
            ])
        for number in 0..<(LogLevels.mostParts - 2) {
            #expect(log.levels.change("part-\(number)", to: .debug, for: nil))
        }
        #expect(!log.levels.change("one-more", to: .debug, for: nil))
        #expect(log.levels.change("A", to: .debug, for: nil))
    }

    /// The HTTP server's own sentences are left out unless they matter, whatever is set.
    @Test func aLoggerThatIsSetToALevelLogsNothingBelowIt() {
        let log = Log(LogLevels(.info))
        var server = log.logger("intake.test")
        server.logLevel = .notice
        #expect(server.logLevel == .notice)
        #expect(log.levels.change(nil, to: .trace, for: nil))
        server.info("1", source: "A")
        #expect(log.levels.change(nil, to: .error, for: nil))
        server.warning("2", source: "A")
        log.levels.reset()
        server.notice("3", source: "A")
        #expect(log.lines.map { $0.suffix(1) } == ["3"])
    }

    @Test func aChangeForATimeEnds() async throws {
        let levels = LogLevels(.info)
        #expect(levels.change(nil, to: .debug, for: .milliseconds(30)))
        #expect(levels.change("A", to: .trace, for: nil))
        let running = Task { try await levels.run() }
        try await eventually("the whole is as configured") { levels.changes.whole == nil }
        #expect(levels.lowest == .trace && levels.changes.parts.count == 1)
        // An earlier end than the one that is waited for.
        #expect(levels.change("B", to: .error, for: .seconds(3600)))
        #expect(levels.change("A", to: .debug, for: .milliseconds(30)))
        try await eventually("the part is as configured") { levels.changes.parts["A"] == nil }
        #expect(levels.lowest == .info && levels.changes.parts["B"]?.level == .error)
        running.cancel()
        try await running.value
    }

    // MARK: Over HTTP

    private func ask(
        _ levels: LogLevels, _ method: HTTPRequest.Method, _ body: String = "", token: String? = "t0ken",
        type: String? = "application/json"
    ) async throws -> (status: Int, text: String) {
        let answers = Mutex<(Int, String)>((0, ""))
        var process = ProcessSettings.test
        process.adminToken = "t0ken"
        let server = AdminServer(
            settings: process, health: HealthRegistry(), metrics: PrometheusRegistry(), levels: levels,
            routes: AdminRoutes(), logger: .silent)
        var headers: HTTPFields = [:]
        headers[.authorization] = token.map { "Bearer \($0)" }
        if !body.isEmpty { headers[.contentType] = type }
        try await Hummingbird.Application(router: server.router()).test(.router) { [headers] client in
            try await client.execute(
                uri: "/admin/log-level", method: method, headers: headers, body: ByteBuffer(string: body)
            ) { response in
                answers.withLock { $0 = (response.status.code, String(buffer: response.body)) }
            }
        }
        return answers.withLock { $0 }
    }

    /// It is all that a service serves below the root that adds nothing of its own.
    @Test func everyServiceServesIt() {
        let server = AdminServer(
            settings: .test, health: HealthRegistry(), metrics: PrometheusRegistry(), levels: LogLevels(.info),
            routes: AdminRoutes(), logger: .silent)
        let served = server.router().routes.map { "\($0.method) \($0.path)" }.filter { $0.contains(AdminRoute.root) }
        #expect(Set(served) == Set(AdminCatalogue.routes(of: .geocode).map(\.description)) && served.count == 3)
    }

    @Test func itIsShownChangedAndReset() async throws {
        let levels = LogLevels(.info)
        let before = #"{"configured":"info","level":"info","parts":[]}"#
        #expect(try await ask(levels, .get) == (200, before))
        let part = try await ask(levels, .put, #"{"level": "trace", "part": "Broker", "for": null}"#)
        #expect(part == (200, #"{"configured":"info","level":"info","parts":[{"level":"trace","part":"Broker"}]}"#))
        let whole = try await ask(levels, .put, #"{"level": "debug", "for": "10m"}"#)
        #expect(whole.status == 200 && whole.text.contains(#""level":"debug","parts""#))
        struct View: Decodable { var until: String? }
        let until = try #require(try JSONDecoder().decode(View.self, from: Data(whole.text.utf8)).until)
        let date = try #require(try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(until))
        #expect((500...600).contains(date.timeIntervalSinceNow))
        #expect(levels.lowest == .trace)
        #expect(try await ask(levels, .delete) == (200, before))
        #expect(levels.lowest == .info)
    }

    @Test(arguments: [
        ("", 400, "not well-formed JSON"), ("level: debug", 400, "not well-formed JSON"),
        ("[]", 422, "must be an object"), ("{}", 422, #""code":"required","detail":"must be one of trace, debug"#),
        (#"{"level": "loud"}"#, 422, "must be one of trace, debug, info, notice, warning, error, critical"),
        (#"{"level": 1}"#, 422, #""detail":"must be a text","pointer":"/level""#),
        (#"{"level": "debug", "for": "10"}"#, 422, "must be 1s to 24h, such as 10m"),
        (#"{"level": "debug", "for": "0s"}"#, 422, "must be 1s to 24h"),
        (#"{"level": "debug", "for": "25h"}"#, 422, "must be 1s to 24h"),
        (#"{"level": "debug", "for": "-5m"}"#, 422, "must be 1s to 24h"),
        (#"{"level": "debug", "part": ""}"#, 422, "must be a logger or a source"),
        (#"{"level": "debug", "part": "a b"}"#, 422, "must be a logger or a source"),
        (#"{"level": "debug", "fro": "10m"}"#, 422, #""detail":"is none of level, part and for","pointer":"/fro""#),
    ])
    func whatCannotBeIsRefused(_ body: String, _ status: Int, _ words: String) async throws {
        let levels = LogLevels(.info)
        let answer = try await ask(levels, .put, body)
        #expect(answer.status == status && answer.text.contains(words), "\(answer)")
        #expect(levels.changes == LogLevels.Changes())
    }

    @Test func itNeedsTheTokenAndJSON() async throws {
        let levels = LogLevels(.info)
        let body = #"{"level": "debug"}"#
        #expect(try await ask(levels, .put, body, token: nil).status == 401)
        #expect(try await ask(levels, .get, token: "wrong").status == 401)
        #expect(try await ask(levels, .put, body, type: "text/plain").status == 415)
        let large = #"{"level": "debug", "part": ""# + String(repeating: "x", count: 9000) + #""}"#
        #expect(try await ask(levels, .put, large).status == 413)
        #expect(levels.lowest == .info)
    }
}

extension ProcessSettings {
    fileprivate static var test: ProcessSettings {
        var settings = Settings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: [:])))
        return ProcessSettings(&settings, name: "test")
    }
}
