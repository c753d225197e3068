import CCurl
import Core

/// The header line `traceparent` of one transfer, at an address that stays: libcurl reads it in place when it writes the
/// request, so a new trace costs 55 bytes and neither memory nor a call of libcurl.
final class TraceLine {
    private static let name = "traceparent: "
    private let text: UnsafeMutablePointer<CChar>
    private let node: UnsafeMutablePointer<curl_slist>

    init() {
        let start = Self.name.utf8.count
        text = .allocate(capacity: start + TraceContext.length + 1)
        text.initialize(repeating: 0, count: start + TraceContext.length + 1)
        for (index, byte) in Self.name.utf8.enumerated() { text[index] = CChar(bitPattern: byte) }
        node = .allocate(capacity: 1)
        node.initialize(to: curl_slist(data: text, next: nil))
    }

    deinit {
        node.deallocate()
        text.deallocate()
    }

    func set(_ trace: TraceContext) { trace.write(to: UnsafeMutableRawPointer(text + Self.name.utf8.count)) }

    /// The line, followed by the others, which may be shared: only this node is changed.
    func list(before rest: UnsafeMutablePointer<curl_slist>?) -> UnsafeMutablePointer<curl_slist> {
        node.pointee.next = rest
        return node
    }
}
