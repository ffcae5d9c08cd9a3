import CAmqp
import Glibc

/// Frames on their way to the socket: the library encodes them here, and all of a turn leave in one write.
///
/// The library's own sending writes frame by frame, three for a message, and looks for a heartbeat before each message.
struct FrameBuffer: ~Copyable {
    /// Around each payload: type, channel and size before it, an end octet behind (AMQP 0-9-1, section 4.2.3).
    private static let overhead = 8
    /// What is kept once it was needed.
    private static let keptSize = 256 * 1024

    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var used = 0

    init() {}

    deinit { memory.deallocate() }

    var isEmpty: Bool { used == 0 }

    /// Adds a method frame.
    /// - Returns: the library's status; nothing is added unless it is OK.
    mutating func add(
        method id: amqp_method_number_t, _ arguments: UnsafeMutableRawPointer, channel: UInt16, limit: Int
    )
        -> Int32
    {
        reserve(limit)
        let payload = used + 7
        memory.storeBytes(of: id.bigEndian, toByteOffset: payload, as: UInt32.self)
        let size = amqp_encode_method(id, arguments, bytes(from: payload + 4, limit: limit - Self.overhead - 4))
        guard size >= 0 else { return size }
        finish(AMQP_FRAME_METHOD, channel, size: Int(size) + 4)
        return AMQP_STATUS_OK.rawValue
    }

    /// Adds the header and the body of a content of the class `basic`.
    /// - Parameter limit: the largest frame, bytes; the properties are known to fit into one.
    /// - Returns: the library's status; nothing is added unless it is OK.
    mutating func add(
        content properties: UnsafeMutablePointer<amqp_basic_properties_t>, body: UnsafeRawBufferPointer,
        channel: UInt16,
        limit: Int
    ) -> Int32 {
        let share = limit - Self.overhead
        reserve(limit + body.count + (body.count / share + 1) * Self.overhead)
        let payload = used + 7
        memory.storeBytes(of: UInt16(AMQP_BASIC_CLASS).bigEndian, toByteOffset: payload, as: UInt16.self)
        memory.storeBytes(of: 0, toByteOffset: payload + 2, as: UInt16.self)  // The weight, which nobody uses.
        memory.storeBytes(of: UInt64(body.count).bigEndian, toByteOffset: payload + 4, as: UInt64.self)
        let size = amqp_encode_properties(
            UInt16(AMQP_BASIC_CLASS), properties, bytes(from: payload + 12, limit: share - 12))
        guard size >= 0 else { return size }
        finish(AMQP_FRAME_HEADER, channel, size: Int(size) + 12)
        var rest = body[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(share))
            UnsafeMutableRawBufferPointer(rebasing: memory[(used + 7)...]).copyMemory(from: part)
            finish(AMQP_FRAME_BODY, channel, size: part.count)
            rest = rest.dropFirst(part.count)
        }
        return AMQP_STATUS_OK.rawValue
    }

    /// Writes everything. Waits while the socket takes nothing, at most until TCP gives the peer up.
    /// - Returns: 0, or the system's error, after which a part may have been written.
    mutating func write(to descriptor: Int32) -> Int32 {
        var sent = 0
        while sent < used {
            let rest = UnsafeRawBufferPointer(rebasing: memory[sent..<used])
            let count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                var socket = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&socket, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        used = 0
        if memory.count > Self.keptSize {
            memory.deallocate()
            memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        }
        return 0
    }

    private func bytes(from start: Int, limit: Int) -> amqp_bytes_t {
        amqp_bytes_t(len: limit, bytes: memory.baseAddress.map { $0 + start })
    }

    /// Puts what is around a payload that has been written.
    private mutating func finish(_ type: Int32, _ channel: UInt16, size: Int) {
        memory.storeBytes(of: UInt8(type), toByteOffset: used, as: UInt8.self)
        memory.storeBytes(of: channel.bigEndian, toByteOffset: used + 1, as: UInt16.self)
        memory.storeBytes(of: UInt32(size).bigEndian, toByteOffset: used + 3, as: UInt32.self)
        memory.storeBytes(of: UInt8(AMQP_FRAME_END), toByteOffset: used + 7 + size, as: UInt8.self)
        used += size + Self.overhead
    }

    private mutating func reserve(_ size: Int) {
        guard used + size > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(2 * memory.count, used + size), alignment: 8)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<used]))
        memory.deallocate()
        memory = larger
    }
}
