import DequeModule
package import Logging
import ServiceLifecycle
import Synchronization

/// A connection to the broker that comes back by itself: publishes with confirms, consumers that survive reconnects.
///
/// `run()` connects, sees to the topology, opens the channels, and then handles what happens to them, until a graceful
/// shutdown or cancellation. Everything else may be called at any time, connected or not: publishes wait, consumers
/// start when they can.
///
/// At each `await` other jobs may run, also where a method of its own or a continuation is waited for: a task whose
/// preferred executor is not the thread is queued anew even on the way into those (swiftlang/swift, issue 85668). So
/// what a continuation waits for is looked for inside its body.
///
/// Publish and consume over separate connections: a broker in alarm stops reading from a connection that publishes, and
/// acks would stick behind the publishes.
package actor Connection: Service {
    /// A channel as this side sees it.
    final class Channel {
        enum Role {
            /// For one series of requests.
            case control
            case publishing
            case consuming(Int)
        }

        let role: Role
        var assembler: DeliveryAssembler
        /// Nothing but its closing may be said any more: the broker ends the connection of who speaks, or closes twice.
        var isClosing = false
        var call = CallSlot<Call>()

        init(role: Role, assembler: DeliveryAssembler) {
            self.role = role
            self.assembler = assembler
        }
    }

    /// A consumer and its present channel.
    final class Consumer {
        let queue: String
        let prefetch: UInt16
        let gathersAcks: Bool
        let inbox: Consumption.Inbox
        /// What this turn has read for it.
        var arrivals: [Delivery] = []
        /// It takes no new deliveries and is gone with its channel.
        var isCancelled = false
        var channel: UInt16?
        /// Whether the broker has said so.
        var isStarted = false
        var ledger = AckLedger()
        var grace = AckGrace()

        init(queue: String, prefetch: UInt16, gathersAcks: Bool, inbox: Consumption.Inbox) {
            self.queue = queue
            self.prefetch = prefetch
            self.gathersAcks = gathersAcks
            self.inbox = inbox
        }
    }

    /// Where one publish of a batch is waited for.
    struct PublishPlace {
        let batch: PublishBatch
        let index: Int
    }

    /// What `run()` has to look after.
    enum Incident {
        /// The attempt to connect has ended, well or not.
        case attempted(Result<ConnectionAttempt.Success, BrokerError>)
        case lost(BrokerError)
        case publishChannelNeeded
        case consumerNeeded(Int)
        case publishesSettled
        case stop
    }

    typealias Call = CheckedContinuation<Result<Answer, BrokerError>, Never>

    package nonisolated let status = ConnectionStatusBoard()
    package nonisolated let thread: ConnectionThread
    /// Settlements on their way to the thread; bounded by the prefetch of the consumers.
    nonisolated let settlements = Mutex<[Settlement]>([])

    let configuration: ConnectionConfiguration
    let topology: TopologyDeclaration
    let duty: TopologyDuty
    let successor: TopologySuccessor?
    /// What was added to it since; each is declared for itself, since one that the broker refuses must not stop the
    /// others.
    var additions: [TopologyDeclaration] = []
    let logger: Logger
    let metrics: ConnectionMetrics

    var library: LibraryConnection?
    /// Counts the connections that were made: what one of them held, the next does not.
    package internal(set) var life = 0
    /// Where the connection leads to, once everything is restored.
    var endpoint: ConnectionConfiguration.Endpoint?
    /// What the broker said when it stopped taking publishes.
    var blockedReason: String?
    /// When something of the broker was last there to be read.
    var heardAt = ContinuousClock.now
    /// When to look at the socket though nothing seems to be there.
    var lookAt = ContinuousClock.now
    var channels: [UInt16: Channel] = [:]
    var publishes = PublishLedger<PublishPlace>()
    var publishChannel: UInt16?
    var isPublishChannelAsked = false
    var nextCall: UInt64 = 1
    /// No call ends earlier; the one that it was set for may have been answered since.
    var callDeadline: ContinuousClock.Instant?
    var consumers: [Int: Consumer] = [:]
    var nextConsumer = 1
    /// Those that this turn has read something for.
    var arrived: [Consumer] = []
    /// When acks have been gathered for long enough; `nil` without any.
    var settleAt: ContinuousClock.Instant?
    /// Until when the connection is to stay for its acks' sake, see `AckGrace`.
    var graceEnd: ContinuousClock.Instant?
    var incidents: Deque<Incident> = []
    var incidentWaiter: (continuation: CheckedContinuation<Incident?, Never>, deadline: ContinuousClock.Instant?)?
    var isStopping = false
    /// When a graceful shutdown has waited long enough.
    var stopDeadline: ContinuousClock.Instant?
    var endpointIndex = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - topology: seen to each time that the connection is made.
    ///   - successor: what is declared instead of it where others have gone on to that.
    ///   - thread: to live on; one of its own when `nil`.
    /// - Throws: `badConfiguration` without an endpoint; `connectFailed` when the system has no thread or descriptor
    ///   left.
    package init(
        _ configuration: ConnectionConfiguration, topology: TopologyDeclaration = TopologyDeclaration(),
        duty: TopologyDuty = .declare, successor: TopologySuccessor? = nil, thread: ConnectionThread? = nil,
        logger: Logger
    ) throws(BrokerError) {
        guard !configuration.endpoints.isEmpty else { throw BrokerError(.badConfiguration, "no endpoint is given") }
        self.configuration = configuration
        self.topology = topology
        self.duty = duty
        self.successor = successor
        var logger = logger
        logger[metadataKey: "connection"] = "\(configuration.name)"
        self.logger = logger
        metrics = ConnectionMetrics(connection: configuration.name)
        self.thread = if let thread { thread } else { try ConnectionThread() }
        try self.thread.attach(ObjectIdentifier(self)) { [weak self] isReadable in
            self?.assumeIsolated { $0.turn(isReadable: isReadable) } ?? ConnectionThread.Rest()
        }
    }

    deinit { thread.detach(ObjectIdentifier(self)) }
}
