import JobHistory
import NIOCore
import Simulation

/// A job as the API shows it, for whoever reads a history without a server.
public enum JobText {
    /// - Parameter tenant: whether it also says whose job it is, which the API's caller knows.
    public static func json(_ record: JobRecord, tenant: Bool = false) -> String {
        var json = JSONWriter()
        json.object { json in
            json.jobFields(record)
            if tenant { json.field("tenant", record.tenant) }
        }
        return String(buffer: json.buffer)
    }
}

/// An event as the API shows it, for whoever reads a history without a server.
public enum EventText {
    public static func json(_ event: StoredEvent) -> String {
        var json = JSONWriter()
        json.event(event)
        return String(buffer: json.buffer)
    }

    /// The event's name, and as an object the fields that only its kind has.
    public static func parts(_ event: StoredEvent) -> (name: String, details: String) {
        var json = JSONWriter()
        json.object { $0.details(of: event.event.body) }
        return (event.event.body.name, String(buffer: json.buffer))
    }
}
