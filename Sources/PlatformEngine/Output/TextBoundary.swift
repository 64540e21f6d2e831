import JobExecution

/// Where a text that still grows can be cut.
enum TextBoundary {
    /// The end of the last whole line of a file beyond `taken`; a carriage return ends one too, as of a progress bar.
    static func endOfWholeLines(_ file: OpenFile, after taken: Int64, size: Int64) -> Int64 {
        LineBoundary.endOfWholeLines(file.descriptor, after: taken, size: size)
    }

    /// The end of the last whole UTF-8 character of a file's first `size` bytes.
    static func endOfWholeCharacters(_ file: OpenFile, size: Int64) -> Int64 {
        LineBoundary.endOfWholeCharacters(file.descriptor, size: size)
    }
}
