import Foundation
import TestSupport

/// Public collections of hard cases. They are no part of the project: their tests run where `INTAKE_TESTDATA` names the
/// folder, or where it lies beside the checkout as `shared/testdata`.
enum Corpus {
    /// `nil` where there is none.
    static let directory: String? = {
        let named = ProcessInfo.processInfo.environment["INTAKE_TESTDATA"]
        let path = named ?? URL(fileURLWithPath: Repository.path("../shared/testdata")).standardized.path
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
            ? path : nil
    }()

    static var isThere: Bool { directory != nil }

    static func data(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(directory ?? "")/\(path)"))
    }

    static func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(directory ?? "")/\(path)").sorted()
    }

    /// The rows of an RFC 4180 file by column.
    static func rows(_ path: String) throws -> [[String: String]] {
        var records: [[String]] = [[]]
        var field = ""
        var isQuoted = false
        var text = String(decoding: try data(path), as: UTF8.self).unicodeScalars[...]
        while let scalar = text.popFirst() {
            switch scalar {
            case "\"" where isQuoted && text.first == "\"":
                text.removeFirst()
                field.unicodeScalars.append("\"")
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                records[records.count - 1].append(field)
                field = ""
            case "\r" where !isQuoted: break
            case "\n" where !isQuoted:
                records[records.count - 1].append(field)
                field = ""
                records.append([])
            default: field.unicodeScalars.append(scalar)
            }
        }
        let names = records.removeFirst()
        return records.filter { $0.count == names.count }.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }
}
