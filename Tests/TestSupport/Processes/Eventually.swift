/// Something that did not happen in time.
package struct DeadlinePassed: Error, CustomStringConvertible {
    /// What was waited for.
    package var what: String
    package var limit: Duration
    /// What the last look at it said, and how the logs of the processes concerned end.
    package var details: String

    package var description: String { "not within \(limit): \(what)\n\(details)" }
}

/// Looks until `probe` finds what it looks for, again and again, until the deadline.
///
/// For conditions of other processes, which cannot signal us. An error of the probe means "not yet", and the last one
/// is part of the failure.
/// - Parameters:
///   - what: what is waited for, for the failure.
///   - limit: how long to look.
///   - processes: those whose logs belong into the failure; when one of them has ended, waiting ends at once.
///   - probe: what it finds, or `nil` for "not yet".
/// - Throws: `DeadlinePassed`, `CancellationError`.
package func eventually<Finding>(
    _ what: String, within limit: Duration = .seconds(30), processes: [ChildProcess] = [],
    isolation: isolated (any Actor)? = #isolation, _ probe: () async throws -> Finding?
) async throws -> Finding {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var last = "no look at it failed"
    while true {
        do {
            if let finding = try await probe() { return finding }
        } catch let error as CancellationError {
            throw error
        } catch {
            last = "last error: \(String(reflecting: error))"
        }
        let ended = processes.filter { $0.exitStatus != nil }
        if clock.now >= deadline || !ended.isEmpty {
            let deaths = ended.compactMap { child in child.exitStatus.map { "\(child.name) \($0)\n" } }.joined()
            let logs = processes.map { "--- log of \($0.name) ends:\n\($0.logTail())" }.joined(separator: "\n")
            throw DeadlinePassed(what: what, limit: limit, details: "\(last)\n\(deaths)\(logs)")
        }
        // Between two looks, not in place of one.
        try await clock.sleep(for: .milliseconds(20))
    }
}

/// Looks until `condition` holds; see the other `eventually`.
package func eventually(
    _ what: String, within limit: Duration = .seconds(30), processes: [ChildProcess] = [],
    isolation: isolated (any Actor)? = #isolation, until condition: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit, processes: processes) { try await condition() ? true : nil }
}
