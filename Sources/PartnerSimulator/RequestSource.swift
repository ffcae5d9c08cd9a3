import Foundation
import NIOCore
import Terminal

/// Where the simulator's requests come from.
enum RequestSource: Sendable {
    case madeUp(MadeUpRequests)
    case file(RequestFile)

    var count: Int {
        switch self {
        case .madeUp(let requests): requests.count
        case .file(let file): file.requests.count
        }
    }

    /// - Parameter index: 0 to `count` − 1. The same index gives the same request each time.
    func request(at index: Int) -> SimulatedRequest {
        switch self {
        case .madeUp(let requests): requests.request(at: index)
        case .file(let file): file.requests[index]
        }
    }
}

/// One request of the simulated partner.
struct SimulatedRequest: Sendable, Equatable {
    /// `providerRequestId`: what the callback names.
    var id: String
    /// The JSON that is posted.
    var body: ByteBuffer
    /// What it must be told; `nil` when anything is right.
    var expected: Bool?
}

/// Requests from a JSON Lines file. The whole file is read and checked before the first is posted.
struct RequestFile: Sendable, Equatable {
    let requests: [SimulatedRequest]

    /// - Parameters:
    ///   - prefix: goes before each request's own id, so that one file can be posted again and again.
    ///   - expected: what each must be told, by the id as it stands in the file.
    /// - Throws: `CommandError`, which names the file and the line.
    init(path: String, prefix: String, expected: ExpectedDecisions?) throws(CommandError) {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path) cannot be read")
        }
        try self.init(content: content, name: path, prefix: prefix, expected: expected)
    }

    init(
        content: Data, name: String, prefix: String, expected: ExpectedDecisions?
    ) throws(CommandError) {
        var requests: [SimulatedRequest] = []
        var lineOfID: [String: Int] = [:]
        for (index, line) in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) {
                continue
            }
            let place = "\(name), line \(index + 1)"
            guard var object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] else {
                throw CommandError("\(place): not a JSON object")
            }
            // The API matches names without regard to case, and so does its partner.
            guard let key = object.keys.first(where: { $0.lowercased() == "providerrequestid" }),
                let id = object[key] as? String, !id.isEmpty
            else { throw CommandError("\(place): providerRequestId is missing or not text") }
            if let other = lineOfID.updateValue(index + 1, forKey: id) {
                throw CommandError("\(place): has the same providerRequestId as line \(other)")
            }
            var body = ByteBuffer(bytes: line)
            if !prefix.isEmpty {
                object[key] = prefix + id
                guard let data = try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys) else {
                    throw CommandError("\(place): cannot be written as JSON again")
                }
                body = ByteBuffer(bytes: data)
            }
            requests.append(SimulatedRequest(id: prefix + id, body: body, expected: expected?[id]))
        }
        guard !requests.isEmpty else { throw CommandError("\(name): holds no request") }
        self.requests = requests
    }
}
