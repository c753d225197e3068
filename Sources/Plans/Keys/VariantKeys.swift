/// `variants:` named changes of the plan. What stands in them is checked when they are laid over the plan; here only
/// that each is a map.
enum VariantKeys {
    /// Each is the plan read once more.
    static let maximum = 64

    /// The names, in the order of the plan.
    static let form: Form<[String]> = {
        let names = Forms.map(key: "name", kind: .any, of: "variants") { entry, context -> Placed<String>? in
            do throws(Complaint) {
                _ = try NameText.variant(entry.key)
            } catch {
                context.complain(error, at: entry.keyPlace)
                return nil
            }
            guard entry.value.isMap else {
                context.complain(
                    .type, at: entry.value.place,
                    "a map of changes belongs here, and this is \(entry.value.noun)",
                    remedy: "write the keys of the plan that change, such as `target:`")
                return nil
            }
            if let inner = entry.value.entry("variants") {
                context.complain(
                    .variant, at: inner.keyPlace, "`variants` stands inside a variant, and a variant has none",
                    remedy: "write each variant beside the others")
                return nil
            }
            return Placed(value: entry.key, place: entry.keyPlace)
        }
        return Form(names.kind) { node, context in
            guard let names = names.read(node, &context) else { return nil }
            guard names.count <= maximum else {
                context.complain(
                    .variant, at: names[maximum].place,
                    "the plan has \(names.count) variants, and at most \(maximum) are read", remedy: "remove some")
                return nil
            }
            return names.map(\.value)
        }
    }()
}
