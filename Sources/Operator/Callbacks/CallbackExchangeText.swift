import AdminAPI
import Contracts
import Terminal

/// A sample callback as people read it.
enum CallbackExchangeText {
    /// Ends in a line feed.
    static func of(_ exchange: CallbackExchange) -> String {
        let request = exchange.request
        var lines = ["\(request.method) \(request.url)"] + headers(request.headers) + body(request.body)
        lines += addresses(exchange) + [""]
        if let response = exchange.response {
            lines += ["HTTP \(response.status)"] + headers(response.headers) + body(response.body)
            if response.bodyCut == true { lines.append("  … and more, not shown") }
            lines.append("")
        }
        let took = Duration.milliseconds(exchange.durationMs)
        lines.append("\(verdict(exchange.receipt)). The attempt took \(took.written).")
        // The partner's answer is anybody's text.
        return lines.map(PrintableText.of).joined(separator: "\n") + "\n"
    }

    private static func headers(_ headers: [CallbackExchange.Header]) -> [String] {
        headers.map { "  \($0.name): \($0.value)" }
    }

    private static func body(_ body: String?) -> [String] {
        guard let body, !body.isEmpty else { return [] }
        return [""] + PrintableText.lines(of: body, indent: "  ")
    }

    private static func addresses(_ exchange: CallbackExchange) -> [String] {
        var table = TextTable()
        for address in exchange.addresses {
            let asked = address.address == exchange.address ? ", asked" : ""
            let reason = address.reason.map { ": \($0)" } ?? ""
            table.add("  \(address.address)", address.family, "\(address.verdict)\(reason)\(asked)")
        }
        var lines = ["", exchange.addresses.isEmpty ? "addresses: none" : "addresses"] + table.lines
        if let proxy = exchange.proxy { lines.append("by the proxy \(proxy)") }
        if let tls = exchange.tls {
            let version = tls.version ?? "no handshake came about"
            lines.append("TLS: \(version)" + (tls.trust.map { ", trusting \(authorities($0))" } ?? ""))
        }
        return lines
    }

    private static func authorities(_ trust: String) -> String {
        trust == "system" ? "the system's authorities" : "those of \(trust)"
    }

    private static func verdict(_ receipt: CallbackExchange.Receipt) -> String {
        if receipt.isReceipt { return "A receipt" }
        let reason = [receipt.code, receipt.reason].compactMap { $0 }.joined(separator: ": ")
        let outcome =
            switch receipt.outcome {
            case "retry": "; a real callback would be tried again"
            case "dead": "; a real callback would be dead"
            default: ""
            }
        return "NO RECEIPT" + (reason.isEmpty ? "" : " (\(reason))") + outcome
    }
}
