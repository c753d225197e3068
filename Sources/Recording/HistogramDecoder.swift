/// Reads encoded histograms, V2 and V1, compressed; from any writer, and from bytes that only pretend to be one.
///
/// All counts are read and checked before the first is added. Thus a histogram to which a damaged one should be added stays as
/// it was, and no memory is spent on what is not there.
package struct HistogramDecoder: ~Copyable, Sendable {
    private var inflater = Inflater()
    // Reused from line to line.
    private var compressed: [UInt8] = []
    private var plain: [UInt8] = []
    private var indices: [UInt32] = []
    private var counts: [UInt64] = []

    package init() {}

    /// The histogram that `text` encodes, in its own layout.
    package mutating func decode(base64 text: [UInt8]) throws(HistogramError) -> LatencyHistogram {
        try unpack(base64: text)
        return try decodePlain()
    }

    /// The histogram that `bytes` encode, in its own layout.
    package mutating func decode(_ bytes: [UInt8]) throws(HistogramError) -> LatencyHistogram {
        try unpack(bytes)
        return try decodePlain()
    }

    /// Adds the counts that `text` encodes, without a histogram in between; nothing is added when it throws.
    package mutating func add(
        base64 text: [UInt8], to histogram: inout LatencyHistogram
    ) throws(HistogramError) {
        try unpack(base64: text)
        let header = try HistogramHeader(plain)
        let checked = try check(header)
        guard histogram.layout.sharesBuckets(with: header.layout), checked.lastIndex < histogram.layout.countsLength
        else { throw .layoutMismatch(expected: histogram.layout, found: header.layout) }
        guard checked.total <= UInt64(Int.max - histogram.count) else { throw .tooManyCounts }
        histogram.add(counts, at: indices)
    }

    /// Throws what decoding would throw.
    mutating func validate(base64 text: [UInt8]) throws(HistogramError) {
        try unpack(base64: text)
        _ = try check(try HistogramHeader(plain))
    }

    // MARK: Unpacking

    private mutating func unpack(base64 text: [UInt8]) throws(HistogramError) {
        var bytes = compressed
        compressed = []
        defer { compressed = bytes }
        try Base64.decode(text, into: &bytes)
        try unpack(bytes)
    }

    /// Leaves in `plain` the header and all counts.
    private mutating func unpack(_ bytes: [UInt8]) throws(HistogramError) {
        plain.removeAll(keepingCapacity: true)
        let cookie = try HistogramHeader.integer(UInt32.self, in: bytes, at: 0, of: "outer header")
        switch HistogramCookie.base(of: cookie) {
        case HistogramCookie.compressedV1, HistogramCookie.base(of: HistogramCookie.compressedV2): break
        case HistogramCookie.compressedV0, HistogramCookie.plainV0: throw .obsoleteEncoding(cookie: cookie)
        default: throw .unknownEncoding(cookie: cookie)
        }
        let declared = try HistogramHeader.integer(Int32.self, in: bytes, at: 4, of: "outer header")
        let found = bytes.count - 8
        guard declared >= 0, Int(declared) <= found else {
            throw .truncated(part: "compressed part", needed: Int(UInt32(bitPattern: declared)), found: found)
        }
        guard Int(declared) == found else {
            throw .wrongLength(part: "compressed part", declared: Int(declared), found: found)
        }
        try inflate(bytes)
    }

    private mutating func inflate(_ bytes: [UInt8]) throws(HistogramError) {
        var plain = plain
        self.plain = []
        defer { self.plain = plain }
        // zlib reads the array while it is pinned here.
        try bytes.withUnsafeBufferPointer { (input) throws(HistogramError) in
            inflater.begin(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input.dropFirst(8))))
            let header = HistogramHeader.length
            let read = try inflater.read(header, to: &plain)
            guard read == header else { throw .truncated(part: "inner header", needed: header, found: read) }
            let counts = try HistogramHeader(plain).payloadLength
            let found = try inflater.read(counts, to: &plain)
            guard found == counts else { throw .truncated(part: "counts", needed: counts, found: found) }
            guard try inflater.isAtEnd() else { throw .unfinished }
        }
    }

    // MARK: Counts

    private mutating func decodePlain() throws(HistogramError) -> LatencyHistogram {
        let header = try HistogramHeader(plain)
        _ = try check(header)
        var histogram = LatencyHistogram(layout: header.layout)
        histogram.add(counts, at: indices)
        return histogram
    }

    /// Leaves the counts that are not zero in `counts`, with their places: all in range, none negative, the total below 2^63.
    private mutating func check(_ header: HistogramHeader) throws(HistogramError) -> (lastIndex: Int, total: UInt64) {
        var (indices, counts) = (self.indices, self.counts)
        (self.indices, self.counts) = ([], [])
        defer { (self.indices, self.counts) = (indices, counts) }
        indices.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        return try plain.withUnsafeBufferPointer { (bytes) throws(HistogramError) in
            var reader = CountReader(UnsafeRawBufferPointer(bytes), header: header)
            var lastIndex = 0
            var total: UInt64 = 0
            while let (index, count) = try reader.next() {
                lastIndex = index
                // Both are below 2^63, so the sum cannot overflow.
                total += count
                guard total <= UInt64(Int.max) else { throw .tooManyCounts }
                // No layout has more than 6.4 million counts.
                indices.append(UInt32(truncatingIfNeeded: index))
                counts.append(count)
            }
            return (lastIndex, total)
        }
    }
}
