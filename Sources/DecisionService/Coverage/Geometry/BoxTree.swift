/// Bounding boxes over a list whose neighbours lie near each other, as a ring's edges do: each box holds eight items,
/// each box above it eight boxes. Never rebuilt, and nothing but arrays.
struct BoxTree: Sendable {
    private static let width = 8

    private let count: Int
    /// The lowest level first.
    private let levels: [[Box]]

    /// - Parameter boxes: those of the items, in the list's order.
    init(_ boxes: [Box]) {
        count = boxes.count
        var levels: [[Box]] = []
        var below = boxes
        while !below.isEmpty {
            let level = stride(from: 0, to: below.count, by: Self.width).map { start in
                var box = Box()
                for item in below[start..<min(start + Self.width, below.count)] { box.enclose(item) }
                return box
            }
            levels.append(level)
            guard level.count > 1 else { break }
            below = level
        }
        self.levels = levels
    }

    /// What encloses everything.
    var bounds: Box? { levels.last?.first }

    /// Visits the items of every box that `isWanted`, and of no other. An item's own box is not asked for.
    func visit(_ isWanted: (Box) -> Bool, _ item: (Int) -> Void) {
        if !levels.isEmpty { descend(levels.count - 1, 0, isWanted, item) }
    }

    private func descend(_ level: Int, _ node: Int, _ isWanted: (Box) -> Bool, _ item: (Int) -> Void) {
        guard isWanted(levels[level][node]) else { return }
        let end = level == 0 ? count : levels[level - 1].count
        for child in node * Self.width..<min((node + 1) * Self.width, end) {
            if level == 0 {
                item(child)
            } else {
                descend(level - 1, child, isWanted, item)
            }
        }
    }
}
