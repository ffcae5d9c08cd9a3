import Foundation

@testable import CallbackService

extension Harness {
    static let url = Harness(
        "url", "a callback's URL template in the first line, an id behind it: the id leads nowhere else"
    ) { input in
        let template = input.line()
        guard let url = try? URLTemplate(template) else { return }
        guard let made = url.url(for: input.text) else { return }
        demand(made.hasPrefix(url.origin + "/"), "\(made) begins with \(url.origin)/")
        demand(made.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(made) needs no more encoding")
        demand(!made.contains("#"), "no fragment in \(made)")
        // An id has no say in how many segments and parameters there are.
        guard let plain = url.url(for: "x") else { fatalError("an id of letters is always taken") }
        for separator: Character in ["/", "?", "&", ";", "="] {
            let counts = (made.count { $0 == separator }, plain.count { $0 == separator })
            demand(counts.0 == counts.1, "as many \(separator) in \(made) as in \(plain)")
        }
        // Foundation's own URL is what the client goes by.
        guard let parsed = URLComponents(string: made) else { fatalError("Foundation reads \(made)") }
        demand(parsed.user == nil && parsed.password == nil && parsed.fragment == nil, "nothing else in \(made)")
        demand(parsed.percentEncodedPath.hasPrefix("/"), "a path in \(made)")
    }
}
