/// Why the shapes of the map cannot be read.
package struct ShapesError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: String, Sendable {
        /// The folder of the executable lacks it, or it may not be read.
        case unreadable = "cannot be read"
        /// It does not start with the magic bytes.
        case notShapes = "is not a file of shapes"
        case unknownVersion = "has a format version that this program does not read"
        case cutOff = "is cut off"
        /// The digest does not match: bytes have changed, or are missing.
        case damaged = "is damaged: its digest does not match"
        /// The digest matches and the content makes no sense: the program that wrote it was wrong.
        case inconsistent = "contradicts itself"
    }

    package var problem: Problem
    /// Where in the file, bytes from its start.
    package var offset: Int

    package var description: String { "the map's shapes: the file \(problem.rawValue) (byte \(offset))" }
}
