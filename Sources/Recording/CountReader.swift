/// The inner header of an encoded histogram: 40 bytes, the same in V1 and V2.
struct HistogramHeader {
    static let length = 40

    let layout: HistogramLayout
    /// Bytes of counts that follow.
    let payloadLength: Int
    /// Bytes of a count in V1; nil in V2, where it varies.
    let wordSize: Int?

    /// - Throws: whatever is wrong with the first 40 bytes, among it a payload longer than its layout can need.
    init(_ bytes: [UInt8]) throws(HistogramError) {
        let cookie = try Self.integer(UInt32.self, in: bytes, at: 0, of: "inner header")
        switch HistogramCookie.base(of: cookie) {
        case HistogramCookie.base(of: HistogramCookie.plainV2):
            wordSize = nil
        case HistogramCookie.plainV1:
            let size = HistogramCookie.wordSize(of: cookie)
            guard [2, 4, 8].contains(size) else { throw .unknownEncoding(cookie: cookie) }
            wordSize = size
        case HistogramCookie.plainV0: throw .obsoleteEncoding(cookie: cookie)
        default: throw .unknownEncoding(cookie: cookie)
        }
        let declared = try Self.integer(Int32.self, in: bytes, at: 4, of: "inner header")
        let offset = try Self.integer(Int32.self, in: bytes, at: 8, of: "inner header")
        guard offset == 0 else { throw .rotated(offset: offset) }
        layout = try HistogramLayout(
            lowest: try Self.integer(Int64.self, in: bytes, at: 16, of: "inner header"),
            highest: try Self.integer(Int64.self, in: bytes, at: 24, of: "inner header"),
            digits: Int64(try Self.integer(Int32.self, in: bytes, at: 12, of: "inner header")))
        // The ratio to real numbers, bytes 32 to 39, is not read: some writers leave it undefined.
        let longest = layout.countsLength * (wordSize ?? ZigZag.longest)
        guard (0...longest).contains(Int(declared)) else {
            throw .wrongLength(part: "counts", declared: Int(declared), found: longest)
        }
        payloadLength = Int(declared)
    }

    static func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, in bytes: [UInt8], at offset: Int, of part: String
    ) throws(HistogramError) -> Value {
        let end = offset + MemoryLayout<Value>.size
        guard end <= bytes.count else { throw .truncated(part: part, needed: end, found: bytes.count) }
        return bytes[offset..<end].reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}

/// Walks through the counts of an uncompressed histogram, ascending, without the zeros.
struct CountReader {
    private let bytes: UnsafeRawBufferPointer
    private let wordSize: Int?
    private let length: Int
    private var offset = HistogramHeader.length
    private var index = 0

    /// - Precondition: `bytes` hold the header and as many bytes of counts as it says.
    init(_ bytes: UnsafeRawBufferPointer, header: HistogramHeader) {
        self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(HistogramHeader.length + header.payloadLength))
        wordSize = header.wordSize
        length = header.layout.countsLength
    }

    /// The next count above zero; nil at the end.
    @inline(__always)
    mutating func next() throws(HistogramError) -> (index: Int, count: UInt64)? {
        while offset < bytes.count {
            let word = try nextWord()
            guard word > 0, index < length else {
                try skip(word)
                continue
            }
            defer { index += 1 }
            return (index, UInt64(word))
        }
        return nil
    }

    /// Passes over one zero, or over a run of them.
    private mutating func skip(_ word: Int64) throws(HistogramError) {
        if word < 0, wordSize != nil { throw .negativeCount(index: index) }
        let zeros = word < 0 ? word.magnitude : 1
        guard word <= 0, zeros <= UInt64(length - index) else {
            throw .indexOutOfRange(index: UInt64(index) + (word > 0 ? 0 : zeros), length: length)
        }
        index += Int(zeros)
    }

    @inline(__always)
    private mutating func nextWord() throws(HistogramError) -> Int64 {
        let start = offset
        if let wordSize, bytes.count - offset >= wordSize {
            offset += wordSize
            let top = Int64(Int8(bitPattern: bytes[start]))
            return bytes[start + 1..<offset].reduce(top) { $0 << 8 | Int64($1) }
        }
        if wordSize == nil, let word = ZigZag.read(bytes, at: &offset) { return word }
        throw .truncated(part: "last count", needed: wordSize ?? bytes.count - start + 1, found: bytes.count - start)
    }
}
