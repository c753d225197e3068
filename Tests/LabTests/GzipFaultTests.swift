import CZlib
import Core
import Lab
import Model
import TestSupport
import Testing

/// Faults of an encoded body, read with a decoder that is not the lab's.
@Suite struct GzipFaultTests {
    /// What zlib makes of `bytes`: the bytes decoded, and how it ended.
    private func gunzip(_ bytes: [UInt8]) -> (decoded: Int, isAllZeros: Bool, status: Int32) {
        var stream = z_stream()
        guard gale_inflate_init(&stream, 16 + MAX_WBITS) == Z_OK else { return (0, false, Z_MEM_ERROR) }
        defer { inflateEnd(&stream) }
        var (input, output) = (bytes, [UInt8](repeating: 1, count: 1 << 20))
        var (decoded, isAllZeros, status) = (0, true, Z_OK)
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            repeat {
                let count = output.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return target.count - Int(stream.avail_out)
                }
                decoded += count
                isAllZeros = isAllZeros && output[..<count].allSatisfy { $0 == 0 }
            } while status == Z_OK
        }
        return (decoded, isAllZeros, status)
    }

    private func answer(of kind: FaultKind) async throws -> RawAnswer {
        var result: RawAnswer?
        try await withService {
            $0.bodyBytes = 1_000
            $0.faults = [Fault(kind)]
        } _: { _, port in
            let client = try RawClient(port: port)
            result = try client.get()
            // The framing is sound whatever the content: the connection serves on.
            #expect(try client.get().status == 200)
        }
        let answer = try #require(result)
        #expect(answer.header("Content-Encoding") == "gzip")
        return answer
    }

    @Test func aTruncatedGzipBodyEndsInTheMiddle() async throws {
        let answer = try await answer(of: .truncateGzip)
        let (decoded, _, status) = gunzip(answer.body)
        #expect(status == Z_BUF_ERROR, "the decoder wants more than there is")
        #expect(decoded < 1_000)
    }

    @Test func aCorruptGzipBodyIsNone() async throws {
        let answer = try await answer(of: .corruptGzip)
        #expect(answer.body.count == 1_000)
        #expect(gunzip(answer.body).status == Z_DATA_ERROR)
    }

    /// `Z_STREAM_END` comes only when length and checksum at the end are right.
    @Test(arguments: [1, 1_000, 1 << 20, (1 << 20) + 1, 5_000_000])
    func aGzipBombIsSmallAndDecodesToItsBytes(bytes: Int) async throws {
        let answer = try await answer(of: .gzipBomb(bytes: bytes))
        let (decoded, isAllZeros, status) = gunzip(answer.body)
        #expect(status == Z_STREAM_END)
        #expect(decoded == bytes)
        #expect(isAllZeros)
        #expect(answer.body.count <= 50 + bytes / 900)
    }
}
