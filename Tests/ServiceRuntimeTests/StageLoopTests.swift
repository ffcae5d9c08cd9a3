import Broker
import Contracts
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Tracing

@testable import ServiceRuntime

@Suite(.timeLimit(.minutes(3))) struct StageLoopTests {
    @Test func outputsArriveUnderDeterministicIDsAndTheInputIsGone() async throws {
        try await withStage {
            decided($0)
        } body: { stage in
            let input = try await stage.publishInput()
            let output = try await stage.next(.decision)
            let event = try Event<RequestGeocoded>(EventMessage(output.message))
            #expect(event.id == EventID.derive(from: input.id, stage: "geocode", type: .requestGeocoded))
            #expect(event.requestID == input.requestID)
            #expect(event.traceParent == input.traceParent)
            #expect(event.source == "/intake/geocode")
            #expect(output.message.properties.messageID == event.id.uuidString.lowercased())
            #expect(output.message.properties.correlationID == input.requestID.description)
            try await stage.awaitEmpty(.geocode)
        }
    }

    /// What follows from a message stands below its span; what nobody samples is passed on as it is.
    @Test func aSampledMessageHasASpanAndItsOutputsStandBelow() async throws {
        let spans = EndedSpans(limit: 10)
        try await withStage(spans: SpanRecorder(spans, oneIn: 1)) { received throws(StageFailure) in
            guard received.attempt > 1 else { throw .transient("not-yet", "Not yet.") }
            return decided(received)
        } body: { stage in
            let input = try await stage.publishInput()
            let output = EventMessage(try await stage.next(.decision).message)
            let parent = try #require(input.traceParent.flatMap(TraceParent.init))
            let place = try #require(output.traceParent.flatMap(TraceParent.init))
            #expect(place.traceID == parent.traceID && place.spanID != parent.spanID && place.isSampled)
            // A span ends behind the acknowledgement.
            var ended: [EndedSpan] = []
            try await eventually("both spans have ended") {
                ended += spans.take(10)
                return ended.count == 2
            }
            #expect(ended.map(\.name) == Array(repeating: "process \(stage.topology.queue(.geocode))", count: 2))
            #expect(ended.allSatisfy { $0.parent == parent.spanID && $0.kind == .consumer })
            #expect(ended.last?.place == place)
            #expect(ended.map { $0.attributes.get("intake.outcome") } == ["retried", "done"])
            #expect(ended.map { $0.attributes.get("error.type") } == ["not-yet", nil])
            #expect(ended.map { $0.attributes.get("intake.attempt") } == [nil, .int64(2)])
            #expect(ended.first?.status?.code == .error && ended.last?.status == nil)
            #expect(ended.allSatisfy { $0.attributes.get("intake.request.id") == .string("\(input.requestID)") })

            let quiet = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
            try await stage.publishForeign {
                $0.properties.headers[EventMessage.Header.traceParent] = .string(quiet)
                $0.properties.headers[DeliveryHeader.attempts(.geocode)] = .int(1)
            }
            #expect(EventMessage(try await stage.next(.decision).message).traceParent == quiet)
            try await stage.awaitEmpty(.geocode)
            #expect(spans.take(10).isEmpty)
        }
    }

    /// A copy for somebody is tried by a count of its own, whatever the original came through; nobody else hears of it,
    /// and what is given up is gone.
    @Test func copiesForARecipientLeaveNoTrace() async throws {
        let attempts = Recorder<Int>()
        try await withStage(recipient: "pager") { received throws(StageFailure) in
            attempts.add(received.attempt)
            throw .transient("away", "Nobody is there.")
        } body: { stage in
            try await stage.publishForeign {
                $0.properties.headers[DeliveryHeader.attempts(.geocode)] = .int(11)
                $0.properties.headers[DeliveryHeader.errorCode] = .string("http-503")
            }
            try await eventually("it was tried as often as it may be") { attempts.all.count == 3 }
            try await stage.awaitEmpty(.geocode)
            #expect(attempts.all == [1, 2, 3])
            for queue in [stage.topology.queue(.progress), stage.topology.deadQueue(.geocode)] {
                #expect(try await stage.node.management.messages(in: queue).isEmpty, "\(queue)")
            }
        }
    }

    @Test func nothingIsAcknowledgedBeforeItsOutputsAreTaken() async throws {
        try await withStage {
            decided($0)
        } body: { stage in
            // Nobody takes the output: it comes back as unroutable.
            try await stage.node.management.deleteQueue(stage.topology.queue(.decision))
            try await stage.node.management.deleteQueue(stage.topology.queue(.progress))
            try await stage.publishInput()
            _ = await stage.handled.first { _ in true }
            try await eventually("the input stays in hand, unacknowledged") {
                try await stage.node.management.queue(stage.topology.queue(.geocode))?.unacknowledged == 1
            }
            try await stage.side.declare(TopologyDeclaration(stage.topology.declarations))
            _ = try await stage.next(.decision)
            try await stage.awaitEmpty(.geocode)
        }
    }

    @Test(arguments: [true, false])
    func aStageThatOnlyComputesIsHandledOnTheConnectionsThread(computesOnly: Bool) async throws {
        let handlers = Mutex<[UInt]>([])
        try await withStage(computesOnly: computesOnly) {
            let thread = currentThread()
            handlers.withLock { $0.append(thread) }
            return decided($0)
        } body: { stage in
            let connections = await withTaskExecutorPreference(stage.thread) { currentThread() }
            for _ in 1...20 {
                try await stage.publishInput()
                _ = try await stage.next(.decision)
            }
            #expect(handlers.withLock { $0.count } == 20)
            #expect(handlers.withLock { $0.allSatisfy { ($0 == connections) == computesOnly } })
        }
    }

    /// It is published beside the one that this process knows: neither worked on nor buried.
    @Test func aNewerVersionOfAnEventIsIgnored() async throws {
        try await withStage {
            decided($0)
        } body: { stage in
            let newer = try await stage.publishInput(as: "request.accepted.v2")
            let input = try await stage.publishInput()
            let output = try await stage.next(.decision)
            #expect(EventMessage(output.message).requestID == input.requestID)
            #expect(newer.requestID != input.requestID)
            try await stage.awaitEmpty(.geocode)
            #expect(try await stage.node.management.messages(in: stage.topology.deadQueue(.geocode)).isEmpty)
        }
    }

    @Test func transientFailuresAreTriedAgainAndSaidSo() async throws {
        try await withStage { received throws(StageFailure) in
            guard received.attempt > 2 else { throw .transient("busy", "The dependency is busy.") }
            return decided(received)
        } body: { stage in
            let input = try await stage.publishInput()
            for attempt in 1...2 {
                let retrying = try Event<StageRetrying>(EventMessage(try await stage.next(.progress).message))
                #expect(retrying.requestID == input.requestID)
                #expect(retrying.data.attempt == attempt && retrying.data.maxAttempts == 3)
                #expect(retrying.data.error == StageError(code: "busy", message: "The dependency is busy."))
            }
            _ = try await stage.next(.decision)
            try await stage.awaitEmpty(.geocode)
        }
    }

    @Test func outOfAttemptsItIsDeadWithItsStory() async throws {
        try await withStage { _ throws(StageFailure) in
            throw .transient("busy", "Still busy.")
        } body: { stage in
            let input = try await stage.publishInput()
            let dead = try await stage.nextDead(.geocode)
            let headers = dead.message.properties.headers
            #expect(headers[DeliveryHeader.deadReason] == .string("out-of-attempts"))
            #expect(headers[DeliveryHeader.attempts(.geocode)] == .int(3))
            #expect(headers[DeliveryHeader.errorCode] == .string("busy"))
            #expect(headers[DeliveryHeader.errorMessage] == .string("Still busy."))
            #expect(headers[DeliveryHeader.stage] == .string("geocode"))
            #expect(headers[DeliveryHeader.firstFailedAt] != nil && headers[DeliveryHeader.host] != nil)
            #expect(dead.message.body == (try EventMessage(input)).body)
        }
    }

    @Test func permanentFailuresAreDeadAtOnceAndTheProjectionHearsOfIt() async throws {
        try await withStage { _ throws(StageFailure) in
            throw .permanent("nonsense", "It cannot be.")
        } body: { stage in
            let input = try await stage.publishInput()
            let dead = try await stage.nextDead(.geocode)
            #expect(dead.message.properties.headers[DeliveryHeader.deadReason] == .string("permanent"))
            let told = try await stage.next(.progress)
            #expect(told.exchange == stage.topology.dead && told.routingKey == "geocode")
            #expect(EventMessage(told.message).requestID == input.requestID)
        }
    }

    @Test func anOutageSpendsNoAttempts() async throws {
        try await withStage { received throws(StageFailure) in
            if received.number == 1 { throw .outage("away", "The dependency is away.") }
            #expect(received.attempt == 1)
            return decided(received)
        } body: { stage in
            try await stage.publishInput()
            let retrying = try Event<StageRetrying>(EventMessage(try await stage.next(.progress).message))
            #expect(retrying.data.attempt == 0)
            _ = try await stage.next(.decision)
        }
    }

    @Test func whileADependencyIsAwayOneMessageAtATimeTries() async throws {
        let dependency = Dependency()
        try await withStage(concurrency: 8) { received throws(StageFailure) in
            guard await dependency.use() else { throw .outage("away", "The dependency is away.") }
            return decided(received)
        } body: { stage in
            for _ in 0..<16 { try await stage.publishInput() }
            // What was in hand when it went away finds out for itself. From then on one at a time does.
            try await eventually("several have tried after the first") { await dependency.uses >= 12 }
            await dependency.comeBack()
            for _ in 0..<16 { _ = try await stage.next(.decision) }
            try await stage.awaitEmpty(.geocode)
            #expect(await dependency.mostAtOnceLater == 1)
        }
    }

    /// A dependency that is away until it comes back.
    private actor Dependency {
        private(set) var uses = 0
        /// The most uses at once after the first eight, before it came back.
        private(set) var mostAtOnceLater = 0
        private var isAway = true
        private var atOnce = 0

        func use() async -> Bool {
            uses += 1
            let isLater = uses > 8 && isAway
            atOnce += 1
            if isLater { mostAtOnceLater = max(mostAtOnceLater, atOnce) }
            for _ in 0..<100 { await Task.yield() }
            atOnce -= 1
            return !isAway
        }

        func comeBack() { isAway = false }
    }

    @Test(arguments: [[], Array("not JSON".utf8), [0, 255, 254, 10], Array("{}".utf8)] as [[UInt8]])
    func whatCannotBeReadIsDeadByteForByteAndTheStageGoesOn(_ body: [UInt8]) async throws {
        try await withStage {
            decided($0)
        } body: { stage in
            var foreign = Message(body: body)
            foreign.properties.contentType = "application/x-unknown"
            foreign.properties.headers = ["list": .array([.int(1), .table(["deep": .bool(true)])])]
            try await stage.side.publish(foreign, exchange: "", routingKey: stage.topology.queue(.geocode))
            let dead = try await stage.nextDead(.geocode)
            #expect(dead.message.body == body)
            #expect(dead.message.properties.contentType == "application/x-unknown")
            #expect(dead.message.properties.headers["list"] == .array([.int(1), .table(["deep": .bool(true)])]))
            #expect(dead.message.properties.headers[DeliveryHeader.deadReason] == .string("undecodable"))
            try await stage.publishInput()
            _ = try await stage.next(.decision)
        }
    }

    @Test func noMoreThanTheConcurrencyIsInHand() async throws {
        let gate = Gate()
        try await withStage(concurrency: 4) {
            await gate.wait()
            return decided($0)
        } body: { stage in
            defer { gate.open() }  // Or a failure would leave the handlers waiting.
            for _ in 0..<10 { try await stage.publishInput() }
            var started = 0
            for await _ in stage.handled {
                started += 1
                if started == 4 { break }
            }
            // Beside the four there is the next one, since the first came over a consumer of its own.
            try await eventually("the others wait in the queue") {
                let figures = try await stage.node.management.queue(stage.topology.queue(.geocode))
                return figures?.unacknowledged == 5 && figures?.ready == 5
            }
            gate.open()
            for _ in 0..<10 { _ = try await stage.next(.decision) }
        }
    }

    @Test func aGracefulShutdownFinishesWhatIsInHand() async throws {
        let gate = Gate()
        try await withStage {
            await gate.wait()
            return decided($0)
        } body: { stage in
            defer { gate.open() }
            try await stage.publishInput()
            _ = await stage.handled.first { _ in true }
            await stage.shutDown()
            gate.open()
            try await stage.awaitStopped()
            _ = try await stage.next(.decision)
            try await stage.awaitEmpty(.geocode)
        }
    }

    private func decided(_ received: StageUnderTest.Received) -> [any EventData] {
        let data = received.event.data
        return [
            RequestGeocoded(
                data.request, Geocoding(state: data.address.state, zip: data.address.zip, reason: .noMatch))
        ]
    }

    private func withStage(
        concurrency: Int = 16, computesOnly: Bool = false, spans: SpanRecorder? = nil,
        recipient: String? = nil, handle: @escaping StageUnderTest.Handle,
        body: (StageUnderTest) async throws -> Void
    ) async throws {
        let stage = try await StageUnderTest(
            node: .shared(), concurrency: concurrency, policy: RetryPolicy(schedule: [.seconds(1), .seconds(1)]),
            computesOnly: computesOnly, spans: spans, recipient: recipient, handle: handle)
        try await stage.run(body)
    }
}

private func currentThread() -> UInt { UInt(pthread_self()) }
