import Contracts
import HTTPListener
import Hummingbird

/// What operators ask and tell this service, below `/admin` on its admin listener.
enum AdminRouter {
    static func register(
        on group: RouterGroup<BasicRequestContext>, deadLetters: DeadLetterController,
        reconciliation: ReconciliationController, requests: RequestAdminController, finder: RequestFinder,
        reviews: ReviewController
    ) {
        group.add(middleware: ProblemMiddleware())
        group.get("dead-letters", use: deadLetters.list)
        group.get("dead-letters/{id}", use: deadLetters.show)
        group.get("conservation", use: reconciliation.counts)
        group.get("pending", use: reconciliation.pending)
        group.get("requests", use: finder.find)
        group.get("requests/{id}", use: finder.show)
        group.get("requests/{id}/attempts", use: requests.attempts)
        group.get("reviews", use: reviews.list)
        group.post("reviews/{id}", use: reviews.decide)
        group.post("requests/{id}/resend", use: requests.resend)
        group.post("requests/{id}/erase", use: requests.erase)
        group.post("requests/{id}/publish-again", use: reconciliation.publishAgain)
    }
}
