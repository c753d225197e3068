import CCurl
import Core
import Glibc

/// The parts of one request that are not those of the prepared one, in memory that stays where it is while libcurl reads
/// it. Belongs to a transfer; its memory serves one request after the other.
final class VariedParts {
    private let target = StableBytes()
    private let method = StableBytes()
    private let headers = StableBytes()
    private let body = StableBytes()
    /// libcurl's list is built over `headers` in place: nothing is allocated for a line.
    private var nodes: [UnsafeMutablePointer<curl_slist>] = []
    private var compressor: GzipWriter?
    /// Whether the handle differs from what the prepared request made of it; and whether its list of headers does.
    private(set) var isApplied = false
    private var hasHeaders = false

    deinit {
        for node in nodes { node.deallocate() }
    }

    /// Sets what the exchange says over what the prepared request has set.
    /// - Parameter line: a header line of the transfer's own, before all others.
    func apply(
        _ exchange: Exchange, over prepared: PreparedRequest, after line: TraceLine?, to easy: UnsafeMutableRawPointer
    ) {
        isApplied = true
        if !exchange.target.isEmpty {
            // The line of the request says this instead of the URL's path, to the letter; the URL still says where to.
            target.set(exchange.target)
            gale_set_text(easy, CURLOPT_REQUEST_TARGET, target.text)
        }
        // Also when there are none this time: the lines of the call before (its cookie, say) are not those of this one.
        if !exchange.headers.isEmpty || hasHeaders {
            headers.set(exchange.headers)
            let list = list(before: prepared.headers)
            gale_set_list(easy, CURLOPT_HTTPHEADER, line?.list(before: list) ?? list)
            hasHeaders = !exchange.headers.isEmpty
        }
        if !exchange.method.isEmpty { apply(method: exchange.method, hasBody: exchange.hasBody, to: easy) }
        if exchange.hasBody {
            if prepared.request.compresses {
                if compressor == nil { compressor = GzipWriter() }
                compressor!.compress(exchange.body, into: body)
            } else {
                body.set(exchange.body)
            }
            gale_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            gale_set_pointer(easy, CURLOPT_POSTFIELDS, body.text)
        }
    }

    /// Takes back what `apply` of the next prepared request would leave.
    func remove(from easy: UnsafeMutableRawPointer) {
        gale_set_text(easy, CURLOPT_REQUEST_TARGET, nil)
        isApplied = false
        hasHeaders = false
    }

    private func apply(method name: [UInt8], hasBody: Bool, to easy: UnsafeMutableRawPointer) {
        method.set(name)
        gale_set_long(easy, hasBody ? CURLOPT_POST : CURLOPT_HTTPGET, 1)
        let isHead = name.elementsEqual("HEAD".utf8)
        if isHead, !hasBody { gale_set_long(easy, CURLOPT_NOBODY, 1) }
        let isImplied = hasBody ? name.elementsEqual("POST".utf8) : isHead || name.elementsEqual("GET".utf8)
        gale_set_text(easy, CURLOPT_CUSTOMREQUEST, isImplied ? nil : method.text)
    }

    /// A list of the lines in `headers`, followed by the prepared ones.
    private func list(before rest: UnsafeMutablePointer<curl_slist>?) -> UnsafeMutablePointer<curl_slist>? {
        var count = 0
        var start = 0
        for index in 0..<headers.count where headers.text[index] == 0 {
            if count == nodes.count {
                let node = UnsafeMutablePointer<curl_slist>.allocate(capacity: 1)
                node.initialize(to: curl_slist(data: nil, next: nil))
                nodes.append(node)
            }
            nodes[count].pointee.data = headers.text + start
            if count > 0 { nodes[count - 1].pointee.next = nodes[count] }
            count += 1
            start = index + 1
        }
        guard count > 0 else { return rest }
        nodes[count - 1].pointee.next = rest
        return nodes[0]
    }
}

/// Bytes at an address that stays until they are replaced, with a NUL after the last.
final class StableBytes {
    private(set) var text: UnsafeMutablePointer<CChar>
    private(set) var count = 0
    private var capacity: Int

    init() {
        capacity = 64
        text = .allocate(capacity: capacity)
        text[0] = 0
    }

    deinit { text.deallocate() }

    func set(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { source in
            reserve(source.count)
            if let base = source.baseAddress { memcpy(text, base, source.count) }
        }
        end(at: bytes.count)
    }

    /// Makes room for so many bytes; what was there is gone.
    func reserve(_ wanted: Int) {
        guard wanted >= capacity else { return }
        text.deallocate()
        capacity = max(wanted + 1, 2 * capacity)
        text = .allocate(capacity: capacity)
    }

    /// Ends the bytes that were written to `text`.
    func end(at count: Int) {
        self.count = count
        text[count] = 0
    }
}
