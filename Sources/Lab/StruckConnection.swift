import Model
import NIOCore

/// A connection that a fault struck before its first byte: what is sent on it is read and thrown away, so that the
/// client's leaving is noticed.
final class StruckConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let fault: FaultKind

    init(_ fault: FaultKind) {
        self.fault = fault
    }

    func channelActive(context: ChannelHandlerContext) {
        if case .closeOnAccept = fault { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
