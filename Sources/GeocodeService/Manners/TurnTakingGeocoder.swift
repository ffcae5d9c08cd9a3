import Contracts
import ServiceRuntime

/// Asks no more often than allowed to all replicas together.
struct TurnTakingGeocoder: StreetGeocoder {
    private let inner: GuardedGeocoder
    private let turn: SharedTurn

    init(_ inner: GuardedGeocoder, turn: SharedTurn) {
        self.inner = inner
        self.turn = turn
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        // Nobody takes a turn for a question that is not going to be asked.
        try inner.check()
        let outcome: Result<StreetFinding, GeocoderFailure>
        do throws(TurnRefusal) {
            outcome = try await turn.perform {
                do throws(GeocoderFailure) {
                    return .success(try await inner.find(address))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            switch error {
            case .stopping: throw .stopping
            case .taken, .crowded: throw .crowded(retryAfter: await turn.backlog)
            case .unknown: throw .noTurn
            }
        }
        return try outcome.get()
    }
}
