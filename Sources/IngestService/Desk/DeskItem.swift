import Contracts
import Pages

import struct Foundation.Date

/// Rows, where there are any.
struct Listed<Row: Sendable>: Sendable {
    var rows: [Row]

    init?(_ rows: [Row]) {
        guard !rows.isEmpty else { return nil }
        self.rows = rows
    }
}

/// A choice among few.
struct Choice: Sendable {
    var value: String
    var label: String
    var isChosen = false
}

/// A request in a list.
struct DeskItem: Sendable {
    struct Urgent: Sendable {
        var urgentTone: String
        var urgentText: String
    }

    var link: String
    var pick: String
    var seen: String?
    var name: String
    var isMuted: Bool
    var contact: String
    var street: String
    var town: String
    var state: String
    var tone: String
    var urgent: Urgent?
    var holder: String?
    var hands: String
    var age: String

    init(_ request: StoredRequest, now: Date) {
        let submission = request.submission
        let today = Day(now)
        let isErased = request.erasedAt != nil
        link = "/desk/requests/\(request.id)"
        pick = "\(request.id)"
        name = isErased ? "Erased" : Shown.short(submission.name)
        isMuted = isErased
        contact =
            isErased
            ? "Personal data was erased"
            : submission.phone.isEmpty ? Shown.short(submission.email, 100) : DeskWords.phone(submission.phone)
        street = isErased ? "" : Shown.short(submission.address.street, 100)
        town = Shown.short(
            "\(submission.address.city), \(submission.address.state.uppercased()) \(submission.address.zip)", 100)
        (state, tone) = DeskWords.state(request)
        if request.withdrawnAt != nil, request.organizationProgress.status.isOpen {
            urgent = Urgent(urgentTone: "wait", urgentText: "Withdrawn by the partner")
        } else if let review = request.openReview {
            let (tone, text) = DeskWords.deadline(review, now: now)
            urgent = Urgent(urgentTone: tone, urgentText: text)
        } else if let due = request.assignment?.due, request.organizationProgress.status.isOpen {
            let (tone, text) = DeskWords.due(due, today: today)
            urgent = Urgent(urgentTone: tone, urgentText: text)
        }
        holder = request.assignment?.hands.map { Shown.short($0, 60) }
        let due = request.assignment?.due.map { "due \($0.words(today: today))" }
        hands = [holder, due].compactMap(\.self).joined(separator: ", ")
        age = DeskWords.age(request.acceptedAt, now: now)
    }
}
