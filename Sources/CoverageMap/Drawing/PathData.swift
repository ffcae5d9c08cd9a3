/// The data of an SVG path: lines between points in tenths of a pixel, or in whole ones, each relative to the one
/// before, so that it is short.
struct PathData {
    private(set) var text = ""
    /// Of so many steps is a pixel: ten or one.
    private let grain: Int

    init(grain: Int = 10) { self.grain = grain }

    var isEmpty: Bool { text.isEmpty }

    private func number(_ value: Int) -> String { grain == 10 ? SVGText.tenths(value) : "\(value)" }

    /// - Parameter isClosed: whether it is an area. One that is less than a step is left out.
    mutating func add(_ points: [MapFrame.Point], isClosed: Bool) {
        var rounded: [(x: Int, y: Int)] = []
        for point in points {
            let next = (x: Int((point.x * Double(grain)).rounded()), y: Int((point.y * Double(grain)).rounded()))
            if let last = rounded.last, last == next { continue }
            rounded.append(next)
        }
        if isClosed, rounded.count > 1, let first = rounded.first, let last = rounded.last, first == last {
            rounded.removeLast()
        }
        guard rounded.count >= (isClosed ? 3 : 2), var before = rounded.first else { return }
        text += "M\(number(before.x)) \(number(before.y))l"
        for (index, point) in rounded.dropFirst().enumerated() {
            let x = number(point.x - before.x)
            let y = number(point.y - before.y)
            text += (index == 0 || x.hasPrefix("-") ? x : " " + x) + (y.hasPrefix("-") ? y : " " + y)
            before = point
        }
        if isClosed { text += "z" }
    }
}
