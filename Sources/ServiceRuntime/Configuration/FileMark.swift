import Foundation

/// What tells one state of a file from the next, without reading it.
struct FileMark: Equatable, Sendable {
    private let modified: Date?
    private let size: Int
    private let inode: Int

    /// `nil` when there is no such file.
    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        modified = attributes[.modificationDate] as? Date
        size = attributes[.size] as? Int ?? 0
        inode = attributes[.systemFileNumber] as? Int ?? 0
    }
}
