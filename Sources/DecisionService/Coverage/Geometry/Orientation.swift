/// On which side of a line a point lies, without rounding.
///
/// The plain formula decides when its result is larger than its rounding error can be; else the sum is made exactly
/// (J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates, 1997).
enum Orientation {
    /// (3 + 16ε)ε with ε = 2⁻⁵³: the error of the plain formula, relative to its two products.
    private static let errorBound = 3.330_669_073_875_471_6e-16

    /// Positive when `point` is left of the line from `start` to `end`, negative when it is right, 0 when it is on it.
    static func side(of point: Position, from start: Position, to end: Position) -> Double {
        let left = (start.x - point.x) * (end.y - point.y)
        let right = (start.y - point.y) * (end.x - point.x)
        let difference = left - right
        if abs(difference) > errorBound * (abs(left) + abs(right)) { return difference }
        return exactSide(of: point, from: start, to: end)
    }

    private static func exactSide(of point: Position, from start: Position, to end: Position) -> Double {
        var sum = ExactSum()
        sum.add(start.x, end.y)
        sum.add(-start.x, point.y)
        sum.add(-point.x, end.y)
        sum.add(-start.y, end.x)
        sum.add(start.y, point.x)
        sum.add(point.y, end.x)
        return sum.sign
    }

    /// A sum of products that loses nothing: parts that do not overlap, the smallest first.
    private struct ExactSum {
        private var parts: [Double] = []

        mutating func add(_ left: Double, _ right: Double) {
            let product = left * right
            grow((-product).addingProduct(left, right))
            grow(product)
        }

        private mutating func grow(_ value: Double) {
            var carried = value
            for index in parts.indices {
                let sum = carried + parts[index]
                let share = sum - carried
                parts[index] = (carried - (sum - share)) + (parts[index] - share)
                carried = sum
            }
            parts.append(carried)
        }

        /// That of the largest part.
        var sign: Double { parts.last { $0 != 0 } ?? 0 }
    }
}
