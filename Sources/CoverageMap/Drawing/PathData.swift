/// The data of an SVG path: lines between points in tenths of a pixel, each relative to the one before, so that it is
/// short.
struct PathData {
    private(set) var text = ""

    var isEmpty: Bool { text.isEmpty }

    /// - Parameter isClosed: whether it is an area. One that is less than a tenth of a pixel is left out.
    mutating func add(_ points: [MapFrame.Point], isClosed: Bool) {
        var rounded: [(x: Int, y: Int)] = []
        for point in points {
            let next = (x: Int((point.x * 10).rounded()), y: Int((point.y * 10).rounded()))
            if let last = rounded.last, last == next { continue }
            rounded.append(next)
        }
        if isClosed, rounded.count > 1, let first = rounded.first, let last = rounded.last, first == last {
            rounded.removeLast()
        }
        guard rounded.count >= (isClosed ? 3 : 2), var before = rounded.first else { return }
        text += "M\(SVGText.tenths(before.x)) \(SVGText.tenths(before.y))l"
        for (index, point) in rounded.dropFirst().enumerated() {
            let x = SVGText.tenths(point.x - before.x)
            let y = SVGText.tenths(point.y - before.y)
            text += (index == 0 || x.hasPrefix("-") ? x : " " + x) + (y.hasPrefix("-") ? y : " " + y)
            before = point
        }
        if isClosed { text += "z" }
    }
}
