/// Places that are used again, at addresses of their own: to read or change a part of one touches that part only, where an
/// array would copy the whole of it or check that nobody else has it.
struct Table<Element>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 16
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    subscript(index: Int) -> Element {
        @inline(__always)
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            yield base[index]
        }
        @inline(__always)
        nonmutating _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
            yield &base[index]
        }
    }

    mutating func append(_ element: consuming Element) {
        if count == capacity {
            let wider = UnsafeMutablePointer<Element>.allocate(capacity: 2 * capacity)
            wider.moveInitialize(from: base, count: count)
            base.deallocate()
            base = wider
            capacity *= 2
        }
        (base + count).initialize(to: element)
        count += 1
    }
}
