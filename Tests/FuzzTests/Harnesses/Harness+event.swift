import Contracts
import Foundation

extension Harness {
    static let event = Harness(
        "event", "messages of every type: lines of headers, an empty one, the body; what is read can be written again"
    ) { input in
        var headers = EventHeaders()
        while case let line = input.line(), !line.isEmpty {
            let colon = line.range(of: ": ")
            let name = colon.map { String(line[..<$0.lowerBound]) } ?? line
            let value = colon.map { String(line[$0.upperBound...]) } ?? ""
            headers[name] = if let number = Int64(value) { .int(number) } else { .string(value) }
        }
        let message = EventMessage(headers: headers, body: input.bytes)
        _ = (message.isOfNewerVersion, message.routingKey, message.traceParent)
        for stage in Stage.allCases { _ = message.headers.replays(stage) }
        guard let type = message.type else { return }
        switch type {
        case .requestAccepted: readTwice(RequestAccepted.self, message)
        case .requestGeocoded: readTwice(RequestGeocoded.self, message)
        case .requestReviewRequested: readTwice(RequestReviewRequested.self, message)
        case .requestDecided: readTwice(RequestDecided.self, message)
        case .requestStatusChanged: readTwice(RequestStatusChanged.self, message)
        case .callbackDelivered: readTwice(CallbackDelivered.self, message)
        case .callbackAttempted: readTwice(CallbackAttempted.self, message)
        case .callbackSuperseded: readTwice(CallbackSuperseded.self, message)
        case .endpointDegraded: readTwice(EndpointDegraded.self, message)
        case .endpointRecovered: readTwice(EndpointRecovered.self, message)
        case .stageRetrying: readTwice(StageRetrying.self, message)
        case .stageReplayed: readTwice(StageReplayed.self, message)
        case .stageDiscarded: readTwice(StageDiscarded.self, message)
        }
    }

    private static func readTwice<Data: EventData>(_ type: Data.Type, _ message: EventMessage) {
        guard let event = try? Event<Data>(message) else { return }
        do throws(ContractError) {
            let again = try Event<Data>(EventMessage(event))
            demand(again == event, "\(event) is itself, not \(again)")
        } catch {
            fatalError("what was read cannot be written and read again: \(error): \(event)")
        }
    }
}
