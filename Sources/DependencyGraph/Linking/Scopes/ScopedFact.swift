/// The kinds of facts of languages with nested scopes: Java, Kotlin, Scala and C#.
///
/// Scopes are numbered from 1 in the order of the facts that open them. Scope 0 is the file itself. `FileFact.scope` is
/// the scope around a fact.
enum ScopedFact: UInt8 {
    /// Opens the scope of a package or namespace. The text may have dots.
    case package = 1
    /// Opens the scope of a class, interface, object and the like. The text is its name.
    case type
    /// Opens a scope without a name: an anonymous class, or a block with imports.
    case block
    /// A supertype of the type of this scope. The text is a chain of names.
    case base
    /// An import. The text is a chain of names, and `value` the scope in which the first name is looked up.
    case using
    /// The alias of the `using` before it.
    case alias
    /// Declares a field, function or property, by name.
    case value
    /// Uses a chain of names: `A`, `A.B`, `a.b.C`; `value` counts how often.
    case reference
    /// The class in which other languages see the top-level members of this file.
    case facade
    /// A path to another project, as a project file writes it.
    case project

    /// Flags of `package`, `type` and `block`.
    enum Scope {
        /// Private to the file.
        static let isPrivate: UInt8 = 1
        /// One of the parts of a partial type.
        static let partial: UInt8 = 2
        /// A companion object: its members are members of the enclosing type.
        static let merged: UInt8 = 4
        /// Declared in a function body: visible inside the block only.
        static let local: UInt8 = 8
    }

    /// Flags of `using`.
    enum Using {
        static let isStatic: UInt8 = 1
        static let wildcard: UInt8 = 2
        /// Applies to all files of the project.
        static let global: UInt8 = 4
        /// The first name is looked up from the root only.
        static let absolute: UInt8 = 8
    }

    /// Flags of `value`.
    enum Value {
        static let isPrivate: UInt8 = 1
        /// An extension, called on a value of another type.
        static let isExtension: UInt8 = 2
        /// A method. It can only be called, so it hides no type.
        static let isMethod: UInt8 = 4
    }

    /// Flags of `reference`.
    enum Reference {
        /// A variable of that name comes before a type.
        static let value: UInt8 = 1
        /// After a value and a dot: can only mean an extension.
        static let member: UInt8 = 2
        /// An attribute, whose name may omit the ending `Attribute`.
        static let attribute: UInt8 = 4
        /// Called, or used as an operator: a function comes before a type.
        static let call: UInt8 = 8
        /// A member of a partial type, by its plain name: another part may declare it.
        static let own: UInt8 = 16
        /// May mean a value, not only a type.
        static let any = value | call | member
    }
}
