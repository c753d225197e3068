/// One histogram at a time; who has many keeps a `HistogramEncoder` or a `HistogramDecoder`.
extension LatencyHistogram {
    /// HdrHistogram's encoding V2, compressed.
    package var encoded: [UInt8] {
        var encoder = HistogramEncoder()
        var bytes: [UInt8] = []
        encoder.append(self, to: &bytes)
        return bytes
    }

    /// The same in base64.
    package var base64: String {
        var encoder = HistogramEncoder()
        var text: [UInt8] = []
        encoder.appendBase64(self, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a compressed histogram, V2 or V1, in the layout it was written in.
    package init(encoded: [UInt8]) throws(HistogramError) {
        var decoder = HistogramDecoder()
        self = try decoder.decode(encoded)
    }

    /// The same from base64.
    package init(base64: String) throws(HistogramError) {
        var decoder = HistogramDecoder()
        self = try decoder.decode(base64: [UInt8](base64.utf8))
    }
}
