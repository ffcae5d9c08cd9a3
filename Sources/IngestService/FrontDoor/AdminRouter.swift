import AdminAPI
import Hummingbird
import ServiceRuntime

/// What operators ask and tell this service, below `/admin` on its admin listener.
enum AdminRouter {
    static func register(
        on group: RouterGroup<BasicRequestContext>, deadLetters: DeadLetterController,
        reconciliation: ReconciliationController, requests: RequestAdminController, finder: RequestFinder,
        reviews: ReviewController
    ) {
        group.serve(ListDeadLetters.self, isCursor: { DeadLetterCursor($0) != nil }, deadLetters.list)
        group.serve(ShowDeadLetters.self, deadLetters.show)
        group.serve(CountRequests.self, reconciliation.counts)
        group.serve(ListPending.self, reconciliation.pending)
        group.serve(FindRequests.self, finder.find)
        group.serve(ShowRequest.self, finder.show)
        group.serve(ListAttempts.self, requests.attempts)
        group.serve(ListReviews.self, isCursor: { ReviewCursor($0) != nil }, reviews.list)
        group.serve(DecideReview.self, reviews.decide)
        group.serve(ResendCallback.self, requests.resend)
        group.serve(EraseRequest.self, requests.erase)
        group.serve(PublishAgain.self, reconciliation.publishAgain)
    }
}
