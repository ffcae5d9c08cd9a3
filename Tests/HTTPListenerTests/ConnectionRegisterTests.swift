import Logging
import NIOCore
import NIOEmbedded
import Synchronization
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

    /// The last place is of use to those who come: the others are at work, and do not make room.
    @Test func whoHasJustComeIsLetAsk() {
        let register = ConnectionRegister("test", limit: 2, logger: Logger(label: "test"))
        let channels = [EmbeddedChannel(), EmbeddedChannel()]
        register.opened()
        register.opened()
        #expect(!register.hasRoom())
        #expect(register.problem == "takes no connections: all 2 that may be open are at work")
        register.arrives(channels[1])
        #expect(!register.hasRoom())
        // It asks in time, and is answered: now it waits like any other, and makes room.
        register.works(channels[1])
        register.settles(channels[1])
        #expect(!register.hasRoom() && register.problem != nil)
        register.waits(channels[1])
        #expect(register.problem == nil)
        register.closed()
        #expect(register.hasRoom())
    }

    @Test func whoHasJustComeAndDoesNotAskMakesRoom() {
        let register = ConnectionRegister("test", limit: 2, logger: Logger(label: "test"))
        let asked = AskedToLeave()
        let channel = EmbeddedChannel(handler: asked)
        register.opened()
        register.opened()
        register.arrives(channel)
        #expect(!register.hasRoom() && !asked.isAsked)
        // Somebody is being kept out: it leaves at the end of its moment.
        register.settles(channel)
        #expect(register.problem == nil)
        let other = AskedToLeave()
        let late = EmbeddedChannel(handler: other)
        register.arrives(late)
        register.settles(late)
        #expect(register.hasRoom() && !other.isAsked, "the first one's place is free in a moment")
        register.opened()
        #expect(register.hasRoom() && other.isAsked)
    }

    /// All places were new when the server let one too many in, and nobody else comes.
    @Test func whoIsOneTooManyLeavesAtTheEndOfHisMoment() {
        let register = ConnectionRegister("test", limit: 1, logger: Logger(label: "test"))
        let channels = (0..<3).map { _ in EmbeddedChannel(handler: AskedToLeave()) }
        for channel in channels {
            register.opened()
            register.arrives(channel)
        }
        register.closed()
        register.works(channels[0])
        let isClosed = Mutex(false)
        channels[1].closeFuture.whenComplete { _ in isClosed.withLock { $0 = true } }
        register.settles(channels[1])
        channels[1].embeddedEventLoop.run()
        #expect(isClosed.withLock { $0 })
        register.closed()
        register.settles(channels[2])
        #expect(register.count == 1 && register.hasRoom(), "the last one waits, and makes room when somebody comes")
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
