import Contracts
import Foundation
import NIOCore

extension Alert {
    /// What a recipient gets. `text` is for people, and under a name that chats show as it is; the rest is for
    /// programs. Nothing about the person who asked for help is in it.
    /// - Parameter others: dead letters of the same kind that nobody was told of since the last one.
    func body(others: Int = 0) -> ByteBuffer {
        var json = JSONObjectText()
        json.add("type", type)
        json.add("text", text(others))
        json.add("at", Timestamp.string(at))
        json.add("provider", provider)
        json.add("organization", organization)
        json.add("requestId", requestID?.description)
        switch content {
        case .degraded(let data):
            json.add("attempts", data.attempts)
            json.add("failures", data.failures)
            json.add("error", data.error.code)
        case .recovered(let data):
            json.add("degradedSince", Timestamp.string(data.degradedSince))
        case .dead(let death):
            json.add("stage", death.stage?.rawValue)
            json.add("reason", death.reason.rawValue)
            json.add("error", death.error)
            json.add("others", others)
        case .review(let data):
            json.add("providerRequestId", data.request.providerRequestID)
            json.add("reason", data.question.reason.rawValue)
            json.add("deadline", Timestamp.string(data.question.deadline))
        }
        return ByteBuffer(bytes: json.bytes())
    }

    /// What a recipient gets for a trial.
    static func trial(of name: String, at time: Date) -> ByteBuffer {
        var json = JSONObjectText()
        json.add("type", "test")
        json.add("text", "A trial, to see that \(name) is told of trouble. Nothing is wrong.")
        json.add("at", Timestamp.string(time))
        return ByteBuffer(bytes: json.bytes())
    }

    private var type: String {
        switch kind {
        case .degraded: "endpoint.degraded"
        case .recovered: "endpoint.recovered"
        case .dead: "message.dead"
        case .review: "review.near-deadline"
        }
    }

    private func text(_ others: Int) -> String {
        let name = provider ?? "a partner that is not named"
        switch content {
        case .degraded(let data):
            return "\(name) does not take callbacks: \(data.failures) of the last \(data.attempts) attempts failed "
                + "(\(data.error.code)). They wait, and it is tried now and then."
        case .recovered(let data):
            let seconds = Duration.seconds(max(0, data.recoveredAt.timeIntervalSince(data.degradedSince)))
            return "\(name) takes callbacks again, after \(seconds.age)."
        case .dead(let death):
            let stage = death.stage?.rawValue ?? "unknown"
            let more = others > 0 ? " \(others) more since the last message." : ""
            return "Something of \(name) was given up in the stage \(stage) (\(death.reason.rawValue), \(death.error)) "
                + "and waits for an operator: intake dead list.\(more)"
        case .review(let data):
            return "A request of \(name) waits for somebody of \(data.request.organization) to decide, until "
                + "\(Timestamp.string(data.question.deadline)); then the answer is "
                + "\(data.question.fallback ? "yes" : "no") without a person."
        }
    }
}
