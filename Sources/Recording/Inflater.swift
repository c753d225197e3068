import CZlib

/// Reads one zlib stream after the other, never more of it than asked for: the reader decides how much it believes.
struct Inflater: ~Copyable, @unchecked Sendable {
    // As in `Deflater`: zlib keeps the address, and nobody else has it.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = gale_inflate_init(stream, MAX_WBITS)
        precondition(status == Z_OK, "zlib cannot decompress (status \(status)): out of memory, or another version")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Starts on another stream: `input`, which must stay where it is while it is read.
    mutating func begin(_ input: UnsafeRawBufferPointer) {
        inflateReset(stream)
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
    }

    /// Reads the next `count` bytes to the end of `output`, or fewer where the stream ends.
    /// - Returns: how many.
    /// - Throws: `HistogramError.corrupt` when the stream is damaged.
    mutating func read(_ count: Int, to output: inout [UInt8]) throws(HistogramError) -> Int {
        let start = output.count
        // A stream of n bytes cannot hold more than 1,032·n; a header that claims more is not given the memory.
        let room = min(count, Int(stream.pointee.avail_in) * 1_032 + 1_032)
        output.append(contentsOf: repeatElement(0, count: room))
        let status = output.withUnsafeMutableBufferPointer { output in
            stream.pointee.next_out = output.baseAddress.map { $0 + start }
            stream.pointee.avail_out = UInt32(room)
            return inflate(stream, Z_SYNC_FLUSH)
        }
        let written = room - Int(stream.pointee.avail_out)
        output.removeLast(room - written)
        // Z_BUF_ERROR only says that the input ended early, which the caller sees by the count.
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw .corrupt(status: status) }
        return written
    }

    /// True when the stream ends here with the right checksum.
    mutating func isAtEnd() throws(HistogramError) -> Bool {
        var beyond: UInt8 = 0
        stream.pointee.avail_out = 1
        let status = withUnsafeMutablePointer(to: &beyond) { byte in
            stream.pointee.next_out = byte
            return inflate(stream, Z_SYNC_FLUSH)
        }
        stream.pointee.next_out = nil
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw .corrupt(status: status) }
        return status == Z_STREAM_END && stream.pointee.avail_out == 1
    }
}
