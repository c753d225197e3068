import Core

/// The forms of single values.
extension Form where Value == Span {
    /// 0 to 30 days.
    static var duration: Form { duration(runAtLeast: TimeScale.shortest) }

    /// The same.
    /// - Parameter least: what it must not be below when the plan is run faster, unless it is zero.
    static func duration(runAtLeast least: Span) -> Form {
        let form = Form(
            .duration,
            text: { text throws(Complaint) in try complaining { () throws(UnitProblem) in try Units.duration(text) } })
        return Form(.duration) { node, context in
            guard let span = form.read(node, &context) else { return nil }
            return context.canRun(span, least: least, at: node.place) ? span : nil
        }
    }

    /// Longer than zero.
    static var positiveDuration: Form {
        duration.checked { span throws(Complaint) in
            guard span > .zero else {
                throw Complaint(.range, "a duration of zero makes no sense here", remedy: "write at least `1ns`")
            }
        }
    }
}

extension Form where Value == Rate {
    static var rate: Form {
        let form = Form(
            .rate,
            text: { text throws(Complaint) in try complaining { () throws(UnitProblem) in try Units.rate(text) } })
        return Form(.rate) { node, context in
            guard let rate = form.read(node, &context) else { return nil }
            return context.canRun(rate, at: node.place) ? rate : nil
        }
    }

    /// Above zero.
    static var positiveRate: Form {
        rate.checked { rate throws(Complaint) in
            guard rate.perSecond > 0 else {
                throw Complaint(.range, "a rate of zero makes no sense here", remedy: "write a rate above zero")
            }
        }
    }
}

extension Form where Value == Int {
    /// So many `noun` (`users`).
    static func count(_ range: ClosedRange<Int>, of noun: String) -> Form {
        count(range, as: "a number of \(noun)")
    }

    /// A whole number that messages call `noun` (`a port`).
    static func count(_ range: ClosedRange<Int>, as noun: String) -> Form {
        Form(
            .count(range),
            text: { text throws(Complaint) in
                try complaining { () throws(UnitProblem) in try Units.count(text, in: range, noun: noun) }
            })
    }

    /// Up to `limit` bytes.
    static func size(upTo limit: Int) -> Form {
        Form(
            .size,
            text: { text throws(Complaint) in
                let bytes = try complaining { () throws(UnitProblem) in try Units.size(text) }
                guard bytes <= limit else {
                    throw Complaint(
                        .range,
                        "`\(text.printable)` is more than \(Units.text(bytes: limit)), the most that is allowed here",
                        remedy: "write a smaller size")
                }
                return bytes
            })
    }
}

extension Form where Value == Double {
    static var share: Form {
        Form(
            .share,
            text: { text throws(Complaint) in try complaining { () throws(UnitProblem) in try Units.share(text) } })
    }

    static func number(_ noun: String) -> Form {
        Form(
            .number,
            text: { text throws(Complaint) in
                try complaining { () throws(UnitProblem) in try Units.number(text, noun: noun) }
            })
    }
}

extension Form where Value == Bool {
    static var boolean: Form {
        Form(
            .boolean,
            text: { text throws(Complaint) in
                switch text {
                case "true": return true
                case "false": return false
                default:
                    let meant = ["yes", "on", "True", "TRUE", "1"].contains(text) ? "true" : "false"
                    throw Complaint(
                        .choice, "`\(text.printable)` is neither `true` nor `false`", remedy: "write `\(meant)`")
                }
            })
    }
}

extension Form {
    /// One of these words.
    static func choice(_ words: KeyValuePairs<String, Value>) -> Form {
        let names = words.map(\.key)
        let values = words.map(\.value)
        return Form(
            .choice(names),
            text: { text throws(Complaint) in
                guard let index = names.firstIndex(of: text) else {
                    let known = names.map { "`\($0)`" }.joined(separator: ", ")
                    let near = NearestWord.find(text, in: names)
                    throw Complaint(
                        .choice, "`\(text.printable)` is none of \(known)",
                        remedy: near.map { "did you mean `\($0)`?" } ?? "write one of them")
                }
                return values[index]
            })
    }
}

/// Runs a parser of units for a plan, where its problem becomes a complaint.
func complaining<Value>(_ parse: () throws(UnitProblem) -> Value) throws(Complaint) -> Value {
    do throws(UnitProblem) {
        return try parse()
    } catch {
        throw Complaint(error)
    }
}
