/// How a language finds the folder of the package that a file belongs to.
package enum PackageRule: Sendable, Equatable {
    /// The file's own folder is the package, as in Go and Java.
    case ownFolder
    /// The topmost folder of an unbroken chain of folders that each hold one of these files, from the file's own folder
    /// upwards, as in Python.
    case chain(of: [String])
    /// The nearest folder, the file's own or one above, that holds one of these files. `*.csproj` stands for any name
    /// with that ending.
    case nearest([String])
    /// The folder directly below the nearest folder with one of these names, as Swift targets are below `Sources`.
    case below([String])
}
