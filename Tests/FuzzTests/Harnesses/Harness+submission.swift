import Contracts

@testable import IngestService

extension Harness {
    static let submission = Harness(
        "submission", "the bodies of POST and PATCH; what was taken once is taken again as it was kept"
    ) { input in
        let bytes = input.bytes
        _ = try? RequestPatch.parse(bytes)
        guard let body = try? SubmissionBody.parse(bytes), let taken = try? SubmissionValidator.validate(body) else {
            return
        }
        var object = JSONObjectText()
        object.add("providerRequestId", taken.providerRequestID)
        object.add("name", taken.name)
        object.add("address", taken.address.street)
        object.add("city", taken.address.city)
        object.add("state", taken.address.state)
        object.add("zip", taken.address.zip)
        object.add("phone", taken.phone)
        object.add("email", taken.email)
        object.add("status", "new")
        object.add("providerData", taken.providerData)
        do {
            let again = try SubmissionValidator.validate(SubmissionBody.parse(object.bytes()))
            demand(again == taken, "\(taken) is itself, not \(again)")
        } catch {
            fatalError("what was kept is refused: \(taken), \(error)")
        }
    }
}
