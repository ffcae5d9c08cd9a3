import Contracts
import Foundation
import ServiceRuntime
import Synchronization
import TestSupport
import Testing

@testable import CallbackService

/// Who is told of trouble, and of what.
@Suite struct AlertTests {
    // MARK: The file

    private func parse(_ notify: String) throws(FileProblems) -> Partners {
        let yaml = """
            providers:
              portal:
                url: https://portal.example/{providerRequestId}
              other:
                url: https://other.example/{providerRequestId}
            notify:
            \(notify)
            """
        return try Partners.parse(
            Array(yaml.utf8), secrets: SecretSources(readFile: { _ in [] }, environment: { _ in nil }))
    }

    @Test func theFileSaysWhoIsToldOfWhat() throws {
        let partners = try parse(
            """
              pager:
                url: https://pager.example/hook?key=abc
                signing_secrets: ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"]
                providers: [portal]
                organizations: [relief, food bank]
                on: [degraded, recovered]
              chat:
                url: https://chat.example/hook
            """)
        #expect(Set(partners.byID.keys) == ["portal", "other"])
        let pager = try #require(partners.recipients["pager"])
        #expect(pager.organizations == ["relief", "food bank"])
        #expect(pager.providers == ["portal"] && pager.kinds == [.degraded, .recovered])
        #expect(pager.endpoint.url.url(for: "pager") == "https://pager.example/hook?key=abc")
        #expect(pager.endpoint.signingSecrets.count == 1)
        let chat = try #require(partners.recipients["chat"])
        #expect(chat.providers == nil && chat.organizations == nil && chat.kinds == Set(Alert.Kind.allCases))
    }

    @Test(arguments: [
        ("  pager: {timeout: 5s}", "notify.pager.url (line 7): is missing"),
        ("  pager: {url: 'https://p.example/{providerRequestId}'}", "must have no { or }: it is one URL for all"),
        ("  pager: {url: 'http://p.example/'}", "is not https"),
        ("  pager: {url: 'https://127.0.0.1/'}", "has an address that callbacks must not go to"),
        ("  portal: {url: 'https://p.example/'}", "is also the name of a provider"),
        ("  dead: {url: 'https://p.example/'}", "is no name"),
        (
            "  pager: {url: 'https://p.example/', providers: [porta]}",
            "notify.pager.providers[0] (line 7): is no provider of this file"
        ),
        ("  pager: {url: 'https://p.example/', providers: []}", "names nobody"),
        ("  pager: {url: 'https://p.example/', organizations: []}", "names nobody"),
        ("  pager: {url: 'https://p.example/', organizations: ['']}", "is empty"),
        (
            "  pager: {url: 'https://p.example/', organizations: [\(String(repeating: "x", count: 129))]}",
            "notify.pager.organizations[0] (line 7): is longer than 128 bytes"
        ),
        ("  pager: {url: 'https://p.example/', organizations: relief}", "must be a list"),
        ("  pager: {url: 'https://p.example/', on: [degrade]}", "must be one of degraded, recovered, dead, review"),
        ("  pager: {url: 'https://p.example/', on: []}", "names nothing"),
        ("  pager: {url: 'https://p.example/', receipt: {}}", "is not known here"),
        ("  - pager", "must be a mapping"),
    ])
    func whatIsWrongIsSaid(_ notify: String, _ problem: String) {
        do throws(FileProblems) {
            _ = try parse(notify)
            Issue.record("no problem")
        } catch {
            #expect(error.problems.count == 1 && error.problems[0].contains(problem), "\(error.problems)")
        }
    }

    // MARK: What is read

