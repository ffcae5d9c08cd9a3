import AdminAPI
import AdminCalls

/// What organisations cover, county by county, as DecisionService says it. It decides some 33,000 places for an answer:
/// so one is kept, and asked for anew only now and then, while the old one is shown.
actor CoverageBoard {
    struct Areas: Sendable, Equatable {
        /// By FIPS code: more than 0, and 1 for all of it.
        var counties: [String: Double]
        var version: String
    }
    private struct Kept {
        var areas: Result<Areas?, PeerProblem>
        var at: ContinuousClock.Instant
    }

    private let client: AdminClient
    private var kept: [String: Kept] = [:]
    private var asking: [String: Task<Result<Areas?, PeerProblem>, Never>] = [:]

    /// How old an answer may be, and how soon somebody is asked again who did not answer.
    private static let (age, patience) = (Duration.seconds(300), Duration.seconds(10))
    private static let most = 500

    init(_ client: AdminClient) { self.client = client }

    /// - Returns: `nil` when the coverage does not name the organisation.
    /// - Throws: why it is not known.
    func areas(of organization: String) async throws(PeerProblem) -> Areas? {
        if let kept = kept[organization] {
            let isOld = kept.at.duration(to: .now) > ((try? kept.areas.get()) == nil ? Self.patience : Self.age)
            if isOld { _ = ask(organization) }
            // What is old is better than to wait, unless it is nothing.
            if !isOld || (try? kept.areas.get()) != nil { return try kept.areas.get() }
        }
        return try await ask(organization).value.get()
    }

    private func ask(_ organization: String) -> Task<Result<Areas?, PeerProblem>, Never> {
        if let task = asking[organization] { return task }
        let task = Task { [client] () -> Result<Areas?, PeerProblem> in
            let result: Result<Areas?, PeerProblem>
            do throws(PeerProblem) {
                let answer = try await client.ask(
                    ListAreas.call { $0.organization = organization }, timeout: .seconds(20))
                result = .success(
                    answer.flatMap { answer in
                        answer.areas.first.map { Areas(counties: $0.counties, version: answer.coverageVersion) }
                    })
            } catch { result = .failure(error) }
            self.keep(result, of: organization)
            return result
        }
        asking[organization] = task
        return task
    }

    private func keep(_ result: Result<Areas?, PeerProblem>, of organization: String) {
        asking[organization] = nil
        // Organisations are those of the people who sign in: there are not more than that.
        if kept.count >= Self.most { kept = [:] }
        if case .failure = result, let before = kept[organization], (try? before.areas.get()) != nil {
            // What was known stays, and is asked for again soon.
            kept[organization]?.at = .now - Self.age + Self.patience
            return
        }
        kept[organization] = Kept(areas: result, at: .now)
    }
}
