import Foundation
import Glibc

/// An nginx of our own for the length of a test, whose access log is the ground truth of what reached a server.
package struct Nginx {
    package static let isAvailable = executable != nil

    static let executable = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    package let port: UInt16
    private let folder: String

    /// Starts nginx in `folder`, runs `body`, and stops it again.
    /// - Parameter location: directives of the one location, such as `return 200 ok;`.
    package static func with(
        location: String, in folder: String, _ body: (Nginx) async throws -> Void
    ) async throws {
        let nginx = Nginx(port: try freePorts(1)[0], folder: folder)
        let configuration = """
            daemon off; pid \(folder)/nginx.pid; error_log \(folder)/error.log; worker_processes 1;
            events { worker_connections 1024; }
            http {
              log_format line '$status $request_method $request_uri $connection_requests';
              access_log \(folder)/access.log line;
              client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy; fastcgi_temp_path \(folder)/fastcgi;
              uwsgi_temp_path \(folder)/uwsgi; scgi_temp_path \(folder)/scgi;
              gzip on; gzip_types *; gzip_min_length 1; keepalive_requests 1000000;
              server { listen 127.0.0.1:\(nginx.port); location / { \(location) } }
            }
            """
        try configuration.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.executable!)
        process.arguments = ["-p", folder, "-c", folder + "/nginx.conf"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard await eventually({ (try? RawClient(port: nginx.port)) != nil }) else { throw NginxFailed() }
        do {
            try await body(nginx)
        } catch {
            kill(process.processIdentifier, SIGTERM)
            throw error
        }
        // In order: every answer is logged once it has gone.
        kill(process.processIdentifier, SIGQUIT)
        _ = await eventually { !process.isRunning }
    }

    /// The lines of the access log: status, method, path with query, number of the request on its connection.
    package static func log(in folder: String) -> [[Substring]] {
        let text = (try? String(contentsOfFile: folder + "/access.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    /// It could not be started.
    package struct NginxFailed: Error {}
}
