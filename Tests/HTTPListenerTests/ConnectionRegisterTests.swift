import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPListener

@Suite struct ConnectionRegisterTests {
    @Test func theOneThatHasWaitedLongestMakesRoom() {
        let register = ConnectionRegister("test", limit: 2, logger: Logger(label: "test"))
        let asked = (0..<3).map { _ in AskedToLeave() }
        let channels = asked.map { EmbeddedChannel(handler: $0) }
        for channel in channels.prefix(2) {
            #expect(register.hasRoom())
            register.opened()
            register.waits(channel)
        }
        // The first gets a request and waits again: now the second has waited longest.
        register.works(channels[0])
        register.waits(channels[0])
        #expect(register.hasRoom())
        #expect(asked.map(\.isAsked) == [false, true, false])
        register.opened()
        #expect(register.hasRoom())
        #expect(asked.map(\.isAsked) == [true, true, false])
        register.opened()
        #expect(!register.hasRoom())
    }

    @Test func whenAllWorkTheFirstThatWaitsLeaves() {
        let register = ConnectionRegister("test", limit: 1, logger: Logger(label: "test"))
        let channel = EmbeddedChannel()
        #expect(register.hasRoom())
        register.opened()
        #expect(!register.hasRoom())
        register.waits(channel)
        channel.embeddedEventLoop.run()
        #expect(!channel.isActive)
        register.closed()
        #expect(register.hasRoom())
    }
}

private final class AskedToLeave: ChannelInboundHandler {
    typealias InboundIn = Never
    private(set) var isAsked = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        isAsked = isAsked || event is MakeRoom
    }
}
