/// Why a gazetteer file cannot be read. Carries no content of the file.
package struct GazetteerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Problem: String, Sendable {
        /// It does not start with the magic bytes: another kind of file, or an empty one.
        case notAGazetteer = "is not a gazetteer file"
        /// A later format, or an earlier one.
        case unknownVersion = "has a format version that this program does not read"
        /// It ends before all that its header promises.
        case cutOff = "is cut off"
        /// There is more than its header promises.
        case trailingBytes = "goes on after its end"
        /// The checksum does not match: bytes have changed.
        case damaged = "is damaged: its checksum does not match"
        /// The checksum matches and the content makes no sense: the program that wrote it was wrong.
        case inconsistent = "contradicts itself"
    }

    package var problem: Problem
    /// Where in the file, bytes from its start.
    package var offset: Int

    package var description: String { "the file \(problem.rawValue) (byte \(offset))" }
}
