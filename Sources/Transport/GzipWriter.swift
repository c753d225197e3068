import CZlib

/// Compresses request bodies, one after the other: gzip (RFC 1952), level 6.
final class GzipWriter {
    // zlib keeps the address of its stream.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, and 16: with the header and trailer of gzip.
        let status = deflateInit2_(
            stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot compress (status \(status)): out of memory, or another version")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Replaces `output` by the compressed form of `bytes`.
    func compress(_ bytes: [UInt8], into output: StableBytes) {
        deflateReset(stream)
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        output.reserve(bound)
        let left = bytes.withUnsafeBufferPointer { input in
            // zlib reads through this pointer only; its declaration predates `const`.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            stream.pointee.next_out = UnsafeMutableRawPointer(output.text).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(bound)
            let status = deflate(stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "zlib promised room enough and then said \(status)")
            return Int(stream.pointee.avail_out)
        }
        output.end(at: bound - left)
    }
}
