/// Things under way, each in a place of its own that is used again when it is done: the memory is that of the most there ever
/// were at once.
struct PlaceTable<Element> {
    private var elements: [Element?] = []
    private var serials: [UInt32] = []
    private var free: [Int] = []

    /// How many there are now.
    var count: Int { elements.count - free.count }

    mutating func insert(_ element: Element) -> Int {
        guard let place = free.popLast() else {
            elements.append(element)
            serials.append(0)
            return elements.count - 1
        }
        elements[place] = element
        return place
    }

    /// - Precondition: there is something in that place.
    @discardableResult
    mutating func remove(_ place: Int) -> Element {
        let element = elements[place]!
        elements[place] = nil
        serials[place] &+= 1
        free.append(place)
        return element
    }

    /// - Precondition: there is something in that place.
    subscript(place: Int) -> Element {
        _read { yield elements[place]! }
        _modify { yield &elements[place]! }
    }

    /// Tells what is in a place now from what was there before.
    func serial(_ place: Int) -> UInt32 { serials[place] }

    /// Whether what had this serial in this place is still there.
    func holds(_ place: Int, _ serial: UInt32) -> Bool { serials[place] == serial && elements[place] != nil }

    /// The places that hold something, in ascending order.
    var places: [Int] { elements.indices.filter { elements[$0] != nil } }
}

extension PlaceTable: Sendable where Element: Sendable {}
