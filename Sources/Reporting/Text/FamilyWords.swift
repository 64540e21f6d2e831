/// The families of the contract in a word or two, for headings.
enum FamilyWords {
    static func of(_ family: String) -> String { words[family] ?? "" }

    private static let words = [
        "AUTH": "authentication", "SUB": "submission", "STA": "status", "RES": "results", "CAN": "cancellation", "LST": "listing",
        "LOG": "logs", "CFG": "resources", "ERR": "errors", "DEP": "deployment", "FIL": "files", "USE": "usage",
        "CRD": "credentials file", "CON": "concurrency", "RSL": "resilience", "OBS": "etiquette", "COST": "cost",
    ]
}
