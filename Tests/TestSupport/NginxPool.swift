import Foundation
import Glibc

/// One nginx that listens at several addresses, a server block each, for the length of a test. Its access log is the
/// ground truth of what reached which address. It can be killed, hung and started again in between.
package final class NginxPool {
    /// A request, in the order in which their answers were through.
    package struct Line: Hashable, Sendable {
        /// `127.0.0.1:8080`: where it came in.
        package var server: String
        package var status: Int
        package var method: String
        /// Path and query as they were sent.
        package var path: String
        /// The `Host` header.
        package var host: String
        /// The connection that it came over, by nginx's own number, and its place on it, from 1.
        package var connection: Int
        package var place: Int
        /// Wall time in milliseconds: when it came, and when its answer was through.
        package var start: Int
        package var end: Int
    }

    /// Where it listens.
    package let addresses: [String]
    private let folder: String
    private var process: Process?
    /// The lines that were read, and how many bytes of the log they are.
    private var lines: [Line] = []
    private var position = 0

    /// Starts nginx in a folder of its own within `folder`, runs `body`, and stops it again.
    /// - Parameters:
    ///   - addresses: `127.0.0.1:8080`, one per server block.
    ///   - location: directives of the one location of each, such as `return 200 ok;`.
    package static func with<Value>(
        _ addresses: [String], location: String = "return 200 hello;", in folder: String,
        _ body: (NginxPool) async throws -> Value
    ) async throws -> Value {
        let pool = try NginxPool(addresses, location: location, in: folder)
        try await pool.start()
        let value: Value
        do {
            value = try await body(pool)
        } catch {
            await pool.stop()
            throw error
        }
        await pool.quit()
        return value
    }

    private init(_ addresses: [String], location: String, in folder: String) throws {
        self.addresses = addresses
        self.folder = folder + "/nginx-" + (addresses.first ?? "").replacing(":", with: "-")
        let servers = addresses.map { "  server { listen \($0); location / { \(location) } }" }
        let configuration = """
            daemon off; pid nginx.pid; error_log error.log; worker_processes 1;
            events { worker_connections 2048; }
            http {
              log_format line '$server_addr:$server_port $status $request_method $request_uri $http_host '
                '$connection $connection_requests $request_time $msec';
              access_log access.log line;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi; scgi_temp_path scgi;
              keepalive_requests 1000000; keepalive_timeout 60s;
            \(servers.joined(separator: "\n"))
            }
            """
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        try configuration.write(toFile: self.folder + "/nginx.conf", atomically: true, encoding: .utf8)
    }

    // MARK: Coming and going

    /// Starts it, also again after `stop`. The log goes on.
    package func start() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Nginx.executable!)
        process.arguments = ["-p", folder, "-c", folder + "/nginx.conf"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        // Written when it listens, and removed when it goes.
        let pid = folder + "/nginx.pid"
        let isUp = await eventually(every: .milliseconds(10)) {
            FileManager.default.fileExists(atPath: pid) && !workers.isEmpty
        }
        guard isUp else {
            await stop()
            throw Nginx.NginxFailed()
        }
    }

    /// Ends it at once: connections are closed, and requests under way have no answer and no line.
    package func stop() async {
        resume()
        await end(SIGTERM)
    }

    /// Ends it in order: every request under way is answered and logged.
    private func quit() async {
        resume()
        await end(SIGQUIT)
    }

    private func end(_ signal: Int32) async {
        guard let process else { return }
        self.process = nil
        kill(process.processIdentifier, signal)
        if await eventually(every: .milliseconds(5), { !process.isRunning }) { return }
        for worker in Self.children(of: process.processIdentifier) { kill(worker, SIGKILL) }
        kill(process.processIdentifier, SIGKILL)
    }

    /// Hangs it: the kernel still takes connections and requests, and nobody answers.
    package func hang() { for worker in workers { kill(worker, SIGSTOP) } }

    /// Lets it go on with whatever has come.
    package func resume() { for worker in workers { kill(worker, SIGCONT) } }

    private var workers: [pid_t] { process.map { Self.children(of: $0.processIdentifier) } ?? [] }

    private static func children(of process: pid_t) -> [pid_t] {
        let text = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return text?.split(separator: " ").compactMap { pid_t($0) } ?? []
    }

    // MARK: What it saw

    /// The lines of its access log so far.
    package var log: [Line] {
        readOn()
        return lines
    }

    /// Reads what has come since the last time, up to the last whole line.
    private func readOn() {
        guard let file = FileHandle(forReadingAtPath: folder + "/access.log") else { return }
        defer { try? file.close() }
        try? file.seek(toOffset: UInt64(position))
        guard let bytes = try? file.readToEnd(), let end = bytes.lastIndex(of: 10) else { return }
        let whole = bytes[...end]
        position += whole.count
        lines += String(decoding: whole, as: UTF8.self).split(separator: "\n").compactMap { Self.line($0) }
    }

    /// How many requests came to each address that had any.
    package var counts: [String: Int] { Dictionary(grouping: log, by: \.server).mapValues(\.count) }

    /// The most connections that were there at once, as far as their requests show, in the order of the log: each from
    /// its first line to its last.
    package static func mostConnections(_ lines: [Line]) -> Int {
        var (firsts, lasts) = ([Int: Int](), [Int: Int]())
        for (place, line) in lines.enumerated() {
            if firsts[line.connection] == nil { firsts[line.connection] = place }
            lasts[line.connection] = place
        }
        var (open, most) = (0, 0)
        for (place, line) in lines.enumerated() {
            if firsts[line.connection] == place { open += 1 }
            most = max(most, open)
            if lasts[line.connection] == place { open -= 1 }
        }
        return most
    }

    private static func line(_ text: Substring) -> Line? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 9, let status = Int(words[1]), let connection = Int(words[5]), let place = Int(words[6]),
            let lasted = Double(words[7]), let end = Double(words[8])
        else { return nil }
        return Line(
            server: words[0], status: status, method: words[2], path: words[3], host: words[4],
            connection: connection, place: place, start: Int((end - lasted) * 1_000 + 0.5),
            end: Int(end * 1_000 + 0.5))
    }
}
