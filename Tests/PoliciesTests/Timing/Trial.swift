/// A value under test behind a reference, so that a call that changes it may stand within an expectation.
@dynamicMemberLookup
final class Trial<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }

    func callAsFunction<Result>(_ body: (inout Value) -> Result) -> Result { body(&value) }

    subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member { value[keyPath: path] }
}
