import Model

/// Scans files one after the other on one thread and reuses its memory.
final class FileScanner {
    private var writer = FactWriter()
    private let scratch = TokenBuffer()

    /// Scans one file outside of a build, as the fuzzer does.
    /// - Returns: the facts, valid as long as `arena`; nil if they cannot be read back.
    func scan(_ bytes: Source.Bytes, as language: any Language, role: UInt8 = 0, into arena: Arena) -> FileFacts? {
        writer.removeAll()
        language.scan(Source(bytes, role: role, scratch: scratch), into: &writer)
        return FileFacts(checking: writer.encode(FileSummary(), into: arena))
    }

    /// Scans one file of a build.
    /// - Parameters:
    ///   - size: the size of the file in bytes. Larger than `bytes` if the file is too large to be read.
    /// - Returns: the flat facts, in the arena.
    func scan(
        _ bytes: Source.Bytes, size: Int, _ detected: LanguageRegistry.Detected, into arena: Arena
    ) -> UnsafeRawBufferPointer {
        writer.removeAll()
        var contents = FileContents(bytes, size: size)
        if detected.isLink {
            writer.add(kind: LinkTargets.kind, text: bytes, line: 1)
        } else if let place = detected.language ?? (detected.asksShebang ? LanguageRegistry.interpreted(bytes) : nil) {
            let language = LanguageRegistry.all[place]
            contents.summary.language = UInt8(place + 1)
            if contents.isMinified, language.ignoresMinified {
                contents.summary.traits |= RepositoryGraph.Traits.generated.rawValue
            } else if contents.isScannable {
                language.scan(Source(bytes, role: detected.role, scratch: scratch), into: &writer)
            }
        }
        return writer.encode(contents.summary, into: arena)
    }

    /// The facts of an entry without contents, such as a submodule.
    func scanNothing(into arena: Arena) -> UnsafeRawBufferPointer {
        writer.removeAll()
        return writer.encode(FileSummary(), into: arena)
    }
}
