package import Foundation

/// By what a dead letter is known to operators.
package enum DeadLetterID {
    /// The event's id, or, for a message without one that can be read, a UUIDv5 of its body: the same bytes have the
    /// same id wherever it is worked out.
    package static func of(_ message: EventMessage) -> UUID {
        message.id ?? UUID(version5: Data(message.body).base64EncodedString(), namespace: namespace)
    }

    /// Made up for this, once.
    private static let namespace = UUID(version5: "urn:intake:dead-letter", namespace: .unset)
}
