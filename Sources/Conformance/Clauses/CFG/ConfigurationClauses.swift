/// The clauses on resource configuration.
enum ConfigurationClauses {
    static let all: [any Clause.Type] = [
        CFG01NoneWorks.self, CFG02GPULimit.self, CFG03DefaultsAndCallersObjects.self, CFG04RejectsTheImpossible.self,
    ]
}
