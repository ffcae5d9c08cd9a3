import AsyncHTTPClient
import Contracts
import Foundation
import HTTPExchange
import NIOCore
import NIOHTTP1
import Synchronization
import Terminal

/// Posts the requests: so many at once, so many a second, each until it has come to an end.
final class RequestSender: Sendable {
    private let source: RequestSource
    private let api: PartnerAPI
    private let client: HTTPClient
    private let ledger: LiveLedger
    private let pace: Pace?
    /// How long it goes on trying while nothing else happens either.
    private let patience: Duration
    private let headers: HTTPHeaders
    private let next = Atomic(0)

    init(
        source: RequestSource, api: PartnerAPI, client: HTTPClient, ledger: LiveLedger, rate: Double?,
        patience: Duration
    ) {
        self.source = source
        self.api = api
        self.client = client
        self.ledger = ledger
        self.patience = patience
        pace = rate.map { Pace(perSecond: $0, from: .now) }
        headers = [
            "content-type": "application/json", "authorization": api.authorization, "user-agent": "intake-simulate",
        ]
    }

    /// Returns when every request's POST has come to an end.
    func run(concurrency: Int) async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<min(concurrency, source.count) {
                group.addTask { await self.work() }
            }
        }
    }

    private func work() async {
        while !Task.isCancelled {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < source.count else { return }
            // Cancelled while it waits for its turn, the request stays unsent.
            if let pace { guard (try? await pace.turn(of: index)) != nil else { return } }
            await post(index)
        }
    }

    private func post(_ index: Int) async {
        let simulated = source.request(at: index)
        var request = HTTPClientRequest(url: api.requestsURL)
        request.method = .POST
        request.headers = headers
        request.body = .bytes(simulated.body)
        // At a slow rate nothing happens between two turns, which says nothing about this request.
        let due = pace?.due(index)
        var backoff = Backoff()
        while true {
            let (next, retryAfter) = await postOnce(index, simulated, request, due: due)
            guard next == .sendAgain, !Task.isCancelled else { return }
            let delay = backoff.next(atLeast: retryAfter)
            let lastProgressAt = ledger.lastProgressAt
            guard .now + delay < max(lastProgressAt, due ?? lastProgressAt) + patience else {
                ledger.record { ledger, now in ledger.gaveUp(index, at: now) }
                return
            }
            guard (try? await Task.sleep(for: delay)) != nil else { return }
        }
    }

    private func postOnce(
        _ index: Int, _ simulated: SimulatedRequest, _ request: HTTPClientRequest, due: ContinuousClock.Instant?
    ) async -> (Ledger.AfterAnswer, retryAfter: Duration?) {
        ledger.record { ledger, now in ledger.sending(index, simulated, at: now, due: due) }
        do {
            let deadline = NIODeadline.now() + .seconds(30)
            let response = try await client.execute(request, deadline: deadline)
            let location = response.headers.first(name: "location")
            let next = ledger.record { ledger, now in
                ledger.answered(index, status: Int(response.status.code), location: location, at: now)
            }
            let retryAfter = response.headers.first(name: "retry-after").flatMap { Int64(foreign: $0) }
            // An answer is small; whatever becomes of its body, its status has been written down.
            _ = try? await response.body(upTo: 1 << 20, until: deadline)
            return (next, retryAfter.map { .seconds(min(3600, max(0, $0))) })
        } catch {
            if Task.isCancelled { return (.done, nil) }
            return (
                ledger.record { ledger, now in ledger.unanswered(index, NetworkFailure(error).words, at: now) }, nil
            )
        }
    }
}

/// How long to wait before the next try: twice as long each time, between half and the whole of it.
struct Backoff {
    static let first = Duration.milliseconds(100)
    static let longest = Duration.seconds(5)

    private var ceiling = Self.first

    /// - Parameter floor: what the server asked for.
    mutating func next(atLeast floor: Duration?) -> Duration {
        let delay = ceiling * Double.random(in: 0.5...1)
        ceiling = min(Self.longest, ceiling * 2)
        return max(delay, floor ?? .zero)
    }
}
