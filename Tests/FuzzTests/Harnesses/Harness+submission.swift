import Contracts

@testable import IngestService

extension Harness {
    static let submission = Harness(
        "submission", "the bodies of POST and PATCH; what was taken once is taken again as it was kept"
    ) { input in
        let bytes = input.bytes
        _ = try? RequestPatch.parse(bytes)
        _ = try? ContactPatch.parse(bytes)
        let contact: ContactRule = bytes.count.isMultiple(of: 2) ? .both : .either
        guard let body = try? SubmissionBody.parse(bytes),
            let taken = try? SubmissionValidator.validate(body, contact: contact).submission
        else { return }
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
        object.add("unit", taken.unit)
        object.add("language", taken.language)
        object.add("need", taken.need)
        object.add("notes", taken.notes)
        do {
            let again = try SubmissionValidator.validate(SubmissionBody.parse(object.bytes()), contact: contact)
            demand(again.warnings.isEmpty, "what was kept is ignored: \(again.warnings)")
            demand(again.submission == taken, "\(taken) is itself, not \(again.submission)")
        } catch {
            fatalError("what was kept is refused: \(taken), \(error)")
        }
    }
}
