/// The numbers that one of several owners holds: n = index, index + width, index + 2·width, …
///
///     width 3    0 1 2 3 4 5 6 7 8 …
///     index 0    ●     ●     ●
///     index 1      ●     ●     ●
///     index 2        ●     ●     ●
///
/// Arrivals and users are shared out over clients like this. Every number has exactly one owner, so that the union of
/// the stripes is the whole, without a counter that the owners would have to share.
package struct Stripe: Hashable, Sendable {
    /// Which owner; 0..<width.
    package let index: Int
    /// How many owners; at least 1.
    package let width: Int

    /// Stripe `index` of `width`.
    /// - Precondition: 0 ≤ index < width.
    package init(_ index: Int, of width: Int) {
        precondition(
            width > 0 && (0..<width).contains(index), "of \(width) stripes, \(index) is not one; they count from 0")
        self.index = index
        self.width = width
    }

    /// The only stripe: everything.
    package static let whole = Stripe(0, of: 1)

    /// Whether the number `n` is in this stripe.
    package func contains(_ n: Int) -> Bool { n % width == index }

    /// How many of the numbers 0..<total are in this stripe. Over all stripes the sum is `total`, and no two differ by
    /// more than one.
    package func count(of total: Int) -> Int {
        total / width + (total % width > index ? 1 : 0)
    }

    /// The numbers of this stripe in 0..<total, ascending.
    package func numbers(below total: Int) -> StrideTo<Int> {
        stride(from: index, to: total, by: width)
    }
}
