/// Something did not happen in time.
struct TooLate: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    var description: String { "not within \(limit): \(what)" }
}

/// Waits for an operation, and cancels it when its time is up.
/// - Throws: `TooLate`, and what the operation throws.
func within<Value: Sendable>(
    _ limit: Duration, _ what: String, operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw TooLate(what: what, limit: limit)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

/// The next element of a stream, or its end, in time.
/// - Throws: `TooLate`.
func next<Element: Sendable>(_ what: String, of stream: AsyncStream<Element>) async throws -> Element? {
    try await within(.seconds(20), what) { await stream.first { _ in true } }
}
