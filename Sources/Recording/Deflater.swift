import CZlib

/// Compresses one buffer after the other as zlib streams, at level 9, the level of every writer of histogram logs.
///
/// Kept and reused: starting a compressor clears a quarter of a megabyte.
struct Deflater: ~Copyable, @unchecked Sendable {
    // zlib keeps the address of its stream, so the stream must not move with this value. Nobody else has the address,
    // which is what makes the value safe to send.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit_(stream, Z_BEST_COMPRESSION, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib cannot compress (status \(status)): out of memory, or another version")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Appends the compressed form of `bytes` to `output`.
    mutating func compress(_ bytes: [UInt8], to output: inout [UInt8]) {
        deflateReset(stream)
        let start = output.count
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        output.append(contentsOf: repeatElement(0, count: bound))
        let written = bytes.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                // zlib reads through this pointer only; its declaration predates `const`.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress.map { $0 + start }
                stream.pointee.avail_out = UInt32(bound)
                let status = deflate(stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "zlib promised room enough and then said \(status)")
                return bound - Int(stream.pointee.avail_out)
            }
        }
        output.removeLast(bound - written)
    }
}
