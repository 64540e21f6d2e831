import PlatformEngine

// The nodes, and what may be done with each.
extension AdminAPI {
    var nodeRoutes: [Route] {
        [
            nodes,
            order("kill", "Kill a node: its jobs are lost, and it is started again") { try await $0.killNode($1) },
            order("pause", "Stop a node and its jobs where they are") { try await $0.pauseNode($1) },
            order("resume", "Let a paused node go on, or a drained one take jobs again") { try await $0.resumeNode($1) },
            order("drain", "Have a node finish its jobs and take no more") { try await $0.drainNode($1) },
            order("undrain", "Have a drained node take jobs again") { try await $0.undrainNode($1) },
        ]
    }

    private var nodes: Route {
        Route(
            operation: "adminNodes", method: .get, path: "/admin/nodes", summary: "The nodes that run jobs",
            success: .json(.ok, schema: "Nodes")
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let nodes = await engine.nodeInformation()
            return .object { json in
                json.key("nodes")
                json.array { json in for node in nodes { json.object { $0.fields(of: node) } } }
            }
        }
    }

    private func order(
        _ verb: String, _ summary: String, _ carryOut: @escaping @Sendable (Engine, String) async throws -> NodeInformation
    ) -> Route {
        Route(
            operation: verb + "Node", method: .post, path: "/admin/nodes/{name}/\(verb)", summary: summary,
            success: .json(.ok, schema: "Node"), errors: [.notFound, .conflict, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let node = try await carryOut(engine, call.parameter("name"))
            return .object { $0.fields(of: node) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of node: NodeInformation) {
        field("name", node.name)
        field("condition", node.condition.rawValue)
        field("pid", node.pid)
        field("connected", node.isConnected)
        field("slots", node.slots)
        field("running", node.running)
        field("queued", node.queued)
        key("allocated")
        object { json in
            json.field("cpus", node.allocated.cpus)
            json.field("memory_gb", node.allocated.memoryGB)
            json.field("gpus", node.allocated.gpus)
        }
        key("capacity")
        object { json in
            json.field("cpus", node.capacity.cpus)
            json.field("memory_gb", node.capacity.memoryGB)
            json.field("gpus", node.capacity.gpus.map { Int64($0) })
        }
    }
}
