import Broker
import Contracts
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import ServiceRuntime

/// The geocode stage's loop with a handler of the test's, on queues of its own.
final class StageUnderTest: Sendable {
    /// What the handler is given.
    struct Received: Sendable {
        let event: Event<RequestAccepted>
        let attempt: Int
        /// Which call of the handler this is, from 1.
        let number: Int
    }

    typealias Handle = @Sendable (Received) async throws(StageFailure) -> [any EventData]

    let node: BrokerNode
    let topology: Topology
    /// The test's own connection.
    let side: Connection
    let gates: [any StageGate]
    /// Where the stage's deliveries come in.
    let thread: ConnectionThread
    /// Yields whenever the handler begins.
    let handled: AsyncStream<Void>
    private let loop: StageLoop
    private let connections: [Connection]
    private let group: ServiceGroup
    private let stopped = Gate()
    private let consumptions = Mutex<[String: Consumption]>([:])

    struct Handler: StageHandler {
        let handle: Handle
        let started: AsyncStream<Void>.Continuation
        /// How many messages each batch had; `nil` where messages are handled apart.
        let batches: Recorder<Int>?
        let calls = Counter()

        var handlesTogether: Bool { batches != nil }

        final class Counter: Sendable {
            let value = Atomic(0)
        }

        func handle(
            _ input: Event<RequestAccepted>, context: StageContext
        ) async throws(StageFailure) -> [any EventData] {
            let number = calls.value.add(1, ordering: .relaxed).newValue
            started.yield()
            return try await handle(Received(event: input, attempt: context.attempt, number: number))
        }

        func handle(_ batch: [StageTask<Event<RequestAccepted>>]) async -> [StageResult] {
            batches?.add(batch.count)
            return await handleOneByOne(batch)
        }
    }

    /// - Parameters:
    ///   - computesOnly: see `ServiceContext.stage`.
    ///   - patience: see `ServiceContext.stage`.
    ///   - batches: gets how many messages were handled together; `nil` for each apart.
    init(
        node: BrokerNode, concurrency: Int, policy: RetryPolicy, gates: [any StageGate] = [],
        computesOnly: Bool = false, spans: SpanRecorder? = nil, recipient: String? = nil,
        patience: Duration = .zero, batches: Recorder<Int>? = nil, handle: @escaping Handle
    ) async throws {
        self.node = node
        self.gates = gates
        topology = Topology(prefix: "loop-\(UUID().uuidString.prefix(8).lowercased())")
        let logger = Logger.silent
        let declaration = TopologyDeclaration(topology.declarations)
        func connection(_ name: String, _ declaration: TopologyDeclaration) throws -> Connection {
            var configuration = ConnectionConfiguration(
                endpoints: [.init(host: "127.0.0.1", port: node.ports.amqp)],
                credentials: .plain(user: "guest", password: "guest"), name: name)
            configuration.takesLargeHeaders = name != "publish"
            return try Connection(configuration, topology: declaration, logger: logger)
        }
        let publishing = try connection("publish", declaration)
        let consuming = try connection("consume", TopologyDeclaration())
        side = try connection("side", TopologyDeclaration())
        connections = [publishing, consuming, side]
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        handled = stream
        var loop = StageLoop(
            stage: .geocode, queue: topology.queue(.geocode),
            handler: Handler(handle: handle, started: continuation, batches: batches), policy: policy,
            concurrency: concurrency, connection: consuming,
            publisher: BrokerPublisher(publishing, application: "test"), topology: topology, logger: logger,
            metrics: StageMetrics(stage: .geocode), identity: ProcessIdentity(name: "test"), untaken: UntakenMessages())
        thread = consuming.thread
        if computesOnly { loop.executor = thread }
        loop.spans = spans
        loop.recipient = recipient
        loop.patience = patience
        loop.gates = [OutageGate(firstProbe: .milliseconds(10))] + gates
        self.loop = loop
        group = ServiceGroup(
            configuration: .init(
                services: [.init(service: loop, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
    }

    /// Runs everything around the body, and removes the queues afterwards.
    func run(_ body: (StageUnderTest) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for connection in connections { tasks.addTask { try await connection.run() } }
            // The queues are there once the connection that declares them stands.
            for await status in connections[0].status.updates() { if case .connected = status { break } }
            tasks.addTask {
                defer { self.stopped.open() }
                try await self.group.run()
            }
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(self))
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            // After a failure the loop may hold what it can never publish: it is not to finish that.
            if case .failure = result { tasks.cancelAll() }
            await stopped.wait()
            for queue in topology.declarations.queues { try? await side.deleteQueue(queue.name) }
            tasks.cancelAll()
            try result.get()
        }
    }

    func shutDown() async { await group.triggerGracefulShutdown() }

    func awaitStopped() async throws { await stopped.wait() }

    /// - Parameter type: which event the message says that it is, straight into the stage's queue; the stage's own when
    ///   absent.
    @discardableResult
    func publishInput(as type: String? = nil) async throws -> Event<RequestAccepted> {
        let event = event()
        var message = try EventMessage(event)
        if let type { message.headers[EventMessage.Header.type] = .string(type) }
        try await side.publish(
            Message(message, application: "test"), exchange: type == nil ? topology.events : "",
            routingKey: type == nil ? EventType.requestAccepted.rawValue : topology.queue(.geocode))
        return event
    }

    private func event() -> Event<RequestAccepted> {
        var generator = SystemRandomNumberGenerator()
        let requestID = RequestID(at: Date(), using: &generator)
        return Event(
            id: EventID.derive(from: requestID.uuid, stage: "ingest", type: .requestAccepted), source: "/intake/ingest",
            time: Timestamp.truncate(Date()), requestID: requestID,
            traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            data: RequestAccepted(
                RequestReference(
                    provider: "portal", providerRequestID: requestID.description, organization: "relief",
                    acceptedAt: Timestamp.truncate(Date())),
                address: PostalAddress(street: "1 Main St", city: "Houston", state: "TX", zip: "77002"),
                regionCode: nil))
    }

    /// Puts a message into the stage's queue, as a neighbour with rights on the broker could.
    /// - Parameter change: what is wrong with it.
    @discardableResult
    func publishForeign(_ change: (inout Message) -> Void) async throws -> Message {
        let event = event()
        var message = Message(try EventMessage(event), application: "foreign")
        change(&message)
        try await side.publish(message, exchange: "", routingKey: topology.queue(.geocode))
        return message
    }

    /// The next message of another stage's queue, or of a dead queue, taken out of it.
    func next(_ stage: Stage) async throws -> Delivery { try await next(topology.queue(stage)) }
    func nextDead(_ stage: Stage) async throws -> Delivery { try await next(topology.deadQueue(stage)) }

    /// One consumer for each queue and test: what it has been handed and not read stays with it.
    private func next(_ queue: String) async throws -> Delivery {
        var consumption = consumptions.withLock { $0[queue] }
        if consumption == nil {
            consumption = await side.consume(queue: queue, prefetch: 1)
            consumptions.withLock { $0[queue] = consumption }
        }
        var iterator = try #require(consumption).makeAsyncIterator()
        let delivery = try #require(await iterator.next())
        side.acknowledge(delivery)
        return delivery
    }

    /// Waits until the stage's queue has nothing ready and nothing in hand.
    func awaitEmpty(_ stage: Stage) async throws {
        let queue = topology.queue(stage)
        try await eventually("\(queue) is empty") { try await self.node.management.queue(queue)?.isEmpty == true }
    }
}
