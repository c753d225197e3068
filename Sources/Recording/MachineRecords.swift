/// The generator's own health over the measured part of a run.
package struct GeneratorRecord: Codable, Sendable {
    /// CPU share of the busiest loop's thread in open phases and in closed ones, 0 to 1; nil without such a phase.
    package var busiestOpen: Double?
    package var busiestClosed: Double?
    /// CPU seconds of the whole process, user and system, over the whole run.
    package var userSeconds: Double
    package var systemSeconds: Double
    /// Largest resident size of the process, bytes.
    package var peakResidentBytes: Int
    /// Stalls of the machine: the most by which a ticker of 10 ms was late, and how often by more than 10 ms.
    package var longestHiccupSeconds: Double
    package var hiccups: Int
    /// The longest single turn of a loop: while it lasted, nothing was sent.
    package var longestTurnSeconds: Double
    /// File descriptors: the limit, and the most connections that were open at once.
    package var descriptorLimit: Int
    package var peakConnections: Int
    /// Local ports that one address pair can use.
    package var localPorts: Int
    /// Most calls under way at once.
    package var peakInFlight: Int
    package var loops: Int
    package var clients: Int

    package init(
        busiestOpen: Double?, busiestClosed: Double?, userSeconds: Double, systemSeconds: Double,
        peakResidentBytes: Int, longestHiccupSeconds: Double, hiccups: Int, longestTurnSeconds: Double,
        descriptorLimit: Int, peakConnections: Int, localPorts: Int, peakInFlight: Int, loops: Int, clients: Int
    ) {
        self.busiestOpen = busiestOpen
        self.busiestClosed = busiestClosed
        self.userSeconds = userSeconds
        self.systemSeconds = systemSeconds
        self.peakResidentBytes = peakResidentBytes
        self.longestHiccupSeconds = longestHiccupSeconds
        self.hiccups = hiccups
        self.longestTurnSeconds = longestTurnSeconds
        self.descriptorLimit = descriptorLimit
        self.peakConnections = peakConnections
        self.localPorts = localPorts
        self.peakInFlight = peakInFlight
        self.loops = loops
        self.clients = clients
    }
}

/// Where a run ran; two runs are compared only with this in view.
package struct EnvironmentRecord: Codable, Hashable, Sendable {
    package var kernel: String
    package var cpu: String
    package var cores: Int
    package var memoryBytes: Int
    package var libcurl: String
    package var tls: String
    /// `release` or `debug`.
    package var build: String
    /// True when TLS verification was off.
    package var insecure: Bool
    /// Seconds that resolving the target's name took, once, at the start; nil for an address.
    package var resolveSeconds: Double?
    /// The addresses that the target's name had.
    package var addresses: [String]

    package init(
        kernel: String, cpu: String, cores: Int, memoryBytes: Int, libcurl: String, tls: String, build: String,
        insecure: Bool, resolveSeconds: Double? = nil, addresses: [String] = []
    ) {
        self.kernel = kernel
        self.cpu = cpu
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.libcurl = libcurl
        self.tls = tls
        self.build = build
        self.insecure = insecure
        self.resolveSeconds = resolveSeconds
        self.addresses = addresses
    }
}
