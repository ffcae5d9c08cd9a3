import CAmqp
import Contracts
import ServiceRuntime

@testable import Broker
@testable import ServiceRuntime

extension Harness {
    static let amqp = Harness(
        "amqp", "frames from a broker: methods, tables, contents; what can be received can be sent on as a dead letter"
    ) { input in
        guard let library = amqp_new_connection() else { fatalError("out of memory") }
        defer { amqp_destroy_connection(library) }
        var assemblers: [UInt16: DeliveryAssembler] = [:]
        var memory = TextMemory()
        input.bytes.withUnsafeBytes { bytes in
            var left = bytes[...]
            while !left.isEmpty {
                var frame = amqp_frame_t()
                // The library only reads through the pointer.
                let start = UnsafeMutableRawPointer(mutating: UnsafeRawBufferPointer(rebasing: left).baseAddress)
                let taken = amqp_handle_input(library, amqp_bytes_t(len: left.count, bytes: start), &frame)
                guard taken > 0 else { return }
                left = left.dropFirst(Int(taken))
                // Zero while a frame is not whole; the other is a protocol header, which only ends a handshake.
                guard frame.frame_type != 0, frame.frame_type != UInt8(ascii: "A") else { continue }
                guard read(frame, &memory, &assemblers) else { return }
                amqp_maybe_release_buffers(library)
            }
        }
    }

    /// - Returns: whether the connection would go on.
    private static func read(
        _ frame: amqp_frame_t, _ memory: inout TextMemory, _ assemblers: inout [UInt16: DeliveryAssembler]
    ) -> Bool {
        func assembler(_ channel: UInt16, _ receive: (inout DeliveryAssembler) -> DeliveryAssembler.Action) -> Bool {
            switch receive(&assemblers[channel, default: DeliveryAssembler(maximumBodySize: 1 << 20)]) {
            case .wait: break
            case .fail: return false
            case .complete(_, let message, let isOversized): if !isOversized { sendOn(message) }
            }
            return true
        }
        switch ReadOutcome(frame, &memory) {
        case .frame(.content(let channel, let start, _)):
            return assembler(channel) { $0.receivedMethod(start) }
        case .frame(.header(let channel, let properties, let bodySize)):
            return assembler(channel) { $0.receivedHeader(properties, bodySize: bodySize) }
        case .body(let channel, let bytes):
            return assembler(channel) { $0.receivedBody(bytes) }
        case .frame: return true
        case .drained, .lost: return false
        }
    }

    /// The failure path takes whatever the input path took.
    private static func sendOn(_ message: Message) {
        _ = (EventMessage(message).type, message.death?.at, message.returns)
        let copy = message.copy()
        demand(copy.properties.headers.encodedSize <= Message.headersLimit + 64, "headers that fit twice into a frame")
        var arena = Arena()
        var properties = arena.properties(copy.properties)
        var frames = FrameBuffer()
        let status = copy.body.withUnsafeBytes {
            frames.add(content: &properties, body: $0, channel: 1, limit: 131_072)
        }
        demand(status == AMQP_STATUS_OK.rawValue, "a copy that can be written, whatever came: status \(status)")
    }
}
