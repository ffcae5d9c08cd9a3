import Dispatch
import NIOCore
import Synchronization

/// Where a partner is: the addresses of its host, looked at, and a client for each.
///
/// If one address of a name is refused, all are: a name that has both a public and an internal address is the mark of
/// somebody who tries which one is taken.
final class Destination: Sendable {
    /// How long an answer of the resolver is taken without asking anew. Its own time to live is not known here.
    static let freshFor = Duration.seconds(5)
    /// How long it is still used while the resolver is being asked anew, so that no callback waits for that.
    static let usableFor = Duration.seconds(60)
    /// Of a name with very many addresses the first are enough.
    private static let mostAddresses = 16

    let endpoint: Endpoint
    private let connections: Int
    private let lookup: HostLookup
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    private typealias Answer = Result<[PinnedClient], DeliveryFailure>
    private typealias Waiter = AsyncStream<Answer>.Continuation

    private struct State {
        /// The one to try first is the first.
        var clients: [PinnedClient] = []
        var verdicts: [AddressVerdict] = []
        var checkedAt: ContinuousClock.Instant?
        var isLookingUp = false
        var waiters: [Waiter] = []
        var isClosed = false
    }

    init(
        _ endpoint: Endpoint, connections: Int, lookup: HostLookup,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.endpoint = endpoint
        self.connections = endpoint.connections ?? connections
        self.lookup = lookup
        self.now = now
    }

    /// What the addresses were like when they were looked at last.
    var verdicts: [AddressVerdict] { state.withLock { $0.verdicts } }

    /// The clients that lead to the partner, the one to try first at the front.
    /// - Throws: `DeliveryFailure`.
    func clients(until deadline: NIODeadline) async throws(DeliveryFailure) -> [PinnedClient] {
        switch step() {
        case .use(let clients): return clients
        case .useAndLookUp(let clients):
            lookUpLater()
            return clients
        case .wait(let answers, let looksUp):
            if looksUp { lookUpLater() }
            return try await Self.first(of: answers, until: deadline)
        case .stopping: throw DeliveryFailure(.stopping)
        }
    }

    /// Tries this client first from now on: those before it did not connect.
    func prefer(_ client: PinnedClient) {
        state.withLock { state in
            guard let index = state.clients.firstIndex(where: { $0 === client }) else { return }
            state.clients.insert(state.clients.remove(at: index), at: 0)
        }
    }

    /// Takes no more callbacks: the partner's entry has changed.
    func retire() {
        for client in close() { client.retire() }
    }

    func shutDown() async {
        for client in close() { await client.shutDown() }
    }

    private func close() -> [PinnedClient] {
        state.withLock { state in
            state.isClosed = true
            defer { state.clients = [] }
            return state.clients
        }
    }

    private enum Step {
        case use([PinnedClient])
        case useAndLookUp([PinnedClient])
        case wait(AsyncStream<Answer>, looksUp: Bool)
        case stopping
    }

    private func step() -> Step {
        let now = now()
        return state.withLock { state in
            guard !state.isClosed else { return .stopping }
            if let checkedAt = state.checkedAt, !state.clients.isEmpty {
                let age = checkedAt.duration(to: now)
                if isSettled || age < Self.freshFor || state.isLookingUp && age < Self.usableFor {
                    return .use(state.clients)
                }
                if age < Self.usableFor {
                    state.isLookingUp = true
                    return .useAndLookUp(state.clients)
                }
            }
            let (stream, continuation) = AsyncStream<Answer>.makeStream()
            state.waiters.append(continuation)
            defer { state.isLookingUp = true }
            return .wait(stream, looksUp: !state.isLookingUp)
        }
    }

    /// Whether there is no name to look up.
    private var isSettled: Bool {
        if endpoint.proxy != nil { return true }
        if case .address = endpoint.host { return true }
        return false
    }

