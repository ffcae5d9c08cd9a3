/// The sizes of the batches of a careful replay: 1, 2, 5, 20, 50, 200, 500, and 1,000 from then on.
struct CanaryBatches: Sendable {
    private static let sizes = [1, 2, 5, 20, 50, 200, 500, 1000]
    private var index = 0

    var size: Int { Self.sizes[min(index, Self.sizes.count - 1)] }

    mutating func advance() { index += 1 }
}
