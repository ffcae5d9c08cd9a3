import Foundation
import NIOCore

/// Requests from a JSON Lines file. The whole file is read and checked before the first is posted.
struct RequestFile: Sendable, Equatable {
    let requests: [SimulatedRequest]

    /// - Parameters:
    ///   - prefix: goes before each request's own id, so that one file can be posted again and again.
    ///   - expected: what each must be told, by the id as it stands in the file.
    /// - Throws: `SimulationError`, which names the file and the line.
    init(path: String, prefix: String, expected: ExpectedDecisions?) throws(SimulationError) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw SimulationError("\(path) cannot be read")
        }
        try self.init(content: content, name: path, prefix: prefix, expected: expected)
    }

    init(
        content: Data, name: String, prefix: String, expected: ExpectedDecisions?
    ) throws(SimulationError) {
        var requests: [SimulatedRequest] = []
        var lineOfID: [String: Int] = [:]
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) {
                continue
            }
            let place = "\(name), line \(index + 1)"
            guard var object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] else {
                throw SimulationError("\(place): not a JSON object")
            }
            // The API matches names without regard to case, and so does its partner.
            guard let key = object.keys.first(where: { $0.lowercased() == "providerrequestid" }),
                let id = object[key] as? String, !id.isEmpty
            else { throw SimulationError("\(place): providerRequestId is missing or not text") }
            if let other = lineOfID.updateValue(index + 1, forKey: id) {
                throw SimulationError("\(place): has the same providerRequestId as line \(other)")
            }
            var body = ByteBuffer(bytes: line)
            if !prefix.isEmpty {
                object[key] = prefix + id
                guard let data = try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys) else {
                    throw SimulationError("\(place): cannot be written as JSON again")
                }
                body = ByteBuffer(bytes: data)
            }
            requests.append(SimulatedRequest(id: prefix + id, body: body, expected: expected?[id]))
        }
        guard !requests.isEmpty else { throw SimulationError("\(name): holds no request") }
        self.requests = requests
    }
}
