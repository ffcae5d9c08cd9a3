import ArgumentParser
import Foundation

/// `intake callbacks test`
struct CallbacksTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a provider a sample callback, and show the whole exchange.",
        discussion: """
            The sample goes the way of every callback, with the provider's authorization and signature, about a request that does \
            not exist: intake-test-…, with the header Intake-Test: true. Exits 0 when the answer was a receipt, 1 otherwise.
            """)

    @Argument(help: "The provider's id in callbacks.yaml.")
    var provider: ProviderName

    @Flag(help: "Print the exchange as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<CallbackListener>

    func run() async throws {
        let exchange = try await admin.api().testCallback(provider)
        try FileHandle.standardOutput.write(
            contentsOf: json ? AdminJSON.text(exchange) : Data(CallbackExchangeText.of(exchange).utf8))
        guard exchange.receipt.isReceipt else { throw ExitCode(1) }
    }
}
