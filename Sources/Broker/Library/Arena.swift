/// Memory for what a single call into the library needs, given back all at once afterwards. The library copies what it
/// is handed before it returns.
struct Arena: ~Copyable {
    private static let blockSize = 16 * 1024
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0
    private var current = 0

    init() {}

    deinit { for block in blocks { block.deallocate() } }

    mutating func reset() {
        used = 0
        current = 0
        // A block that was made for one large value is not kept.
        while blocks.count > 4 { blocks.removeLast().deallocate() }
    }

    mutating func allocate(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
        while current < blocks.count {
            let start = (used + alignment - 1) & ~(alignment - 1)
            if start + bytes <= blocks[current].count, let base = blocks[current].baseAddress {
                used = start + bytes
                return base + start
            }
            current += 1
            used = 0
        }
        let block = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(Self.blockSize, bytes), alignment: 16)
        blocks.append(block)
        current = blocks.count - 1
        used = bytes
        // `allocate` never gives an empty buffer here: at least `blockSize` bytes were asked for.
        return block.baseAddress.unsafelyUnwrapped
    }

    mutating func allocate<Element>(_ count: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        allocate(bytes: max(1, count) * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment)
            .bindMemory(to: Element.self, capacity: max(1, count))
    }
}
