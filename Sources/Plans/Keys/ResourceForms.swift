import Core

/// Forms of single values that resources and routes have.
extension Form where Value == Double {
    /// Bytes per second, above zero.
    static var bandwidth: Form {
        Form(
            .bandwidth,
            text: { text throws(Complaint) in try complaining { () throws(UnitProblem) in try Units.bandwidth(text) } })
    }
}

extension Form where Value == String {
    /// The name of a resource; whether there is one, `ResourceRules` looks when all are known.
    static var resource: Form { Form(.text("name of a resource"), text: NameText.resource) }
}

extension Form where Value == Span {
    /// How often something happens again behind the services: at least 1 ms apart, or nothing else would happen any more.
    static let period = Form.duration(runAtLeast: .milliseconds(1)).checked { span throws(Complaint) in
        guard span >= .milliseconds(1) else {
            throw Complaint(
                .range, "`\(Units.text(span))` is too short: nothing happens again more often than every 1ms",
                remedy: "write `1ms` or longer")
        }
    }
}
