import Core
import Model

/// `network:` of a service: the way between clients and it.
enum NetworkKeys {
    static let form: Form<NetworkDescription> = record.form { entries, _ in entries.draft }

    private static let record = Record<NetworkDescription>(
        "lab.services.network", noun: "`network` of a service",
        doc: """
            The way between clients and the service, in virtual time only: `gale run` goes over the machine's own loopback \
            and says that it leaves this out.
            """,
        example: """
            target: lab/shop
            lab:
              services:
                shop:
                  time: 10ms
                  network: { delay: 400us to 600us, loss: 0.1% }
            """,
        start: NetworkDescription(),
        keys: [
            .optional(
                "delay", TimeKeys.form, into: \.delay, default: "0s",
                doc: "How long a message is under way, in one direction.", example: "500us"),
            .optional(
                "loss", loss, into: \.loss, default: "0%",
                doc:
                    "Share of the messages that are lost on each way and sent again, below 100%. A loss costs 200ms, the next of "
                    + "the same message twice as long, and so on, as TCP on Linux sends again.", example: "0.1%"),
        ])

    private static let loss = Form<Double>.share.checked { share throws(Complaint) in
        guard share < 1 else {
            throw Complaint(
                .range, "with a loss of \(Units.text(share: share)) no message ever arrives",
                remedy: "write a share below 100%, or an `outage` under `episodes`")
        }
    }
}
