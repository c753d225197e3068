import CZlib
import Core

/// Decodes a gzip body as it arrives, to count it, bound it, and hand it on.
///
/// libcurl's own decoder reports a stream that ends in the middle as success; this one knows whether the end came.
final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutablePointer<UInt8>
    private static let outputSize = 64 << 10

    /// Bytes that came out so far.
    private(set) var produced = 0
    /// True when the stream's end, and its checksum, were seen.
    private(set) var isComplete = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        output = .allocate(capacity: Self.outputSize)
        // 15 bits of window, and 32: gzip or zlib by their first bytes.
        gale_inflate_init(stream, 15 + 32)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func reset() {
        inflateReset(stream)
        produced = 0
        isComplete = false
    }

    enum Progress {
        case fine, corrupt, tooLarge
    }

    /// - Parameters:
    ///   - limit: the most bytes that may come out in all.
    ///   - exchange: takes what comes out.
    func feed(_ bytes: UnsafeMutablePointer<CChar>, count: Int, limit: Int, _ exchange: Exchange?) -> Progress {
        if isComplete { return .fine }  // Bytes after the end are ignored, as browsers do.
        stream.pointee.next_in = UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        repeat {
            stream.pointee.next_out = output
            stream.pointee.avail_out = UInt32(Self.outputSize)
            let code = inflate(stream, Z_NO_FLUSH)
            let count = Self.outputSize - Int(stream.pointee.avail_out)
            produced += count
            if produced > limit { return .tooLarge }
            exchange?.keep(UnsafeBufferPointer(start: output, count: count))
            if code == Z_STREAM_END {
                isComplete = true
                return .fine
            }
            if code != Z_OK { return code == Z_BUF_ERROR ? .fine : .corrupt }
            // A full output buffer means that more may wait inside, even when the input is used up.
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return .fine
    }
}
