import AsyncHTTPClient
import NIOHTTP1
import Synchronization

/// Remembers all of an attempt, for an operator who wants to see it. An attempt that is made twice or at several
/// addresses is remembered as it ended.
final class ExchangeRecorder: Sendable {
    struct Record: Sendable {
        var request: HTTPClientRequest?
        var verdicts: [AddressVerdict] = []
        var client: PinnedClient?
        var status: Int?
        var headers = HTTPHeaders()
        var answer = AnswerBody()
    }

    private let recorded = Mutex(Record())

    var record: Record { recorded.withLock { $0 } }

    func sends(_ request: HTTPClientRequest) { recorded.withLock { $0.request = request } }
    func looked(at verdicts: [AddressVerdict]) { recorded.withLock { $0.verdicts = verdicts } }
    func uses(_ client: PinnedClient) { recorded.withLock { $0.client = client } }

    func receives(_ response: HTTPClientResponse) {
        recorded.withLock { record in
            record.status = Int(response.status.code)
            record.headers = response.headers
        }
    }

    func receives(_ answer: AnswerBody) { recorded.withLock { $0.answer = answer } }
}
