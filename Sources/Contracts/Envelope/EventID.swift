import Crypto

package import struct Foundation.UUID

/// Deterministic event ids.
package enum EventID {
    /// The id of the event that `stage` emits because of `cause`: UUIDv5 (RFC 9562, section 5.5) with the cause's id as
    /// name space and `<stage>/<type>[/<occurrence>]` as name. Running a stage twice gives the same id twice, so every
    /// reader recognises the duplicate.
    /// - Parameters:
    ///   - cause: the id of the event (or of the request) that led to this one.
    ///   - stage: who emits it, e.g. `geocode`.
    ///   - type: the type of the event that is emitted.
    ///   - occurrence: tells apart events of one type that a stage emits for one cause, e.g. the attempt.
    package static func derive(from cause: UUID, stage: String, type: EventType, occurrence: String? = nil) -> UUID {
        var name = "\(stage)/\(type.rawValue)"
        if let occurrence { name += "/\(occurrence)" }
        return UUID(version5: name, namespace: cause)
    }
}

extension UUID {
    /// UUIDv5 of a name in a name space (RFC 9562, section 5.5). SHA-1 is what the RFC asks for; nothing here relies on
    /// it being hard to collide.
    package init(version5 name: String, namespace: UUID) {
        var hash = Insecure.SHA1()
        withUnsafeBytes(of: namespace.uuid) { hash.update(bufferPointer: $0) }
        var name = name
        name.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        let (high, low) = hash.finalize().withUnsafeBytes { digest in
            (
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(
            high: (high & 0xFFFF_FFFF_FFFF_0FFF) | 0x5000,
            low: (low & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000)
    }
}
