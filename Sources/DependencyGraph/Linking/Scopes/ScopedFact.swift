/// What the facts of a file say in the languages whose names are found from scope to scope: Java, Kotlin, Scala and C#.
///
/// Scopes are numbered in the order of the facts that open them, from 1; scope 0 is the file itself. `FileFact.scope` is
/// the scope that a fact stands in.
enum ScopedFact: UInt8 {
    /// Opens the scope of a package or namespace; the text may have dots.
    case package = 1
    /// Opens the scope of a class, interface, object, …; the text is its name.
    case type
    /// Opens a scope that nobody can name: an anonymous class, or a block with imports of its own.
    case block
    /// A supertype of the type whose scope the fact stands in; the text is a chain of names.
    case base
    /// An import; the text is a chain of names. `value` is the scope in which its first name is looked up.
    case using
    /// The name under which the `using` before it is known here.
    case alias
    /// Declares a field, function or property, by name.
    case value
    /// Uses a chain of names: `A`, `A.B`, `a.b.C`; `value` counts how often.
    case reference
    /// The name under which other languages know the top-level members of this file.
    case facade
    /// A path to another project, as a project file writes it.
    case project

    /// Flags of `package`, `type` and `block`.
    enum Scope {
        /// Nothing outside of the file can name it.
        static let isPrivate: UInt8 = 1
        /// One of several parts of a type.
        static let partial: UInt8 = 2
        /// Its members are members of the type around it: a companion object.
        static let merged: UInt8 = 4
        /// Declared in a function body: nothing outside of the block can name it.
        static let local: UInt8 = 8
    }

    /// Flags of `using`.
    enum Using {
        static let isStatic: UInt8 = 1
        static let wildcard: UInt8 = 2
        /// Holds for all files of the project.
        static let global: UInt8 = 4
        /// The first name is looked up from the root only.
        static let absolute: UInt8 = 8
    }

    /// Flags of `value`.
    enum Value {
        static let isPrivate: UInt8 = 1
        /// Called on a value of another type.
        static let isExtension: UInt8 = 2
        /// A method: it can only be called, so no type is hidden by it.
        static let isMethod: UInt8 = 4
    }

    /// Flags of `reference`.
    enum Reference {
        /// A variable of that name comes before a type.
        static let value: UInt8 = 1
        /// Follows a dot behind a value: only an extension can be meant.
        static let member: UInt8 = 2
        /// An attribute, whose name may leave out `Attribute` at its end.
        static let attribute: UInt8 = 4
        /// Called, or used as an operator: a function comes before a type.
        static let call: UInt8 = 8
        /// A member of a partial type, by its plain name: another part may declare it.
        static let own: UInt8 = 16
        /// A value can be meant, not only a type.
        static let any = value | call | member
    }
}
