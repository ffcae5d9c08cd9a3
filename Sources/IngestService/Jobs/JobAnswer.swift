import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird

import struct Foundation.Date

/// What `GET /api/jobs/{id}` is answered with.
struct JobAnswer: Sendable {
    private let job: StoredJob
    private let view: JobView
    /// Whether a job that has ended is answered by where it leads to, or by what went wrong.
    private let redirects: Bool
    /// Of the state: the same as long as nothing happens, and no attempt's time comes.
    let tag: ETag

    /// - Parameter now: when it is asked for.
    init(_ job: StoredJob, for caller: Caller, redirects: Bool = true, at now: Date) {
        self.job = job
        self.redirects = redirects
        var view = JobView(job, forStaff: caller.isStaff, at: now)
        if !redirects, case .failed(let stage, let deadLettering) = job.request.job {
            view.error = JobView.Failure(stage, deadLettering, job.request.dead(stage)?.currentDiscard)
        }
        self.view = view
        tag = ETag(of: view)
    }

    /// Whether the job has ended.
    var isFinal: Bool {
        switch job.request.job {
        case .inProgress, .inReview: false
        case .completed, .failed: true
        }
    }

    /// Whether the client knows all that there is to know by now.
    /// - Parameter known: its `If-None-Match`.
    func isWorthWaiting(_ known: ETagCondition?) -> Bool { !isFinal && known?.matchesWeakly(tag) ?? true }

    /// - Parameters:
    ///   - applied: the wait that is behind the client.
    ///   - retryAfter: seconds, for a job whose end no person decides.
    ///   - now: when it is asked for.
    func response(
        _ known: ETagCondition?, _ applied: WaitPreference?, retryAfter: Int, at now: Date
    ) -> Response {
        var headers: HTTPFields = [.eTag: tag.description]
        if let applied { headers[.preferenceApplied] = applied.applied }
        switch job.request.job {
        case .completed where !redirects, .failed where !redirects:
            if known?.matchesWeakly(tag) == true { return .notModified(tag, headers) }
            return Response(status: .ok, json: view, headers: headers)
        case .inProgress, .inReview:
            headers[.retryAfter] = String(max(retryAfter, secondsOfReview(at: now) ?? 0))
            if known?.matchesWeakly(tag) == true { return .notModified(tag, headers) }
            return Response(status: .ok, json: view, headers: headers)
        case .completed:
            headers[.location] = APIPath.request(job.request.id)
            if known?.matchesWeakly(tag) == true { return .notModified(tag, headers) }
            return Response(status: .seeOther, json: view, headers: headers)
        case .failed(let stage, let deadLettering):
            let discard = job.request.dead(stage)?.currentDiscard
            var problem = Problem.failed(view, JobView.Failure(stage, deadLettering, discard))
            // A tag is of the state that is answered with 200 or 303.
            headers[.eTag] = nil
            problem.headers.append(contentsOf: headers)
            return problem.response()
        }
    }

    /// How long a person may take, an hour at most: who decides before that says so by a callback.
    private func secondsOfReview(at now: Date) -> Int? {
        guard case .inReview(let review) = job.request.job else { return nil }
        return Int(clamping: min(review.deadline.timeIntervalSince(now), 3600).rounded(.up))
    }
}

extension Response {
    /// RFC 9110, section 15.4.5.
    static func notModified(_ tag: ETag, _ headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.eTag] = tag.description
        headers[.cacheControl] = "no-store"
        return Response(status: .notModified, headers: headers)
    }
}
