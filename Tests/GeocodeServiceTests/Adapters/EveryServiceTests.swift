import Contracts
import NIOCore
import TestSupport
import Testing

@testable import GeocodeService

/// What every kind of service may do, over real loopback sockets.
@Suite struct EveryServiceTests {
    @Test(arguments: Asking.kinds) func whatItFindsIsFound(kind: GeocoderEntry.Kind) async throws {
        let requests = Recorder<TestConnection.Request>()
        let result = try await Asking.ask(kind) { request, outbound in
            requests.add(request)
            try await outbound.answer(Bodies.found(kind))
        }
        let match = try #require(result.match, "\(result)")
        #expect(match.location.latitude == 29.7601)
        #expect(match.location.longitude == -95.3694)
        #expect(match.location.source == "a-\(kind.rawValue)")
        #expect(match.location.precision == (kind == .census ? .interpolated : .rooftop))
        #expect(match.location.confidence.map { (0.8...1).contains($0) } == true)
        #expect(match.state == "TX")
        #expect(match.countyFIPS == (kind == .census ? "48201" : nil))
        #expect(match.matchedText?.isEmpty == false)
        let request = try #require(requests.all.first)
        #expect(requests.all.count == 1)
        #expect(request.line.hasPrefix("GET /"))
        #expect(request.line.contains("901%20Bagby%20St") && request.line.contains("77002"))
        #expect(!request.line.contains("1234"))
        #expect(request.headers["user-agent"] == "Intake/0.1.0 (+ops@relief.example)")
        #expect(request.headers["accept"] == "application/json")
    }

