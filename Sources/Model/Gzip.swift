import CZlib

/// Gzip for the faults that need it, small texts and very many zeros in very few bytes, and for requests that come
/// compressed.
package enum Gzip {
    /// `bytes` as one gzip member.
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        deflate(bytes, windowBits: 16 + MAX_WBITS, ending: Z_FINISH)
    }

    /// What a gzip member decodes to, up to `limit` bytes; what there is when it is broken.
    package static func expand(_ bytes: [UInt8], limit: Int) -> [UInt8] {
        var stream = z_stream()
        guard gale_inflate_init(&stream, 16 + MAX_WBITS) == Z_OK else { return [] }
        defer { inflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: limit) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(limit)
                _ = inflate(&stream, Z_FINISH)
                count = limit - Int(stream.avail_out)
            }
        }
    }

    /// One gzip member that decodes to `count` zeros.
    ///
    /// A piece that ends with a full flush ends on a byte and looks back at nothing, so one compressed piece can stand in
    /// the stream any number of times: a bomb of 1 GB costs a megabyte and a millisecond, where to compress it honestly
    /// would take seconds.
    package static func zeros(_ count: Int) -> [UInt8] {
        let pieceLength = 1 << 20
        let (pieces, rest) = count.quotientAndRemainder(dividingBy: pieceLength)
        var stream: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        var checksum: UInt = 0
        if pieces > 0 {
            let zeros = [UInt8](repeating: 0, count: pieceLength)
            let piece = deflate(zeros, windowBits: -MAX_WBITS, ending: Z_FULL_FLUSH)
            let pieceChecksum = crc32(0, zeros, UInt32(pieceLength))
            stream.reserveCapacity(stream.count + pieces * piece.count + 4096)
            for _ in 0..<pieces {
                stream += piece
                checksum = crc32_combine(checksum, pieceChecksum, pieceLength)
            }
        }
        let tail = [UInt8](repeating: 0, count: rest)
        stream += deflate(tail, windowBits: -MAX_WBITS, ending: Z_FINISH)
        checksum = crc32_combine(checksum, crc32(0, tail, UInt32(rest)), rest)
        for value in [UInt32(truncatingIfNeeded: checksum), UInt32(truncatingIfNeeded: count)] {
            withUnsafeBytes(of: value.littleEndian) { stream += $0 }
        }
        return stream
    }

    /// - Parameters:
    ///   - windowBits: negative for a raw stream, 16 more than the window for a gzip member.
    ///   - ending: how the stream ends: `Z_FINISH` or `Z_FULL_FLUSH`.
    private static func deflate(_ bytes: [UInt8], windowBits: Int32, ending: Int32) -> [UInt8] {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib refused to start: \(status)")
        defer { deflateEnd(&stream) }
        var input = bytes
        // The bound is for a stream that is finished; a full flush adds a marker of five bytes at most.
        let capacity = Int(deflateBound(&stream, UInt(bytes.count))) + 16
        return input.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(capacity)
                let status = CZlib.deflate(&stream, ending)
                precondition(
                    status == (ending == Z_FINISH ? Z_STREAM_END : Z_OK) && stream.avail_in == 0,
                    "zlib did not take \(source.count) bytes at once: \(status)")
                count = capacity - Int(stream.avail_out)
            }
        }
    }
}
