package import Core

extension Exchange {
    /// The value of the response's first header of that name, in letters of either case.
    package func responseHeader(_ name: String) -> String? {
        responseHeaders.withUnsafeBufferPointer { bytes in
            HeaderLines(bytes: bytes).first(Array(name.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