    @Test(arguments: Asking.kinds) func noMatchIsAnAnswer(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind) { try await $1.answer(Bodies.noMatch(kind)) }
        #expect(result == .success(.noMatch))
    }

    @Test func anAddressWithoutAStreetIsNotAskedFor() async throws {
        var address = Asking.address
        address.street = " - "
        let result = try await Asking.ask(.google, address) { _, _ in Issue.record("was asked") }
        #expect(result == .success(.noMatch))
    }

    @Test func theOperatorsCreditStandsInForTheAnswers() async throws {
        let result = try await Asking.ask(.nominatim, attribution: "Map: volunteers") {
            try await $1.answer(Bodies.nominatim())
        }
        #expect(result.match?.location.attribution == "Map: volunteers")
    }

    @Test(arguments: Asking.kinds, [429, 503]) func whoIsOverloadedSaysForHowLong(
        kind: GeocoderEntry.Kind, status: Int
    ) async throws {
        let result = try await Asking.ask(kind) {
            try await $1.answer(status: "\(status) No", headers: ["Retry-After: 120"], "<html>Slow down</html>")
        }
        #expect(result.failure?.kind == .away(retryAfter: .seconds(120)))
        #expect(result.failure?.code == (kind == .nominatim && status == 429 ? "over-limit" : "http-\(status)"))
    }

    @Test(arguments: Asking.kinds) func whoIsSlowIsGivenUp(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind, timeout: .milliseconds(200)) { _, outbound in
            try await outbound.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
            for await _ in AsyncStream<Never>.makeStream().stream {}
        }
        #expect(result.failure?.kind == .away(retryAfter: nil))
        #expect(result.failure?.code == "timeout")
    }

    @Test(arguments: Asking.kinds) func whoSaysNothingAtAllIsGivenUp(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind, timeout: .milliseconds(200)) { _, _ in
            for await _ in AsyncStream<Never>.makeStream().stream {}
        }
        #expect(result.failure?.code == "timeout")
    }

    @Test(arguments: Asking.kinds) func anAnswerThatBreaksOffIsNone(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind) {
            try await $1.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + Bodies.found(kind).dropLast(20))
        }
        #expect(result.failure == .cutOff)
        // Without a length the end of the connection is the end of the answer, and its JSON is what breaks off.
        let open = try await Asking.ask(kind) {
            try await $1.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + Bodies.found(kind).dropLast(20))
        }
        #expect(open.failure?.kind == .unreadable)
        #expect(open.failure?.code == "not-json")
    }

    @Test(arguments: Asking.kinds, ["Content-Length: 1073741824", "Connection: close"])
    func aGigabyteIsNotRead(kind: GeocoderEntry.Kind, framing: String) async throws {
        let sent = Recorder<Int>()
        let result = try await Asking.ask(kind) { _, outbound in
            try await outbound.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n[")
            let blanks = ByteBuffer(repeating: UInt8(ascii: " "), count: 64 * 1024)
            for _ in 0..<16_384 {
                try await outbound.write(blanks)
                sent.add(blanks.readableBytes)
            }
        }
        #expect(result.failure == .tooLong)
        // What was let go, and what lay in the sockets' buffers.
        #expect(sent.all.reduce(0, +) < 64 << 20)
    }

    @Test func anAnswerMayHaveTheWholeLength() async throws {
        let padding = String(repeating: " ", count: GeocoderAnswer.longest - 2)
        let whole = try await Asking.ask(.nominatim) { try await $1.answer("[\(padding)]") }
        #expect(whole == .success(.noMatch))
        let longer = try await Asking.ask(.nominatim) { try await $1.answer("[\(padding) ]") }
        #expect(longer.failure == .tooLong)
    }

    @Test(arguments: Asking.kinds) func aWebPageIsNoAnswer(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind) {
            try await $1.answer(
                headers: ["Content-Type: application/json"], "<!DOCTYPE html><title>Welcome to the hotel</title>")
        }
        #expect(result.failure?.kind == .unreadable)
        #expect(result.failure?.code == "not-json")
        #expect(result.failure?.message == "The answer is a web page.")
    }

    @Test(arguments: Asking.kinds, [301, 302, 307, 308]) func aRedirectIsNotFollowed(
        kind: GeocoderEntry.Kind, status: Int
    ) async throws {
        let requests = Recorder<TestConnection.Request>()
        let result = try await Asking.ask(kind) { request, outbound in
            requests.add(request)
            try await outbound.answer(status: "\(status) Moved", headers: ["Location: /elsewhere"])
        }
        #expect(result.failure?.kind == .refused)
        #expect(result.failure?.code == "http-\(status)")
        #expect(requests.all.count == 1)
    }

    @Test(
        arguments: Asking.kinds,
        ["{}", "[1]", "null", "7", #""text""#, #"{"result":7,"features":{},"status":4}"#, #"[{"lat":[],"lon":{}}]"#])
    func jsonOfAnotherKindIsNoAnswer(kind: GeocoderEntry.Kind, body: String) async throws {
        let result = try await Asking.ask(kind) { try await $1.answer(body) }
        #expect(result.failure?.kind == .unreadable, "\(result)")
        #expect(result.failure?.code == "wrong-shape", "\(result)")
    }

    @Test(arguments: Asking.kinds) func whatIsNoJSONIsNoAnswer(kind: GeocoderEntry.Kind) async throws {
        for body in ["", "OK", "\u{0}\u{1}", #"{"status": "OK""#] {
            let result = try await Asking.ask(kind) { try await $1.answer(body) }
            #expect(result.failure?.code == "not-json", "\(body) \(result)")
        }
    }

    @Test(arguments: Asking.kinds) func whatIsNotHTTPIsNoAnswer(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind) { try await $1.send("220 mail.example ESMTP\r\n") }
        #expect(result.failure?.kind == .unreadable)
        #expect(result.failure?.code == "not-http")
    }

    @Test(arguments: Asking.kinds) func whoHangsUpIsAway(kind: GeocoderEntry.Kind) async throws {
        let result = try await Asking.ask(kind) { _, _ in }
        #expect(result.failure?.kind == .away(retryAfter: nil))
        #expect(result.failure?.code == "reset")
    }

    @Test func whereNobodyListensSomebodyIsAway() async throws {
        let port = try OccupiedPort(listens: false)
        let result = try await Asking.ask(Asking.entry(.census, url: "http://127.0.0.1:\(port.number)"))
        #expect(result.failure?.kind == .away(retryAfter: nil))
        #expect(result.failure?.code == "connection-refused")
    }

    @Test func aNameThatNobodyHasIsAway() async throws {
        let result = try await Asking.ask(Asking.entry(.census, url: "http://nobody.invalid"))
        #expect(result.failure?.kind == .away(retryAfter: nil))
    }

    @Test(arguments: Asking.kinds, [401, 404, 500]) func noFailureRepeatsTheQuestion(
        kind: GeocoderEntry.Kind, status: Int
    ) async throws {
        let result = try await Asking.ask(kind) { request, outbound in
            try await outbound.answer(status: "\(status) No", #"{"error_message":"\#(request.line)"}"#)
        }
        let failure = try #require(result.failure)
        var told = "\(failure) \(String(reflecting: failure))"
        dump(failure, to: &told)
        for secret in ["Bagby", Asking.key, "77002", "127.0.0.1"] { #expect(!told.contains(secret), "\(told)") }
        #expect(failure.kind == (status == 500 ? .away(retryAfter: nil) : .refused))
    }

    @Test func aTaskThatIsCancelledStopsAsking() async throws {
        let outcome = Recorder<Result<StreetFinding, GeocoderFailure>>()
        let isAsked = AsyncStream<Void>.makeStream()
        try await TestGeocoder.serving { _, _ in
            isAsked.continuation.yield()
            for await _ in AsyncStream<Never>.makeStream().stream {}
        } _: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { outcome.add(try await Asking.ask(Asking.entry(.census, url: server.url))) }
                for await _ in isAsked.stream { break }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(outcome.all.first?.failure?.code == "stopping")
    }
}
