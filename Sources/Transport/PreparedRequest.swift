import CCurl
import Core

/// A request in libcurl's own form, made once and sent many times: parsed URL, header list, body.
///
/// Parsing the URL anew and rebuilding the list would add a fifth to the instructions of a request.
final class PreparedRequest {
    let request: Request
    let url: OpaquePointer
    let headers: UnsafeMutablePointer<curl_slist>?
    /// The body as it is sent: libcurl reads it in place. Never an empty address, which would make libcurl ask a callback.
    private let body: StableBytes?
    let method: Method
    let offersGzip: Bool
    /// How many redirects led here.
    let hops: Int
    /// The host of the URL, without brackets.
    let host: String

    /// How libcurl is told the method: it has switches for some, and a name for the rest.
    enum Method {
        case get, head, post
        case other(UnsafeMutablePointer<CChar>)
    }

    /// - Throws: `InvalidRequest` when the URL cannot be parsed, or a header or the method would break the request
    ///   apart: libcurl sends CR and LF in them as they are.
    init(_ request: Request, settings: TransportSettings, hops: Int = 0) throws(InvalidRequest) {
        try Self.validate(request)
        self.hops = hops
        self.request = request
        url = try Self.parse(request.url)
        host = Self.host(of: url)
        offersGzip = settings.decompress && !request.has("Accept-Encoding")
        headers = Self.list(for: request)
        if let bytes = request.body {
            let body = StableBytes()
            if request.compresses { GzipWriter().compress(bytes, into: body) } else { body.set(bytes) }
            self.body = body
        } else {
            body = nil
        }
        switch (request.method, request.body) {
        case ("GET", nil): method = .get
        case ("HEAD", nil): method = .head
        case ("POST", _?): method = .post
        default: method = .other(Self.copy(request.method))
        }
    }

    deinit {
        curl_url_cleanup(url)
        curl_slist_free_all(headers)
        if case .other(let name) = method { name.deallocate() }
    }

    /// Sets everything that differs from request to request; the handle keeps the rest.
    /// - Parameter line: a header line of the transfer's own, before those of the request.
    func apply(after line: TraceLine?, to easy: OpaquePointer) {
        let easy = UnsafeMutableRawPointer(easy)
        gale_set_url(easy, url)
        gale_set_list(easy, CURLOPT_HTTPHEADER, line?.list(before: headers) ?? headers)
        // libcurl offers gzip but must not decode (see `Inflater`). As an option it costs less than as a header: libcurl
        // compares each header of the list with every name that it would set itself.
        gale_set_text(easy, CURLOPT_ACCEPT_ENCODING, offersGzip ? "gzip" : nil)
        gale_set_text(easy, CURLOPT_CUSTOMREQUEST, nil)
        if let body {
            gale_set_long(easy, CURLOPT_POST, 1)
            gale_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            gale_set_pointer(easy, CURLOPT_POSTFIELDS, body.text)
        } else {
            gale_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
            gale_set_long(easy, CURLOPT_HTTPGET, 1)
        }
        switch method {
        case .get, .post: break
        case .head: gale_set_long(easy, CURLOPT_NOBODY, 1)
        case .other(let name): gale_set_text(easy, CURLOPT_CUSTOMREQUEST, name)
        }
    }

    private static func validate(_ request: Request) throws(InvalidRequest) {
        let token = { (text: String) in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        }
        guard token(request.method) else {
            throw InvalidRequest("method `\(request.method)` is no HTTP token")
        }
        for header in request.headers {
            guard token(header.name) else { throw InvalidRequest("header name `\(header.name)` is no HTTP token") }
            guard !header.value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
                throw InvalidRequest("header `\(header.name)` holds a line break or NUL, which would split the request")
            }
        }
    }

    private static func parse(_ text: String) throws(InvalidRequest) -> OpaquePointer {
        guard let url = curl_url() else { throw InvalidRequest("no memory for the URL `\(text)`") }
        let code = curl_url_set(url, CURLUPART_URL, text, 0)
        guard code == CURLUE_OK else {
            curl_url_cleanup(url)
            throw InvalidRequest("URL `\(text)`: \(String(cString: curl_url_strerror(code)))")
        }
        return url
    }

    /// The host without brackets; empty if libcurl has no memory for it.
    private static func host(of url: OpaquePointer) -> String {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(url, CURLUPART_HOST, &text, 0) == CURLUE_OK, let text else { return "" }
        defer { curl_free(text) }
        let host = String(cString: text)
        return host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    private static func list(for request: Request) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for header in request.headers {
            // A header without value is written with a semicolon; `Name:` alone would remove it.
            list = curl_slist_append(list, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        if request.compresses, request.body != nil { list = curl_slist_append(list, "Content-Encoding: gzip") }
        // libcurl would wait a second for "100 Continue" before a large body.
        if request.body != nil, !request.has("Expect") { list = curl_slist_append(list, "Expect:") }
        // libcurl would call every body a form.
        if request.body != nil, !request.has("Content-Type") { list = curl_slist_append(list, "Content-Type:") }
        return list
    }

    private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { copy[index] = byte }
        return copy
    }
}
