import Broker
package import Contracts
package import Logging

package import struct Foundation.Date

/// What a stage does with one message. The stage loop around it does everything else: decoding, publishing the outputs
/// with confirms, acknowledging, retrying, dead letters.
package protocol StageHandler: Sendable {
    /// What the message is read as; most often `Event<Data>`.
    associatedtype Input: MessageInput

    /// Handles one message. It may run twice for the same message, also at the same time in two processes, and must
    /// then say the same.
    /// - Returns: the data of the events that follow from it; the loop gives them their deterministic ids.
    /// - Throws: `StageFailure`, which says whether another try can help.
    func handle(_ input: Input, context: StageContext) async throws(StageFailure) -> [any EventData]

    /// Whether messages that came together are handled together, published together and acknowledged together: right
    /// for who waits for nothing, or for all of them at once. Messages that wait each for somebody else are handled
    /// apart.
    var handlesTogether: Bool { get }

    /// Handles messages that came together; otherwise as `handle(_:context:)`, which this asks for one after the other
    /// unless the stage has something better.
    /// - Returns: a result for each, in their order.
    func handle(_ batch: [StageTask<Input>]) async -> [StageResult]

    /// Reads messages that came together. Nobody implements it: it is asked for here so that the compiler makes one for
    /// each stage's input.
    func read(_ messages: [ReceivedMessage]) -> StageReading
}

/// Messages that were read.
package struct StageReading: Sendable {
    /// - Parameter contexts: of those that could be read, in their order.
    package typealias Handle = @Sendable (_ contexts: [StageContext]) async -> [StageResult]

    /// For each message why it cannot be read; `nil` where it can.
    package let errors: [ContractError?]
    package let handle: Handle

    package init(errors: [ContractError?], handle: @escaping Handle) {
        self.errors = errors
        self.handle = handle
    }
}

/// A message that was read, and what there is to know beside it.
package struct StageTask<Input: Sendable>: Sendable {
    package var input: Input
    package var context: StageContext

    package init(input: Input, context: StageContext) {
        self.input = input
        self.context = context
    }
}

/// The data of the events that follow from a message, or why it could not be handled.
package typealias StageResult = Result<[any EventData], StageFailure>

extension StageHandler {
    package var handlesTogether: Bool { false }

    @inlinable
    package func read(_ messages: [ReceivedMessage]) -> StageReading {
        var inputs: [Input] = []
        var errors: [ContractError?] = []
        inputs.reserveCapacity(messages.count)
        errors.reserveCapacity(messages.count)
        for message in messages {
            do throws(ContractError) {
                inputs.append(try Input(message))
                errors.append(nil)
            } catch {
                errors.append(error)
            }
        }
        return StageReading(errors: errors) { [inputs] contexts in
            var tasks: [StageTask<Input>] = []
            tasks.reserveCapacity(inputs.count)
            for (place, context) in contexts.enumerated() {
                tasks.append(StageTask(input: inputs[place], context: context))
            }
            return await handle(tasks)
        }
    }

    @inlinable
    package func handle(_ batch: [StageTask<Input>]) async -> [StageResult] { await handleOneByOne(batch) }

    @inlinable
    package func handleOneByOne(_ batch: [StageTask<Input>]) async -> [StageResult] {
        var results: [StageResult] = []
        results.reserveCapacity(batch.count)
        for task in batch {
            do throws(StageFailure) {
                results.append(.success(try await handle(task.input, context: task.context)))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }
}

/// Something that a delivered message can be read as.
package protocol MessageInput: Sendable {
    /// - Throws: `ContractError` when the message is not what the contract says; it is then dead at once.
    init(_ received: ReceivedMessage) throws(ContractError)
}

extension Event: MessageInput {
    package init(_ received: ReceivedMessage) throws(ContractError) {
        try self.init(received.message)
    }
}

/// A message as it came from the stage's queue.
package final class ReceivedMessage: Sendable {
    package let message: EventMessage
    /// The request that it is about, read from its headers once.
    package let requestID: RequestID?
    /// The exchange that it came through: the topology's `events`, its `dead`, or empty after a wait in a retry queue.
    package let exchange: String
    /// The key that it was routed by.
    package let routingKey: String
    /// Why the broker gave it up, e.g. `delivery_limit`; `nil` when it never did. The end of a wait in a retry queue,
    /// which the broker calls a death too, does not count.
    package let deathReason: String?
    /// When the broker gave it up, to the second.
    package let diedAt: Date?

    package init(
        message: EventMessage, exchange: String, routingKey: String, deathReason: String? = nil, diedAt: Date? = nil
    ) {
        self.message = message
        requestID = message.requestID
        self.exchange = exchange
        self.routingKey = routingKey
        self.deathReason = deathReason
        self.diedAt = diedAt
    }

    convenience init(_ delivery: Delivery) {
        let death = delivery.message.death
        self.init(
            message: EventMessage(delivery.message), exchange: delivery.exchange, routingKey: delivery.routingKey,
            deathReason: death?.reason, diedAt: death?.at)
    }

    /// Nobody tries more often; what says otherwise comes from somebody else.
    private static let mostAttempts: Int64 = 1_000_000

    /// Attempts of the stage that have failed so far, at most `mostAttempts`.
    package func failedAttempts(_ stage: Stage) -> Int { count(DeliveryHeader.attempts(stage)) }

    func count(_ header: String) -> Int {
        Int(clamping: min(max(0, message.headers[header]?.int ?? 0), Self.mostAttempts))
    }
}

/// What a handler may want to know beside the message.
package struct StageContext: Sendable {
    /// Which attempt this is, from 1.
    package var attempt: Int
    /// After how many failed attempts the message is dead.
    package var maxAttempts: Int
    /// When the handling started.
    package var now: Date
    /// Whether nothing else is in hand, since the message has come back before.
    package var isAlone: Bool
    /// What a handler's own spans stand below; `nil` where nobody collects them, or not of this trace.
    package let span: RecordedSpan?
    private let base: Logger
    private let requestID: RequestID?

    /// Carries the request's id, and that of its trace where there is a span. Made when asked for: most messages have
    /// nothing to log.
    package var logger: Logger {
        var logger = base
        if let requestID { logger[metadataKey: "request_id"] = "\(requestID)" }
        if let span { logger[metadataKey: "trace_id"] = "\(span.place.traceID.hex)" }
        return logger
    }

    package init(
        attempt: Int, maxAttempts: Int, now: Date, isAlone: Bool = false, logger: Logger, requestID: RequestID? = nil,
        span: RecordedSpan? = nil
    ) {
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.now = now
        self.isAlone = isAlone
        base = logger
        self.requestID = requestID
        self.span = span
    }
}