    /// The first answer, or a failure when it does not come in time.
    private static func first(
        of answers: AsyncStream<Answer>, until deadline: NIODeadline
    ) async throws(DeliveryFailure) -> [PinnedClient] {
        let result = await withTaskGroup(of: Answer.self) { group in
            // The answer and the clock, side by side: whichever is first cancels the other.
            group.addTask {
                for await answer in answers { return answer }
                return .failure(DeliveryFailure(.stopping))
            }
            // The clock, cancelled when the answer is there.
            group.addTask {
                let left = deadline - .now()
                // A sleep fails only when it is cancelled, which the next line asks.
                try? await Task.sleep(for: .nanoseconds(max(0, left.nanoseconds)))
                return .failure(DeliveryFailure(Task.isCancelled ? .stopping : .dns))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(DeliveryFailure(.stopping))
        }
        return try result.get()
    }

    // MARK: Looking up

    /// On a thread that may block; one at a time for each destination.
    private func lookUpLater() {
        Self.queue.async { self.lookUp() }
    }

    private static let queue = DispatchQueue(label: "intake.callback.lookup", attributes: .concurrent)

    private func lookUp() {
        let (verdicts, result) = addresses()
        let (waiters, answer, retired) = state.withLock { state -> ([Waiter], Answer, [PinnedClient]) in
            state.isLookingUp = false
            state.verdicts = verdicts
            defer { state.waiters = [] }
            guard !state.isClosed else { return (state.waiters, .failure(DeliveryFailure(.stopping)), []) }
            switch result {
            case .success(let addresses):
                let old = state.clients
                do {
                    state.clients = try clients(for: addresses, keeping: old)
                } catch {
                    return (state.waiters, .failure(DeliveryFailure(.tls)), [])
                }
                state.checkedAt = now()
                let new = state.clients
                return (state.waiters, .success(new), old.filter { one in !new.contains { $0 === one } })
            case .failure(let failure):
                // When only the resolver is away, what it said last holds a while.
                guard failure.code == .addressForbidden else { return (state.waiters, .failure(failure), []) }
                defer { state.clients = [] }
                return (state.waiters, .failure(failure), state.clients)
            }
        }
        for client in retired { client.retire() }
        for waiter in waiters {
            waiter.yield(answer)
            waiter.finish()
        }
    }

    /// The addresses of the host; none behind a proxy.
    private func addresses() -> ([AddressVerdict], Result<[IPAddress], DeliveryFailure>) {
        let found: [IPAddress]
        switch endpoint.host {
        // A name is the proxy's to resolve; an address is looked at all the same.
        case .name where endpoint.proxy != nil: return ([], .success([]))
        case .address(let address): found = [address]
        case .name(let name):
            do throws(HostLookup.Failure) {
                found = try Array(lookup.addresses(name).prefix(Self.mostAddresses))
            } catch {
                var failure = DeliveryFailure(.dns)
                failure.detail = error.detail
                return ([], .failure(failure))
            }
        }
        guard !found.isEmpty else { return ([], .failure(DeliveryFailure(.dns))) }
        let verdicts = found.map { AddressVerdict(address: $0, refusal: endpoint.addresses.refusal(of: $0)) }
        guard let refused = verdicts.first(where: { $0.refusal != nil }) else {
            return (verdicts, .success(endpoint.proxy == nil ? found : []))
        }
        var failure = DeliveryFailure(.addressForbidden)
        failure.detail = "\(refused.address): \(refused.refusal ?? "")"
        return (verdicts, .failure(failure))
    }

    /// Connections are kept where an address is still the partner's, and the one in use stays first.
    private func clients(for addresses: [IPAddress], keeping old: [PinnedClient]) throws -> [PinnedClient] {
        guard endpoint.proxy == nil else {
            return try old.isEmpty ? [PinnedClient(endpoint, address: nil, connections: connections)] : old
        }
        var clients = try addresses.map { address in
            try old.first { $0.address == address }
                ?? PinnedClient(endpoint, address: address, connections: connections)
        }
        if let first = old.first, let index = clients.firstIndex(where: { $0 === first }) {
            clients.insert(clients.remove(at: index), at: 0)
        }
        return clients
    }
}
