import Foundation
import NIOCore

/// The body of a callback, as much of it as the simulated partner reads.
struct CallbackBody: Decodable, Equatable {
    var acceptance: Bool

    /// Reads `{"acceptance": true|false, …}`; `nil` for anything else.
    static func acceptance(_ body: ByteBuffer) -> Bool? {
        // What Intake sends, byte for byte, needs no parser.
        if body == told.yes { return true }
        if body == told.no { return false }
        return (try? JSONDecoder().decode(CallbackBody.self, from: Data(body.readableBytesView)))?.acceptance
    }

    private static let told = (
        yes: ByteBuffer(string: #"{"acceptance":true,"status":"new"}"#),
        no: ByteBuffer(string: #"{"acceptance":false,"status":"new"}"#)
    )
}
