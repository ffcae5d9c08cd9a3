import Contracts

/// Asks once what several ask at the same time.
struct CoalescingGeocoder: StreetGeocoder {
    private let inner: any StreetGeocoder
    private let entry: GeocoderEntry
    private let questions = QuestionsInFlight()

    init(_ inner: any StreetGeocoder, entry: GeocoderEntry) {
        self.inner = inner
        self.entry = entry
    }

    var name: String { inner.name }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        let outcome = await questions.outcome(of: AddressKey(address, askedOf: entry)) { [inner] in
            await inner.outcome(of: address)
        }
        return try outcome.get()
    }
}

/// The questions that are being asked, each with all who wait for its answer.
///
/// A question belongs to none of them: who is cancelled leaves alone, and the question ends only when nobody is left.
actor QuestionsInFlight {
    typealias Outcome = Result<StreetFinding, GeocoderFailure>

    private struct Question {
        let number: Int
        var task: Task<Void, Never>
        var waiters: [Int: CheckedContinuation<Outcome, Never>]
    }

    private var questions: [AddressKey: Question] = [:]
    private var lastNumber = 0

    var count: Int { questions.count }

    /// How many wait for the answer to a question.
    func waiters(for key: AddressKey) -> Int { questions[key]?.waiters.count ?? 0 }

    /// Joins the question that is under way, or asks it.
    /// - Returns: `stopping` when the caller was cancelled.
    func outcome(of key: AddressKey, asking: @escaping @Sendable () async -> Outcome) async -> Outcome {
        lastNumber += 1
        let number = lastNumber
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                guard !Task.isCancelled else { return waiter.resume(returning: .failure(.stopping)) }
                if questions[key] == nil { ask(key, number, asking) }
                questions[key]?.waiters[number] = waiter
            }
        } onCancel: {
            // The handler may only enqueue; it runs on any thread.
            Task { await self.leave(number, key) }
        }
    }

    private func ask(_ key: AddressKey, _ number: Int, _ asking: @escaping @Sendable () async -> Outcome) {
        // Unstructured, because it outlives the one who began it when others wait, too. It ends with the answer, and
        // nobody forgets it: `finish` and `leave` look after it.
        let task = Task { finish(key, number, await asking()) }
        questions[key] = Question(number: number, task: task, waiters: [:])
    }

    private func finish(_ key: AddressKey, _ number: Int, _ outcome: Outcome) {
        guard let question = questions[key], question.number == number else { return }
        questions[key] = nil
        for waiter in question.waiters.values { waiter.resume(returning: outcome) }
    }

    private func leave(_ number: Int, _ key: AddressKey) {
        guard let waiter = questions[key]?.waiters.removeValue(forKey: number) else { return }
        waiter.resume(returning: .failure(.stopping))
        guard let question = questions[key], question.waiters.isEmpty else { return }
        questions[key] = nil
        question.task.cancel()
    }
}
