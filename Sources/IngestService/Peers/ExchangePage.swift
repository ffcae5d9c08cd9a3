import AdminAPI
import Pages

/// `exchange`: a sample callback, all that was sent and all that came back. Whatever a partner answers is shown as
/// text.
struct ExchangePage: Sendable {
    struct Answer: Sendable {
        var status: String
        var headers: [Fact]
        /// Named otherwise than what was sent: a template takes what is missing from around it.
        var came: String?
        var isCut: Bool
    }

    var who: String
    var verdict: String
    var tone: String
    var explanation: String
    var line: String
    var sent: [Fact]
    var body: String
    var addresses: Listed<Fact>?
    var answer: Answer?
    var took: String
    /// Where the page leads back to.
    var back: String
    var backText: String

    init(_ exchange: CallbackExchange, of provider: String, back: String, backText: String) {
        func facts(_ headers: [CallbackExchange.Header]) -> [Fact] {
            headers.prefix(60).map { Fact(label: Shown.short($0.name, 120), value: Shown.short($0.value, 400)) }
        }
        who = Shown.short(provider, 64)
        let receipt = exchange.receipt
        (verdict, tone) = receipt.isReceipt ? ("A receipt", "good") : ("No receipt", "bad")
        let reason = [receipt.code, receipt.reason].compactMap(\.self).map { Shown.short($0, 400) }
            .joined(separator: ": ")
        explanation =
            receipt.isReceipt
            ? "A callback that is answered so has been taken."
            : (reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
                + (receipt.outcome == "dead"
                    ? ". A callback that is answered so is given up at once." : ". A callback would be tried again.")
        line = "\(Shown.short(exchange.request.method, 10)) \(Shown.short(exchange.request.url, 1000))"
        sent = facts(exchange.request.headers)
        body = Shown.lines(String((exchange.request.body ?? "").prefix(4000)))
        addresses = Listed(
            exchange.addresses.prefix(20).map { address in
                let isAsked = address.address == exchange.address ? ", asked" : ""
                let reason = address.reason.map { ": \($0)" } ?? ""
                return Fact(
                    label: Shown.short(address.address, 60), value: Shown.short("\(address.verdict)\(reason)\(isAsked)")
                )
            })
        answer = exchange.response.map { response in
            let body = Shown.lines(String((response.body ?? "").prefix(8000)))
            return Answer(
                status: "HTTP \(response.status)", headers: facts(response.headers), came: body.isEmpty ? nil : body,
                isCut: response.bodyCut == true)
        }
        took = "\(exchange.durationMs) ms"
        self.back = back
        self.backText = backText
    }
}
