/// One search of a pattern: all ways through the program are followed at once, character by character, in the order in
/// which they are preferred.
struct PatternSearch {
    /// One way: where it stands in the program, where its match began, and where the wanted group begins and ends (-1:
    /// not yet).
    private struct Thread {
        var instruction: Int32
        var lower: Int32
        var upper: Int32
    }

    /// The ways that wait for the next character. `place` says where an instruction stands among them, if it does: what
    /// it says is believed only when the thread there agrees (Briggs and Torczon 1993, "An efficient representation for
    /// sparse sets"), so that nothing needs to be cleared.
    private struct Threads {
        let threads: UnsafeMutableBufferPointer<Thread>
        let place: UnsafeMutableBufferPointer<Int32>
        var count = 0

        mutating func insert(_ thread: Thread) -> Bool {
            let position = Int(place[Int(thread.instruction)])
            if position < count, threads[position].instruction == thread.instruction { return false }
            place[Int(thread.instruction)] = Int32(count)
            threads[count] = thread
            count += 1
            return true
        }
    }

    /// Instructions followed in one search. A pattern of 2,000 instructions that are all alive at each character of a
    /// large body is beyond it, and finds nothing.
    private static let workLimit = 1 << 26

    private let program: PatternProgram
    private let bytes: UnsafeBufferPointer<UInt8>
    private let group: Int
    /// Any match will do, not the preferred one.
    private let isTest: Bool

    init(_ program: PatternProgram, _ bytes: UnsafeBufferPointer<UInt8>, group: Int, isTest: Bool) {
        self.program = program
        self.bytes = bytes
        self.group = group
        self.isTest = isTest
    }

    /// Where the wanted group of the first match stands.
    func run() -> Range<Int>? {
        // Nothing to set up when there is nothing to find.
        guard let start = candidate(from: 0) else { return nil }
        let size = program.instructions.count
        return withUnsafeTemporaryAllocation(of: Thread.self, capacity: size * 4 + 2) { threads in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: size * 2) { places in
                threads.initialize(repeating: Thread(instruction: 0, lower: -1, upper: -1))
                places.initialize(repeating: 0)
                func part<Element>(
                    _ all: UnsafeMutableBufferPointer<Element>, _ range: Range<Int>
                ) -> UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(rebasing: all[range]) }
                let now = Threads(threads: part(threads, 0..<size), place: part(places, 0..<size))
                let next = Threads(
                    threads: part(threads, size..<(2 * size)), place: part(places, size..<(2 * size)))
                // Each instruction is followed once a character and puts two others on the stack at most.
                return run(from: start, now, next, stack: part(threads, (2 * size)..<threads.count))
            }
        }
    }

    private func run(
        from start: Int, _ first: Threads, _ second: Threads, stack: UnsafeMutableBufferPointer<Thread>
    ) -> Range<Int>? {
        var (now, next) = (first, second)
        var index = start
        var best: Thread?
        var work = Self.workLimit
        while work > 0 {
            if best == nil, !program.isAnchored || index == 0 || now.count == 0 {
                if now.count == 0 {
                    guard let found = candidate(from: index) else { return nil }
                    index = found
                }
                follow(Thread(instruction: 0, lower: -1, upper: -1), at: index, into: &now, stack)
            } else if now.count == 0 {
                break
            }
            work -= now.count + 1
            let (scalar, length) = decode(at: index)
            next.count = 0
            for position in 0..<now.count {
                let thread = now.threads[position]
                switch program.instructions[Int(thread.instruction)] {
                case .match:
                    best = thread
                case .set(let set):
                    guard length > 0, set.contains(scalar) else { continue }
                    var moved = thread
                    moved.instruction += 1
                    follow(moved, at: index + length, into: &next, stack)
                    continue
                case .anchor, .split, .jump, .mark: continue
                }
                // Whatever stands behind a match is less preferred.
                break
            }
            if best != nil, isTest { break }
            if length == 0 { break }
            swap(&now, &next)
            index += length
        }
        guard work > 0, let best, best.lower >= 0, best.upper >= best.lower else { return nil }
        return Int(best.lower)..<Int(best.upper)
    }

    /// The first position from `index` on where a match can begin.
    private func candidate(from index: Int) -> Int? {
        if program.isAnchored { return index == 0 ? 0 : nil }
        if !program.prefix.isEmpty { return bytes.find(program.prefix, from: index) }
        guard let initials = program.initials else { return index }
        var index = index
        while index < bytes.count {
            if initials[Int(bytes[index])] { return index }
            index += 1
        }
        return nil
    }

    /// Goes on from the thread through all that takes no character, the preferred ways first.
    private func follow(
        _ thread: Thread, at index: Int, into threads: inout Threads, _ stack: UnsafeMutableBufferPointer<Thread>
    ) {
        stack[0] = thread
        var count = 1
        while count > 0 {
            count -= 1
            var thread = stack[count]
            guard threads.insert(thread) else { continue }
            switch program.instructions[Int(thread.instruction)] {
            case .set, .match: continue
            case .anchor(let anchor):
                guard anchor.holds(bytes, at: index) else { continue }
                thread.instruction += 1
            case .jump(let target): thread.instruction = Int32(target)
            case .mark(let number, let isEnd):
                thread.instruction += 1
                if number == group {
                    if isEnd { thread.upper = Int32(index) } else { (thread.lower, thread.upper) = (Int32(index), -1) }
                }
            case .split(let preferred, let other):
                thread.instruction = Int32(other)
                stack[count] = thread
                count += 1
                thread.instruction = Int32(preferred)
            }
            stack[count] = thread
            count += 1
        }
    }

    /// The character there and its length in bytes, 0 at the end; a byte that is no UTF-8 is U+FFFD.
    @inline(__always)
    private func decode(at index: Int) -> (UInt32, Int) {
        guard index < bytes.count else { return (0, 0) }
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= bytes.count else { return (0xFFFD, 1) }
        var scalar = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            guard bytes[index + offset] & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F)
        }
        // Overlong forms, surrogates, and what is beyond Unicode.
        guard scalar >= (length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80), Unicode.Scalar(scalar) != nil else {
            return (0xFFFD, 1)
        }
        return (scalar, length)
    }
}
