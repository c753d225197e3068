import CCurl
import Core
import Glibc
import Loops

/// One libcurl easy handle and what its present transfer has shown so far. Handles are set up once and reused; a
/// transfer returns to the transport's free list when its attempt has been read.
///
/// libcurl calls back into it while a shard is being driven: each callback only notes what it saw.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    /// Its place in the transport's tables.
    let index: Int
    unowned(unsafe) let transport: CurlTransport
    private let errorText: UnsafeMutablePointer<CChar>

    var request: PreparedRequest?
    var exchange: Exchange?
    private var varied: VariedParts?
    /// The line that says the trace; and whether the handle's list of headers begins with it.
    private var traceLine: TraceLine?
    private var isTraced = false
    var shard: Shard?
    var continuation: UnsafeContinuation<Void, Never>?
    /// Who may end it early, or wants to hear when the request goes out.
    var handle: SendHandle?
    /// Its hold on a connection, and the sockets it has opened; only kept when connections have limits.
    var use: ConnectionTable.Use?
    var opened: [Int32] = []

    // What the present transfer has shown.
    var attempt = Attempt(sent: .unset, end: .unset)
    var deadlineKind = FailureKind.attempt_timeout
    var headersComplete = false
    /// Where a 3xx response pointed, absolute; only when redirects are followed.
    private(set) var redirectLocation: String?
    private var hasNames = false
    private var forbidsReuse = false
    private var bodyEncoded = false
    private var inflating = false
    private var inflater: Inflater?
    private var bodyBytes = 0
    private var requestsSent: Int32 = 0
    /// errno of a socket that the kernel refused.
    private var openError: Int32 = 0
    /// Set when a callback of ours ended the transfer.
    private var ownVerdict: FailureKind?

    /// - Throws: `CurlFailure` when libcurl has no memory for a handle or refuses an option.
    init(index: Int, transport: CurlTransport) throws(CurlFailure) {
        guard let easy = curl_easy_init() else { throw CurlFailure("libcurl gave no handle") }
        self.easy = easy
        self.index = index
        self.transport = transport
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let context = Unmanaged.passUnretained(self).toOpaque()
        let settings = transport.settings
        var code = gale_set_callbacks(easy, onHeader, onBody, onOpenSocket, onCloseSocket, onRequest)
        func set(_ result: CURLcode) { if code == CURLE_OK { code = result } }
        set(gale_set_pointer(easy, CURLOPT_PRIVATE, context))
        set(gale_set_pointer(easy, CURLOPT_HEADERDATA, context))
        set(gale_set_pointer(easy, CURLOPT_WRITEDATA, context))
        set(gale_set_pointer(easy, CURLOPT_PREREQDATA, context))
        set(gale_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context))
        // Only our own limit says how long one may be idle; libcurl's is 118 s.
        if settings.ages.idle != nil { set(gale_set_long(easy, CURLOPT_MAXAGE_CONN, Int(Int32.max))) }
        // A connection outlives the transfer that opened it, so its end is told to the transport.
        set(gale_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, Unmanaged.passUnretained(transport).toOpaque()))
        set(gale_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
        // Without it libcurl installs a SIGPIPE handler around every call; the process ignores the signal instead.
        set(gale_set_long(easy, CURLOPT_NOSIGNAL, 1))
        // An empty name switches the look-up of proxy variables off.
        set(gale_set_text(easy, CURLOPT_PROXY, ""))
        set(gale_set_text(easy, CURLOPT_NOPROXY, ""))
        set(gale_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        set(gale_set_long(easy, CURLOPT_HTTP_VERSION, settings.version == .http2 ? 4 : 2))
        set(gale_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        set(gale_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(settings.connectTimeout.milliseconds))))
        set(gale_set_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 0))
        if let authority = settings.tls.authority { set(gale_set_text(easy, CURLOPT_CAINFO, authority)) }
        if let certificate = settings.tls.certificate { set(gale_set_text(easy, CURLOPT_SSLCERT, certificate)) }
        if let key = settings.tls.key { set(gale_set_text(easy, CURLOPT_SSLKEY, key)) }
        set(gale_set_long(easy, CURLOPT_SSL_VERIFYPEER, settings.tls.insecure ? 0 : 1))
        set(gale_set_long(easy, CURLOPT_SSL_VERIFYHOST, settings.tls.insecure ? 0 : 2))
        guard code == CURLE_OK else {
            curl_easy_cleanup(easy)
            throw CurlFailure(code)
        }
    }

    deinit {
        curl_easy_cleanup(easy)
        errorText.deallocate()
    }

    /// Makes the handle ready for that request; cheap when it sent the same one last.
    /// - Parameter isWhole: the request needs nothing of the exchange, which only takes the response.
    func begin(
        _ request: PreparedRequest, _ exchange: Exchange?, isWhole: Bool, trace: TraceContext?, sent: Instant,
        deadlineKind: FailureKind
    ) {
        let varies = !isWhole && exchange?.changesRequest == true
        if let trace {
            if traceLine == nil { traceLine = TraceLine() }
            traceLine?.set(trace)
        }
        let line = trace == nil ? nil : traceLine
        if self.request !== request || (!varies && varied?.isApplied == true) || isTraced != (trace != nil) {
            if varied?.isApplied == true { varied?.remove(from: easy) }
            request.apply(after: line, to: OpaquePointer(easy))
            self.request = request
            isTraced = trace != nil
        }
        if varies, let exchange {
            if varied == nil { varied = VariedParts() }
            varied?.apply(exchange, over: request, after: line, to: easy)
        }
        exchange?.forgetResponse()
        self.exchange = exchange
        if hasNames {
            gale_set_list(easy, CURLOPT_RESOLVE, nil)
            hasNames = false
        }
        if forbidsReuse { forbidReuse(false) }
        if !opened.isEmpty { opened.removeAll(keepingCapacity: true) }
        self.deadlineKind = deadlineKind
        attempt = Attempt(sent: sent, end: .unset)
        headersComplete = false
        bodyEncoded = false
        inflating = false
        bodyBytes = 0
        requestsSent = 0
        openError = 0
        ownVerdict = nil
        if redirectLocation != nil { redirectLocation = nil }
        errorText.pointee = 0
    }

    /// Leads the requests of this handle to an address, or to that of their URL (nil).
    /// - Parameter list: stays in use by libcurl.
    func connect(to list: UnsafeMutablePointer<curl_slist>?) {
        gale_set_list(easy, CURLOPT_CONNECT_TO, list)
    }

    /// Whether the present transfer is the last on its connection, which closes with it. libcurl asks at the end.
    func forbidReuse(_ isLast: Bool) {
        guard isLast != forbidsReuse else { return }
        forbidsReuse = isLast
        gale_set_long(easy, CURLOPT_FORBID_REUSE, isLast ? 1 : 0)
    }

    // MARK: The end

    /// Tells libcurl what names stand for; its multi handle remembers, so one transfer of each shard is enough.
    func introduce(_ names: UnsafeMutablePointer<curl_slist>) {
        gale_set_list(easy, CURLOPT_RESOLVE, names)
        hasNames = true
    }

    /// Reads the result from the handle into `attempt`; before the handle leaves its multi handle.
    func finish(_ code: CURLcode, at now: Instant) {
        noteTraffic(at: now)
        if code == CURLE_OK {
            if !headersComplete || (inflating && inflater?.isComplete == false) { attempt.failure = .truncated }
            if (300...399).contains(attempt.status), transport.settings.redirects > 0,
                let location = gale_info_text(easy, CURLINFO_REDIRECT_URL)
            {
                redirectLocation = String(cString: location)
            }
            if attempt.status == 429 || attempt.status == 503 {
                let wait = gale_info_offset(easy, CURLINFO_RETRY_AFTER)
                attempt.retryAfter = Int32(clamping: max(0, Int64(wait)))
            }
        } else {
            attempt.failure = ownVerdict ?? failure(of: code)
        }
    }

    /// The deadline came first: says how far the transfer had got.
    func expire(at now: Instant) {
        noteTraffic(at: max(now, attempt.sent))
        // A deadline that had passed before the sending says nothing about the connection.
        attempt.failure = requestsSent > 0 || now <= attempt.sent ? deadlineKind : connectionTimeout
    }

    /// We ended it for reasons of our own.
    func cancel(at now: Instant) {
        noteTraffic(at: now)
        attempt.cancelled = true
    }

    private func noteTraffic(at now: Instant) {
        attempt.end = now
        attempt.reachedServer = requestsSent > 0
        attempt.resends = max(0, requestsSent - 1)
        attempt.bytesSent =
            Int64(gale_info_long(easy, CURLINFO_REQUEST_SIZE) + gale_info_offset(easy, CURLINFO_SIZE_UPLOAD_T))
        attempt.connectionsOpened = Int32(truncatingIfNeeded: gale_info_long(easy, CURLINFO_NUM_CONNECTS))
        guard attempt.connectionsOpened > 0 else { return }
        // Microseconds since the transfer's start, each including the ones before it; zero where it did not happen.
        let dns = gale_info_offset(easy, CURLINFO_NAMELOOKUP_TIME_T)
        let connect = gale_info_offset(easy, CURLINFO_CONNECT_TIME_T)
        let tls = gale_info_offset(easy, CURLINFO_APPCONNECT_TIME_T)
        attempt.phases.dns = .microseconds(Int64(dns))
        if connect > 0 { attempt.phases.connect = .microseconds(Int64(max(0, connect - dns))) }
        if tls > 0 { attempt.phases.tls = .microseconds(Int64(max(0, tls - connect))) }
    }

    private func failure(of code: CURLcode) -> FailureKind {
        // errno stays from transfer to transfer on a reused handle; it is fresh only after a failed connect.
        let systemError = code == CURLE_COULDNT_CONNECT ? Int32(gale_info_long(easy, CURLINFO_OS_ERRNO)) : 0
        attempt.systemError = openError != 0 ? openError : systemError
        return FailureKind(
            curl: code,
            evidence: CurlEvidence(
                systemError: systemError, openError: openError,
                verifyResult: Int(gale_info_long(easy, CURLINFO_SSL_VERIFYRESULT)),
                text: String(cString: errorText), connectionTimeout: connectionTimeout, requestSent: requestsSent > 0))
    }

    /// Which part of opening a connection a time-out struck.
    private var connectionTimeout: FailureKind {
        let isTLS = request?.request.url.lowercased().hasPrefix("https:") ?? false
        // Not CONNECT_TIME: it is 0 after a handshake that failed, although the connection stood.
        return isTLS && gale_info_long(easy, CURLINFO_NUM_CONNECTS) > 0 ? .tls_timeout : .connect_timeout
    }

    // MARK: Callbacks

    fileprivate func header(_ line: UnsafeMutablePointer<CChar>, _ count: Int) {
        if attempt.firstByte == .unset { attempt.firstByte = transport.loop.sample() }
        attempt.bytesReceived += Int64(count)
        let first = UInt8(bitPattern: line[0])
        if first == UInt8(ascii: "\r") || first == UInt8(ascii: "\n") {
            headersComplete = true
        } else if first == UInt8(ascii: "H"), count >= 12, line[4] == CChar(bitPattern: UInt8(ascii: "/")) {
            // A status line; after 1xx, or after a resend, another one follows.
            headersComplete = false
            bodyEncoded = false
            attempt.status = Self.status(in: line, count)
            exchange?.forgetResponse()
            return
        }
        if let exchange, exchange.keepsHeaders, !headersComplete {
            line.withMemoryRebound(to: UInt8.self, capacity: count) {
                exchange.responseHeaders.append(contentsOf: UnsafeBufferPointer(start: $0, count: count))
            }
        }
        if first | 0x20 == UInt8(ascii: "c"), Self.isGzip(line, count) {
            bodyEncoded = true
        }
    }

    /// The three digits after the first space.
    private static func status(in line: UnsafeMutablePointer<CChar>, _ count: Int) -> Int32 {
        var index = 5
        while index < count, line[index] != 0x20 { index += 1 }
        var value: Int32 = 0
        let end = min(index + 4, count)
        index += 1
        while index < end, line[index] >= 0x30, line[index] <= 0x39 {
            value = value * 10 + Int32(line[index] - 0x30)
            index += 1
        }
        return value
    }

    private static func isGzip(_ line: UnsafeMutablePointer<CChar>, _ count: Int) -> Bool {
        let name = "content-encoding:"
        guard count > name.utf8.count, strncasecmp(line, name, name.utf8.count) == 0 else { return false }
        var index = name.utf8.count
        while index < count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        return count - index >= 4 && strncasecmp(line + index, "gzip", 4) == 0
            || count - index >= 6 && strncasecmp(line + index, "x-gzip", 6) == 0
    }

    fileprivate func body(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Bool {
        attempt.bytesReceived += Int64(count)
        let limit = transport.settings.maximumBodyBytes
        guard bodyEncoded else {
            bodyBytes += count
            if bodyBytes > limit { ownVerdict = .too_large }
            if let exchange {
                bytes.withMemoryRebound(to: UInt8.self, capacity: count) {
                    exchange.keep(UnsafeBufferPointer(start: $0, count: count))
                }
            }
            return ownVerdict == nil
        }
        if !inflating {
            inflating = true
            if let inflater { inflater.reset() } else { inflater = Inflater() }
        }
        switch inflater!.feed(bytes, count: count, limit: limit, exchange) {
        case .fine: return true
        case .corrupt: ownVerdict = .bad_encoding
        case .tooLarge: ownVerdict = .too_large
        }
        return false
    }

    fileprivate func requestGoesOut() {
        requestsSent += 1
        if let handle, let tell = handle.requestGoesOut {
            handle.requestGoesOut = nil
            tell()
        }
    }

    /// Which connection it goes out on.
    fileprivate func noteConnection(
        _ remote: UnsafePointer<CChar>, _ remotePort: Int32, _ local: UnsafePointer<CChar>, _ localPort: Int32
    ) {
        guard transport.tracksConnections else { return }
        let key = ConnectionTable.key(remote: remote, remotePort: remotePort, local: local, localPort: localPort)
        transport.connectionTaken(by: self, key: key)
    }

    fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        // Here and not where the name was resolved: what is connected to is what counts, whoever answered for the name.
        // An endpoint that the plan names is judged by its own name, and not by that of the target it speaks for.
        guard let request, let peer = IPAddress(address),
            transport.settings.hosts.allows(host: shard?.route.name ?? request.host, address: peer)
        else {
            ownVerdict = .host_refused
            return CURL_SOCKET_BAD
        }
        // Another address of the same name may have been refused before.
        if ownVerdict == .host_refused { ownVerdict = nil }
        let result = transport.openSocket(for: self, address.pointee)
        switch result {
        case .success(let descriptor):
            // The other address family may have been refused before.
            openError = 0
            return descriptor
        case .failure(let error):
            openError = error.number
            return CURL_SOCKET_BAD
        }
    }
}

private let onHeader: gale_data_callback = { line, size, count, context in
    Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().header(line!, size * count)
    return size * count
}

private let onBody: gale_data_callback = { bytes, size, count, context in
    let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    return transfer.body(bytes!, size * count) ? size * count : Int(CURL_WRITEFUNC_ERROR)
}

private let onRequest: gale_prereq_callback = { context, remote, local, remotePort, localPort in
    let transfer = Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    if let remote, let local { transfer.noteConnection(remote, remotePort, local, localPort) }
    transfer.requestGoesOut()
    return CURL_PREREQFUNC_OK
}

private let onOpenSocket: gale_open_callback = { context, _, address in
    Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().openSocket(address!)
}

private let onCloseSocket: gale_close_callback = { context, descriptor in
    Unmanaged<CurlTransport>.fromOpaque(context!).takeUnretainedValue().closeSocket(descriptor)
    return 0
}
