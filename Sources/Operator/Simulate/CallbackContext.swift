import Glibc
import Hummingbird
import NIOCore

/// What the simulated partner must know of a request beside the request itself: the connection that it came by.
struct CallbackContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Closes the connection under the request.
    /// - Parameter abruptly: with a reset (RST), whose other side learns of an error; else the connection just ends.
    func hangUp(abruptly: Bool = false) async {
        if abruptly, let socket = channel as? any SocketOptionProvider {
            // A close that lingers for zero seconds is a reset. Where that cannot be set, the connection has ended already.
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        // Closed already is closed too.
        try? await channel.close().get()
    }
}
