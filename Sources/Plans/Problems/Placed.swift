/// A value with the place where it stood, for a check that comes later.
struct Placed<Value: Sendable>: Sendable {
    let value: Value
    let place: Place
}
