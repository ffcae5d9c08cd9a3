import AdminAPI
import Contracts
import Foundation
import Testing

@testable import Operator

@Suite struct EraseTests {
    @Test func whatIsStillInTheLogIsSaid() throws {
        var erased = EraseRequest.Answer(
            id: RequestID(UUID()), erasedAt: Date(timeIntervalSince1970: 0), erased: true, pending: false)
        #expect(Erase.text(erased, "now") == "erased at now\n")
        erased.pending = true
        #expect(Erase.text(erased, "now").hasPrefix("erased at now; still in the log of the store"))
        erased.erased = false
        #expect(Erase.text(erased, "then").hasPrefix("was erased at then; still in the log of the store"))
        // An older service does not know.
        erased.pending = nil
        #expect(Erase.text(erased, "then") == "was erased at then\n")
    }
}
