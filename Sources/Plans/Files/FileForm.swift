extension Form where Value == String {
    /// A file that can be read; the value is its path from where we are.
    static var file: Form {
        Form(.file) { node, context in
            guard let text = Form.text("path").read(node, &context) else { return nil }
            do throws(Complaint) {
                return try context.files.existing(text)
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }

    /// Any text without NUL; `word` is what the reference calls it.
    static func text(_ word: String) -> Form {
        Form(
            .text(word),
            text: { text throws(Complaint) in
                guard !text.utf8.contains(0) else {
                    throw Complaint(
                        .type, "`\(text.printable)` contains a NUL, which no text of a plan may have",
                        remedy: "remove it")
                }
                return text
            })
    }
}

extension Form where Value == [UInt8] {
    /// The bytes of a file in the plan's directory.
    static var bodyFile: Form {
        Form(.file) { node, context in
            guard let text = Form<String>.text("path").read(node, &context) else { return nil }
            do throws(Complaint) {
                return try context.files.body(text)
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }
}
