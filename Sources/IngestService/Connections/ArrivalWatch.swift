import NIOCore

/// Tells the guard of bytes that were no whole head yet: the decoder keeps them to itself. Stands before the decoder.
final class ArrivalWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let owner: ConnectionGuard

    init(_ owner: ConnectionGuard) { self.owner = owner }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        owner.bytesWillBeDecoded()
        // Decoded before this returns.
        context.fireChannelRead(data)
        owner.bytesWereDecoded(count)
    }
}
