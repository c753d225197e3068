import Model
import NIOCore

/// A connection that a fault or an outage struck before its first byte: what is sent on it is read and thrown away, so that
/// the client's leaving is noticed.
final class StruckConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Nil: it came to a service that is out, and is reset.
    private let fault: FaultKind?
    private let service: LabService
    private var context: ChannelHandlerContext?

    init(_ fault: FaultKind?, of service: LabService) {
        self.fault = fault
        self.service = service
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        service.opened(self)
        switch fault {
        case nil: cutOff()
        case .closeOnAccept: context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        service.closed(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Ends with RST.
    func cutOff() {
        context?.resetConnection()
    }
}
