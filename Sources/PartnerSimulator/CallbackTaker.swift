import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes callbacks at `POST /callbacks/{providerRequestId}`: well, or as badly as the plan says.
///
/// It takes every well-formed callback, also for an id that this run did not send: that one is counted, and refusing it
/// would only bring it back for days.
struct CallbackTaker: HTTPResponder {
    private static let path = "/callbacks/"
    /// Where redirects point.
    private static let movedPath = "/moved/"
    private static let idempotencyKey = HTTPField.Name("idempotency-key")
    private static let longestBody = 64 * 1024

    /// What the `Authorization` header must be; `nil` for anything.
    let authorization: String?
    /// `nil` when signatures are not looked at.
    let signatures: CallbackSignatures?
    let ledger: LiveLedger
    let misbehaviour: MisbehaviourPlan?

    func respond(to request: Request, context: CallbackContext) async throws -> Response {
        let rawPath = request.uri.path
        if misbehaviour != nil, let id = Self.id(in: rawPath, under: Self.movedPath) {
            ledger.record { ledger, _ in ledger.redirectFollowed(id: id) }
            return Response(status: .ok)
        }
        guard rawPath.hasPrefix(Self.path) else { return Response(status: .notFound) }
        guard request.method == .post else { return Response(status: .methodNotAllowed, headers: [.allow: "POST"]) }
        if let authorization, request.headers[.authorization] != authorization {
            ledger.record { ledger, _ in ledger.refusedCallback(.unauthorized) }
            return Response(status: .unauthorized)
        }
        guard let id = Self.id(in: rawPath, under: Self.path) else { return malformed() }
        guard let misbehaviour else {
            let acceptance: Bool
            switch await read(request.body, request.headers) {
            case .callback(let told): acceptance = told
            case .refused(let response): return response
            }
            ledger.record { ledger, now in ledger.called(id: id, acceptance: acceptance, at: now) }
            return Response(status: .ok)
        }
        let callback = Arrival(id: id, key: Self.idempotencyKey.flatMap { request.headers[$0] })
        let behaviour = ledger.record { ledger, now in ledger.arrived(id: id, key: callback.key, at: now) }
        return try await take(callback, behaviour, request, context, slowFor: misbehaviour.slowFor)
    }

    /// A callback whose head has been read.
    private struct Arrival: Sendable {
        var id: String
        var key: String?
    }

    private func take(
        _ callback: Arrival, _ behaviour: Misbehaviour?, _ request: Request, _ context: CallbackContext,
        slowFor: Duration
    ) async throws -> Response {
        switch behaviour {
        case .reset, .flap:
            await context.hangUp(abruptly: true)
            return Self.unsent
        case .slow:
            // When the caller goes away, the sleep ends with an error, and no receipt is written down.
            return try await request.body.consumeWithCancellationOnInboundClose { body in
                let acceptance: Bool
                switch await read(body, request.headers) {
                case .callback(let told): acceptance = told
                case .refused(let response): return response
                }
                ledger.record { ledger, _ in ledger.acted(id: callback.id, acceptance: acceptance) }
                try await Task.sleep(for: slowFor)
                var response = receipt(callback, acceptance)
                // What watched for the caller's end has used up the connection.
                response.headers[.connection] = "close"
                return response
            }
        case .lostResponse, .errorIn200, .tooManyRequests, .redirect, .hugeBody, nil: break
        }
        let acceptance: Bool
        switch await read(request.body, request.headers) {
        case .callback(let told): acceptance = told
        case .refused(let response): return response
        }
        switch behaviour {
        case .lostResponse:
            ledger.record { ledger, _ in ledger.acted(id: callback.id, acceptance: acceptance) }
            await context.hangUp()
            return Self.unsent
        case .errorIn200: return Self.json(#"{"error":"unknown serial"}"#)
        case .tooManyRequests: return Response(status: .tooManyRequests, headers: [.retryAfter: "1"])
        case .redirect:
            let segment = request.uri.path.dropFirst(Self.path.count)
            return Response(status: .temporaryRedirect, headers: [.location: Self.movedPath + segment])
        case .hugeBody:
            // Whether a status alone is a receipt is the receipt rule's to say, so the same callback may come again.
            ledger.record { ledger, now in ledger.called(id: callback.id, acceptance: acceptance, at: now) }
            return Self.huge
        case .slow, .reset, .flap, nil: return receipt(callback, acceptance)
        }
    }

    private func receipt(_ callback: Arrival, _ acceptance: Bool) -> Response {
        ledger.record { ledger, now in
            ledger.called(id: callback.id, acceptance: acceptance, at: now)
            ledger.receipted(id: callback.id, key: callback.key)
        }
        // A rule that looks into answers must find something in the good ones too.
        return Self.json(#"{"ok":true}"#)
    }

    private func malformed() -> Response {
        ledger.record { ledger, _ in ledger.refusedCallback(.malformed) }
        return Response(status: .badRequest)
    }

    private static func id(in rawPath: String, under path: String) -> String? {
        guard rawPath.hasPrefix(path) else { return nil }
        let segment = rawPath.dropFirst(path.count)
        guard !segment.isEmpty, !segment.contains("/") else { return nil }
        return segment.removingPercentEncoding
    }

    /// What came, once it is known from whom.
    private enum Reading {
        case callback(Bool)
        /// It is no callback, ended early, or is not signed as it should be.
        case refused(Response)
    }

    private func read(_ body: RequestBody, _ headers: HTTPFields) async -> Reading {
        guard let body = try? await body.collect(upTo: Self.longestBody) else { return .refused(malformed()) }
        if let verdict = signatures?.verdict(headers, body, now: Date()) {
            ledger.record { ledger, _ in ledger.looked(at: verdict) }
            guard verdict == .verified else { return .refused(Response(status: .unauthorized)) }
        }
        return CallbackBody.acceptance(body).map(Reading.callback) ?? .refused(malformed())
    }

    /// For a connection that is closed: nobody gets it.
    private static let unsent = Response(status: .internalServerError)

    private static func json(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// 10 MiB that begin as JSON does.
    private static var huge: Response {
        let (parts, part) = (160, ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 * 1024))
        let beginning = ByteBuffer(string: #"{"result":""#)
        let end = ByteBuffer(string: #""}"#)
        let length = beginning.readableBytes + parts * part.readableBytes + end.readableBytes
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(contentLength: length) { writer in
                try await writer.write(beginning)
                for _ in 0..<parts { try await writer.write(part) }
                try await writer.write(end)
                try await writer.finish(nil)
            })
    }
}

/// The body of a callback, as much of it as the simulated partner reads.
struct CallbackBody: Decodable, Equatable {
    var acceptance: Bool

    /// Reads `{"acceptance": true|false, …}`; `nil` for anything else.
    static func acceptance(_ body: ByteBuffer) -> Bool? {
        // What Intake sends, byte for byte, needs no parser.
        if body == told.yes { return true }
        if body == told.no { return false }
        return (try? JSONDecoder().decode(CallbackBody.self, from: Data(body.readableBytesView)))?.acceptance
    }

    private static let told = (
        yes: ByteBuffer(string: #"{"acceptance":true,"status":"new"}"#),
        no: ByteBuffer(string: #"{"acceptance":false,"status":"new"}"#)
    )
}
