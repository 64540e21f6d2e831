import NIOCore
import Simulation

/// A job as the API shows it, for whoever reads a history without a server.
public enum JobText {
    public static func json(_ record: JobRecord) -> String {
        var json = JSONWriter()
        json.job(record)
        return String(buffer: json.buffer)
    }
}
