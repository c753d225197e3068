import CCurl

/// The libcurl that this process runs with (not the one it was compiled against).
package enum CurlLibrary {
    /// Sets libcurl up, once per process and before the first transport; not safe beside other threads that use it.
    /// - Throws: `CurlFailure` when libcurl or its TLS library cannot be set up.
    package static func start() throws(CurlFailure) {
        let code = gale_global_init()
        guard code == CURLE_OK else { throw CurlFailure(code) }
    }

    /// `7.88.1`.
    package static var version: String { text(information.version) }

    /// As one number, 0xMMmmpp.
    package static var versionNumber: UInt32 { information.version_num }

    /// `OpenSSL/3.0.19`, or `none`.
    package static var tls: String { information.ssl_version == nil ? "none" : text(information.ssl_version) }

    /// `zlib/1.2.13`, or `none`.
    package static var zlib: String {
        information.libz_version == nil ? "no zlib" : "zlib/" + text(information.libz_version)
    }

    /// HTTP/2 is offered from 8.14 on: before, every reused or multiplexed connection of prior knowledge fails
    /// (7.88.1: result 16), and over TLS waiting transfers open connections of their own.
    package static var offersHTTP2: Bool {
        versionNumber >= 0x080E00 && has(CURL_VERSION_HTTP2)
    }

    /// The names of the features that matter here.
    package static var features: [String] {
        let known: [(Int32, String)] = [
            (CURL_VERSION_SSL, "TLS"), (CURL_VERSION_IPV6, "IPv6"), (CURL_VERSION_HTTP2, "HTTP/2"),
            (CURL_VERSION_HTTP3, "HTTP/3"), (CURL_VERSION_LIBZ, "gzip"), (CURL_VERSION_ASYNCHDNS, "asynchronous DNS"),
        ]
        return known.filter { has($0.0) }.map(\.1)
    }

    private static func has(_ feature: Int32) -> Bool { information.features & feature != 0 }

    private static var information: curl_version_info_data { curl_version_info(gale_version_now()).pointee }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}

/// libcurl refused something that does not depend on the target.
package struct CurlFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ code: CURLcode) {
        description = "libcurl: \(String(cString: curl_easy_strerror(code))) (result \(code.rawValue))"
    }

    init(_ description: String) {
        self.description = description
    }
}
