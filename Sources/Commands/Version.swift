import Transport

/// What this build is, and what it runs with.
enum Version {
    static let number = "0.1.0"

    /// For `gale --version`: the first line is the version alone, for scripts.
    static var text: String {
        """
        gale \(number) (\(Machine.build))
        libcurl \(CurlLibrary.version): \(CurlLibrary.tls), \(CurlLibrary.zlib)
        features: \(CurlLibrary.features.joined(separator: ", "))
        HTTP/2: \(CurlLibrary.offersHTTP2 ? "offered" : "not offered, it needs libcurl 8.14 or newer")
        """
    }
}
