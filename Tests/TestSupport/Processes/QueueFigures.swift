/// How full a queue is, as the management API shows it. A number is absent until the queue has first been measured.
package struct QueueFigures: Decodable, Sendable {
    package var name: String
    /// Waiting.
    package var ready: Int?
    /// Delivered, and not settled yet.
    package var unacknowledged: Int?
    package var consumers: Int?
    /// The policy that applies to it.
    package var policy: String?

    /// Whether it was measured, and nothing was in it.
    package var isEmpty: Bool { ready == 0 && unacknowledged == 0 }

    enum CodingKeys: String, CodingKey {
        case name
        case ready = "messages_ready"
        case unacknowledged = "messages_unacknowledged"
        case consumers, policy
    }
}
