import Core
import Flows

/// Names with texts that may have places: headers, cookies, parameters.
enum HeaderForms {
    /// A map of texts with places.
    static func pairs(_ word: String, of noun: String, _ escape: Escape) -> Form<[HeaderTemplate]> {
        let value = Form<Template>.template("text", escape)
        return Forms.map(key: "name", kind: .text("text"), of: noun) { entry, context in
            guard context.refusesPlaces(in: entry.key, at: entry.keyPlace) else { return nil }
            return value.read(entry.value, &context).map { HeaderTemplate(name: entry.key, value: $0) }
        }
    }

    static let cookies: Form<[HeaderTemplate]> = {
        let value = Form<Template>.template("text", .header, named: true) { text throws(Complaint) in
            try HTTPText.headerValue(text)
            // RFC 6265, 4.2.1: `;` begins the next cookie.
            guard !text.contains(";") else {
                throw Complaint(
                    .header, "`\(text.printable)` contains `;`, which ends the value of a cookie",
                    remedy: "write each cookie as an entry of its own")
            }
        }
        return Forms.map(key: "name", kind: .text("text"), of: "cookies") { entry, context in
            guard HTTPText.isToken(entry.key) else {
                context.complain(
                    .header, at: entry.keyPlace,
                    "`\(entry.key.printable)` is no name of a cookie, which is made of letters, digits and "
                        + "!#$%&'*+-.^_`|~", remedy: "write a name such as `session`")
                return nil
            }
            return value.read(entry.value, &context).map { HeaderTemplate(name: entry.key, value: $0) }
        }
    }()

    static let headers: Form<[HeaderTemplate]> = {
        let value = Form<Template>.template("text", .header, named: true) { text throws(Complaint) in
            try HTTPText.headerValue(text)
        }
        let read = Forms.map(key: "name", kind: .text("text"), of: "headers") { entry, context in
            do throws(Complaint) {
                let name = try HTTPText.headerName(entry.key)
                return value.read(entry.value, &context).map {
                    Placed(value: HeaderTemplate(name: name, value: $0), place: entry.keyPlace)
                }
            } catch {
                context.complain(error, at: entry.keyPlace)
                return nil
            }
        }
        return Form(read.kind) { node, context in
            guard let headers = read.read(node, &context) else { return nil }
            var seen: Set<String> = []
            for header in headers where !seen.insert(header.value.name.lowercased()).inserted {
                context.complain(
                    .duplicateKey, at: header.place,
                    "`\(header.value.name)` stands more than once, because the case of header names does not count",
                    remedy: "keep one of them, with its values joined by commas")
                return nil
            }
            return headers.map(\.value)
        }
    }()
}
