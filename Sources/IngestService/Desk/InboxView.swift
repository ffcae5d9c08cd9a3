/// `desk-inbox`
struct InboxView: Sendable {
    struct Section: Sendable {
        var anchor: String
        var heading: String
        var explanation: String
        var total: String?
        var moreHref: String?
        var items: Listed<DeskItem>?
        var nothing: String
    }

    var organization: String
    var sections: [Section]
}
