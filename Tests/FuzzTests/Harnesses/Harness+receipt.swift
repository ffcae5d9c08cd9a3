import Contracts

@testable import CallbackService
@testable import ServiceRuntime

extension Harness {
    static let receipt = Harness(
        "receipt", "the bodies of partners' answers: receipt rules, and excerpts that are short and hold no secret"
    ) { input in
        let isCut = input.byte() & 1 == 1
        let answer = AnswerBody(bytes: input.bytes, isCut: isCut)
        for partner in partners {
            _ = partner.receipt.objection(to: answer)
            guard let excerpt = Excerpt(partner).of(answer) else { continue }
            demand(excerpt.utf8.count <= Excerpt.longest, "an excerpt of \(Excerpt.longest) bytes at most")
            demand(!excerpt.contains(secret), "no secret in \(excerpt)")
        }
    }

    private static let secret = "partner-token-7f3a"

    private static let partners: [Partner] = {
        let file = """
            providers:
              conditions:
                url: https://portal.example/{providerRequestId}
                authorization: Bearer \(secret)
                receipt:
                  status: [200, 409]
                  body:
                    - {pointer: /ok, equals: true}
                    - {pointer: /list/0/a~1b, equals: 1.0}
                    - {pointer: /error, is: absent}
                    - {pointer: "", is: present}
              texts:
                url: https://portal.example/{providerRequestId}
                headers: {X-Key: \(secret)}
                receipt:
                  body: [{text: "^OK"}, {not_text: "(?i)(error|fail).*$"}, {text: '(\\w+\\s?)+'}]
            """
        do {
            let sources = SecretSources(readFile: { _ in [] }, environment: { _ in nil })
            return try Partners.parse(Array(file.utf8), secrets: sources).byID.values.sorted { $0.id < $1.id }
        } catch {
            fatalError("\(error)")
        }
    }()
}
