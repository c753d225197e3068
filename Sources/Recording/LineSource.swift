import Glibc

/// The lines of a file, one at a time, through a buffer that is as large as the longest of them.
struct LineSource: ~Copyable {
    /// The number of the line that `next` returned last, from 1.
    private(set) var lineNumber = 0
    /// True when that line is the last one and has no line feed.
    private(set) var isUnterminated = false

    private let path: String
    /// Nil when everything is in the buffer.
    private let descriptor: Int32?
    private var buffer: [UInt8] = []
    private var position = 0

    /// More than the widest histogram takes as text; a file that goes on for longer is no log.
    private static let longestLine = 128 << 20
    private static let chunk = 256 << 10

    init(path: String) throws(IntervalLogError) {
        self.path = path
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .file(FileFailure(.open, path, code: errno)) }
        descriptor = opened
    }

    init(bytes: [UInt8], path: String) {
        self.path = path
        descriptor = nil
        buffer = bytes
    }

    deinit {
        if let descriptor { _ = close(descriptor) }
    }

    /// The next line without its end (LF or CR LF); nil at the end of the file.
    mutating func next() throws(IntervalLogError) -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return take(upTo: end, next: end + 1)
            }
            guard buffer.count - position <= Self.longestLine else {
                throw .line(
                    path: path, number: lineNumber + 1,
                    text: String(decoding: buffer[position...].prefix(60), as: UTF8.self) + "…",
                    rule: "a line of an interval log has at most \(Self.longestLine) bytes")
            }
            let pending = buffer.count - position
            guard try fill() else { break }
            searched = position + pending
        }
        guard position < buffer.count else { return nil }
        isUnterminated = true
        return take(upTo: buffer.count, next: buffer.count)
    }

    private mutating func take(upTo end: Int, next: Int) -> ArraySlice<UInt8> {
        let line = buffer[position..<end]
        position = next
        lineNumber += 1
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// Reads on, keeping what has not been taken yet; false at the end of the file.
    private mutating func fill() throws(IntervalLogError) -> Bool {
        guard let descriptor else { return false }
        buffer.removeFirst(position)
        position = 0
        let kept = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
        var count: Int
        repeat {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + kept, Self.chunk) }
        } while count < 0 && errno == EINTR
        let code = errno
        buffer.removeLast(Self.chunk - max(count, 0))
        guard count >= 0 else { throw .file(FileFailure(.read, path, code: code)) }
        return count > 0
    }
}