    private static let requestID = RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)))
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

    private static func message<Data: EventData>(
        _ data: Data, source: String = "/intake/callback"
    ) throws -> EventMessage {
        try EventMessage(
            Event(
                id: EventID.derive(from: requestID.uuid, stage: source, type: Data.type), source: source, time: time,
                requestID: requestID, data: data))
    }

    private static let degraded = EndpointDegraded(
        provider: "portal", attempts: 10, failures: 7, error: StageError(code: "http-404", message: "Not found."),
        since: time, organization: "relief")
    private static let recovered = EndpointRecovered(provider: "portal", degradedSince: time, recoveredAt: time + 720)
    private static let question = RequestReviewRequested(
        RequestReference(provider: "portal", providerRequestID: "P-1", organization: "relief", acceptedAt: time),
        ReviewQuestion(
            reason: .locationTooCoarse, proposal: true, rule: nil, coverageVersion: "v1", precision: .zip,
            explanation: "Coarse.", deadline: time + 3600, fallback: false))

    private static func dead(_ stage: Stage = .callback) throws -> EventMessage {
        var message = try EventMessage(Event<RequestDecided>.fixture())
        message.headers[DeliveryHeader.deadReason] = .string("out-of-attempts")
        message.headers[DeliveryHeader.stage] = .string(stage.rawValue)
        message.headers[DeliveryHeader.errorCode] = .string("http-503")
        message.headers[DeliveryHeader.lastFailedAt] = .string(Timestamp.string(time))
        return message
    }

    private static func read(_ message: EventMessage, deathReason: String? = nil) throws -> AlertMessage {
        try AlertMessage(
            ReceivedMessage(
                message: message, exchange: "intake.events", routingKey: message.routingKey, deathReason: deathReason,
                diedAt: deathReason.map { _ in time }))
    }

    private static func alert(_ message: EventMessage, deathReason: String? = nil) throws -> Alert? {
        guard case .alert(let alert) = try read(message, deathReason: deathReason) else { return nil }
        return alert
    }

    @Test func eachTroubleIsRead() throws {
        #expect(try Self.alert(try Self.message(Self.degraded))?.content == .degraded(Self.degraded))
        #expect(try Self.alert(try Self.message(Self.recovered))?.content == .recovered(Self.recovered))
        let letter = try #require(try Self.alert(try Self.dead()))
        #expect(letter.provider == "portal" && letter.organization == "relief" && letter.at == Self.time)
        let death = Alert.Death(stage: .callback, reason: .outOfAttempts, error: "http-503")
        #expect(letter.content == .dead(death))
        let crashed = try Self.alert(try EventMessage(Event<RequestDecided>.fixture()), deathReason: "delivery_limit")
        let byBroker = Alert.Death(stage: .callback, reason: .deliveryLimit, error: "delivery_limit")
        #expect(crashed?.content == .dead(byBroker))
    }

    /// DecisionService asks; IngestService asks again when the deadline is near.
    @Test func onlyTheSecondQuestionIsAnAlert() throws {
        #expect(try Self.alert(try Self.message(Self.question, source: "/intake/decision")) == nil)
        let again = try #require(try Self.alert(try Self.message(Self.question, source: "/intake/ingest")))
        #expect(again.kind == .review && again.organization == "relief")
    }

    @Test func whatIsNoEventIsRefused() throws {
        var message = try Self.message(Self.degraded)
        message.body = Array("{}".utf8)
        #expect(throws: ContractError.self) { try Self.read(message) }
        let letter = EventMessage(
            headers: [DeliveryHeader.deadReason: .string("undecodable")], body: Array("garbage".utf8))
        let alert = try #require(try Self.alert(letter))
        #expect(alert.provider == nil && alert.kind == .dead)
    }

    // MARK: What is told

    /// A receiver that answers so, one after the other, then 204.
    private func telling(
        _ answers: [String] = [], providers: Set<String>? = nil, organizations: Set<String>? = nil,
        kinds: Set<Alert.Kind> = Set(Alert.Kind.allCases),
        now: @escaping @Sendable () -> Date = { time },
        _ body: @escaping @Sendable (AlertHandler) async throws -> Void
    ) async throws -> [TestConnection.Request] {
        let requests = Recorder<TestConnection.Request>()
        let left = LeftAnswers(answers)
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer(left.next())
            }
        } _: { server in
            let recipient = AlertRecipient(
                endpoint: Partner(
                    id: "pager", url: try URLTemplate(fixed: "http://127.0.0.1:\(server.port)/hook"),
                    signingSecrets: [try SigningSecret(Self.secret)], allowances: [.http, .privateNetworks]),
                providers: providers, organizations: organizations, kinds: kinds)
            let state = try CallbackState(path: TestDirectory.make("alerts") + "/callback.sqlite")
            try await withClient { client in
                try await body(
                    AlertHandler(
                        name: "pager", recipients: { ["pager": recipient] }, client: client, state: state, now: now))
            }
        }
        return requests.all
    }

    private final class LeftAnswers: Sendable {
        private let answers: Mutex<[String]>

        init(_ answers: [String]) { self.answers = Mutex(answers) }

        func next() -> String { answers.withLock { $0.isEmpty ? "204 No Content" : $0.removeFirst() } }
    }

    @Test func itIsSignedAsCallbacksAre() async throws {
        let message = try Self.message(Self.degraded)
        let requests = try await telling { handler in
            let outputs = try await handler.handle(try Self.read(message), context: .fixture())
            #expect(outputs.isEmpty)
        }
        let request = try #require(requests.first)
        #expect(request.line == "POST /hook HTTP/1.1" && requests.count == 1)
        let text =
            "portal does not take callbacks: 7 of the last 10 attempts failed (http-404). "
            + "They wait, and it is tried now and then."
        #expect(
            request.body
                == #"{"type":"endpoint.degraded","text":"\#(text)","at":"2027-01-15T08:00:00.000Z","#
                + #""provider":"portal","organization":"relief","requestId":"\#(Self.requestID)","attempts":10,"failures":7,"error":"http-404"}"#
        )
        let id = try #require(request.headers["webhook-id"])
        #expect(id == message.id?.canonical && id == request.headers["idempotency-key"])
        let timestamp = try #require(request.headers["webhook-timestamp"].flatMap { Int($0) })
        let signature = try SigningSecret(Self.secret).signature(
            id: id, timestamp: timestamp, body: Array(request.body.utf8))
        #expect(request.headers["webhook-signature"] == signature)
    }

    @Test func whoIsAwayIsToldLater() async throws {
        let requests = try await telling(["503 Busy"]) { handler in
            let message = try Self.read(try Self.message(Self.degraded))
            await #expect(throws: StageFailure.self) { try await handler.handle(message, context: .fixture()) }
            _ = try await handler.handle(message, context: .fixture(attempt: 2))
        }
        #expect(requests.count == 2 && Set(requests.compactMap { $0.headers["webhook-id"] }).count == 1)
    }

    /// Every process says of the first receipt that it gets that whatever was is over.
    @Test func theEndOfTroubleIsToldToWhoWasToldOfTheTrouble() async throws {
        let requests = try await telling { handler in
            let bad = try Self.read(try Self.message(Self.degraded))
            let good = try Self.read(try Self.message(Self.recovered))
            for message in [good, bad, good, good] { _ = try await handler.handle(message, context: .fixture()) }
        }
        #expect(requests.count == 2)
        #expect(requests.first?.body.contains("endpoint.degraded") == true)
        #expect(requests.last?.body.contains("portal takes callbacks again, after 12m.") == true)
    }

    /// Where one callback dies, thousands do.
    @Test func deadLettersAreToldOnceInAWhile() async throws {
        let clock = Recorder<TimeInterval>()
        let requests = try await telling(now: { Self.time + (clock.all.last ?? 0) }) { handler in
            let (callback, decision) = (try Self.read(try Self.dead()), try Self.read(try Self.dead(.decision)))
            for _ in 1...5 { _ = try await handler.handle(callback, context: .fixture()) }
            _ = try await handler.handle(decision, context: .fixture())
            clock.add(AlertHandler.pause)
            _ = try await handler.handle(callback, context: .fixture())
        }
        #expect(requests.count == 3)
        #expect(requests.first?.body.contains(#""others":0"#) == true)
        #expect(requests.last?.body.contains("4 more since the last message.") == true)
    }

    /// It was to be told, and could not be: the next attempt is not kept back.
    @Test func oneThatIsTriedAgainIsTold() async throws {
        let requests = try await telling(["503 Busy"]) { handler in
            let message = try Self.read(try Self.dead())
            await #expect(throws: StageFailure.self) { try await handler.handle(message, context: .fixture()) }
            _ = try await handler.handle(message, context: .fixture(attempt: 2))
            _ = try await handler.handle(message, context: .fixture())
        }
        #expect(requests.count == 2)
    }

    @Test func onlyWhatItWantsIsToldToARecipient() async throws {
        let degraded = try Self.read(try Self.message(Self.degraded))
        let review = try Self.read(try Self.message(Self.question, source: "/intake/ingest"))
        let none = try await telling(providers: ["other"]) { handler in
            for message in [degraded, review] { _ = try await handler.handle(message, context: .fixture()) }
        }
        #expect(none.isEmpty)
        let told = try await telling(providers: ["portal"], kinds: [.review]) { handler in
            for message in [degraded, review] { _ = try await handler.handle(message, context: .fixture()) }
        }
        #expect(told.count == 1)
        let words = "waits for somebody of relief to decide, until 2027-01-15T09:00:00.000Z; then the answer is no"
        #expect(told.first?.body.contains(words) == true)
    }

    /// The end of trouble names no organisation: who was told of the trouble hears of it.
    @Test func troubleOfOneOrganizationIsToldToThoseWhoHearOfIt() async throws {
        let messages = [
            try Self.message(Self.degraded), try Self.message(Self.recovered),
            try Self.message(Self.question, source: "/intake/ingest"), try Self.dead(),
        ]
        func told(_ organizations: Set<String>, _ providers: Set<String>? = nil) async throws -> [String] {
            let requests = try await telling(providers: providers, organizations: organizations) { handler in
                for message in messages { _ = try await handler.handle(try Self.read(message), context: .fixture()) }
            }
            return requests.map { String($0.body.dropFirst(9).prefix { $0 != "\"" }) }
        }
        let all = ["endpoint.degraded", "endpoint.recovered", "review.near-deadline", "message.dead"]
        #expect(try await told(["relief", "other"]) == all)
        #expect(try await told(["other"]) == [])
        // Both must fit.
        #expect(try await told(["relief"], ["portal"]) == all)
        #expect(try await told(["relief"], ["other"]) == [])
        var unnamed = Self.degraded
        unnamed.organization = nil
        let old = try Self.message(unnamed)
        let requests = try await telling(organizations: ["relief"]) { handler in
            _ = try await handler.handle(try Self.read(old), context: .fixture())
        }
        #expect(requests.isEmpty)
    }
}
