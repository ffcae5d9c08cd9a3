import AsyncHTTPClient
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1
import ServiceRuntime

/// One attempt at one address: request, answer, and what the answer means.
struct Exchange {
    let partner: Partner
    let client: PinnedClient
    let deadline: NIODeadline
    let requests: PartnerRequestMetrics
    let now: @Sendable () -> Date
    let recorder: ExchangeRecorder?

    /// - Returns: the status of a receipt.
    /// - Throws: `DeliveryFailure`.
    func run(_ request: HTTPClientRequest) async throws(DeliveryFailure) -> Int {
        // Each end of a connection that was kept takes it out of the pool, so that there are no more than it holds.
        for _ in 0..<Self.mostKept {
            do {
                return try await measured(request)
            } catch {
                switch error.remedy {
                case .none: throw error.failure
                case .onceMore: break
                case .anotherConnection: continue
                }
            }
            break
        }
        do {
            return try await measured(request)
        } catch {
            throw error.failure
        }
    }

    /// Connections that a pool may have kept, at most, whose ends cost nothing but another try.
    private static let mostKept = 16

    private struct Trouble: Error {
        var failure: DeliveryFailure
        var remedy = Remedy.none
    }

    /// What may help at once. A callback has its own key on every try (RFC 9110, section 9.2.2).
    private enum Remedy {
        case none
        /// The connection was at its end before an answer began, the partner had written its farewell to it while it
        /// was idle, or says that it has waited for a request too long.
        case onceMore
        /// The same of a connection that had been used before.
        case anotherConnection
    }

    private func measured(_ request: HTTPClientRequest) async throws(Trouble) -> Int {
        let started = ContinuousClock.now
        func record(_ status: Int?, _ error: String?) {
            requests.record(partner.url, status: status, error: error, started.duration(to: .now))
        }
        do {
            let status = try await once(request)
            record(status, nil)
            return status
        } catch {
            record(error.failure.status, error.failure.status == nil ? error.failure.code.rawValue : nil)
            throw error
        }
    }

    private func once(_ request: HTTPClientRequest) async throws(Trouble) -> Int {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, until: deadline)
        } catch {
            let failure = failure(error)
            // The parser has something to complain of only when an answer has begun.
            let isReset = failure.code == .reset && !(error is HTTPParserError)
            let mayHelp = isReset || error as? BadAnswer == .unasked
            throw Trouble(
                failure: failure,
                remedy: error is ReusedConnectionEnded ? .anotherConnection : mayHelp ? .onceMore : .none)
        }
        let status = Int(response.status.code)
        recorder?.receives(response)
        let isTaken = partner.receipt.takes(status: status)
        var answer = AnswerBody()
        do {
            // To its end, so that the connection can be used again, or as much of it as is read at all.
            let body = try await response.body(upTo: AnswerBody.longest, until: deadline)
            answer = AnswerBody(bytes: body.bytes, isCut: body.isCut)
        } catch {
            // Another status says more than what then became of the body.
            if isTaken {
                var failure = failure(error)
                failure.status = status
                throw Trouble(failure: failure)
            }
        }
        recorder?.receives(answer)
        guard isTaken else {
            // RFC 9110, section 15.5.9: said of a connection that was idle, it is no answer to this request.
            throw Trouble(failure: failure(status, response, answer), remedy: status == 408 ? .onceMore : .none)
        }
        if let objection = partner.receipt.objection(to: answer) {
            var failure = failure(status, response, answer)
            failure.code = .noReceipt
            failure.message = objection
            failure.verdict = .tryAgain
            throw Trouble(failure: failure)
        }
        return status
    }

    private func failure(_ error: any Error) -> DeliveryFailure {
        var failure = DeliveryFailure(error)
        if !failure.isOfConnecting, failure.code != .proxy { failure.addressFamily = client.address?.family }
        return failure
    }

    private func failure(_ status: Int, _ response: HTTPClientResponse, _ answer: AnswerBody) -> DeliveryFailure {
        let retryAfter = response.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0, now: now()) }
        var failure = DeliveryFailure(
            status: status, retryAfter: retryAfter, excerpt: Excerpt(partner).of(answer), permanent: partner.permanent)
        failure.addressFamily = client.address?.family
        return failure
    }
}
