/// Words that compilers, linters, test runners and guards use to say what is wrong.
enum Vocabulary {
    static let words: Set<String> = Set(text.split(whereSeparator: \.isWhitespace).map { stem(String($0)) })

    /// The word without the ending of a plural, so that `1 argument` and `2 arguments` are the same.
    static func stem(_ word: String) -> String {
        guard word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us") else { return word }
        return String(word.dropLast())
    }

    private static let text = """
        abort aborted abstract accept access accessible actual add added after allocate allocated allowed already ambiguous
        annotation anonymous any applicable apply argument array assert asserting assertion assign assignable assigned
        assignment async attempt attempted attribute available await back bad base before bind binding body boolean borrow
        borrowed bound bounds branch broken buffer build built byte cache call callable called can can't cannot cannot
        case cast change changed character check checked child circular class close closed closure code coerce
        command comment commit comparison compare compatible compilation compile compiled compiler complete condition
        conflict conform connect connection const constant constraint constructor contain contained container content
        context conversion convert converted convertible copy corrupt corrupted could count crash create created cycle
        cyclic dead deadline deadlock declaration declare declared decode default defined definition deleted denied
        dependency deprecated dereference descriptor destructure dict dictionary differ difference different differs
        digit directory disabled disconnected divide division divisor doesn't don't done double down dropped duplicate
        duplicated dynamic each element else empty enabled encode encoding end ended enum equal equality equals escape
        exceed exceeded exception execute executable exhausted exist existing exists expect expectation expected explicit
        export exported expression extends external extra fail failed failing fails failure fatal field file final find
        finish finished first floating found float folder forbidden forgot format found function future generic get give
        given global got guard handle handled hash header hidden identifier ignored illegal immutable implement
        implementation implemented implicit implicitly import imported include included incompatible incomplete
        inconsistent incorrect indent indentation index infer inferred infinite inherit initialize initialized
        initializer inline input inside install installed instance instantiate instead integer interface internal
        interrupted invalid invocation iterable iterator key keyword kill killed lacks large later leak leaked
        least left len length less library lifetime limit link linker literal load loader local lock locked long loop
        low mark match matched matches match maximum member memory message method minimum mismatch mismatched missing
        module more most move moved multiple must mutable mutably name named namespace negative never new next no
        non-exhaustive not nothing nullable null-pointer number numeric object occurred off old one only open operand
        operation operator option optional out outside over overflow overlapping overload overloaded override
        overrides package panic panicked parameter parent parenthesis parse parser parsing partial passed path
        pattern permission permitted placeholder pointer position positional possible possibly precedence previous
        private program promise property protected protocol prototype provided public question quote raise raised
        raised range reached read reading readonly received recursion recursive redeclaration redeclared redefined
        redefinition refer reference referenced refused register reject rejected release remove removed repeated replace
        required require requires reserved reset resolve resolved resource rest result return returned returning
        returns right root rule runtime scope secret segment segmentation self semicolon sequence set
        shadow shadows should sign signal signature single size skip slice small sort sorted space spec
        specified stack start started statement static still stop stopped strict strictly string struct subscript
        subtract such suite super suppress suppression symbol syntax tag take takes target tear template terminated
        terminator test thread threw throw thrown throws time timed timeout token too trait trailing truncated try tuple
        type unable unary unassigned unbound uncaught unclosed undeclared undefined underflow undocumented unexpected
        unexpectedly unhandled unicode unimplemented uninitialized unique unit unknown unreachable unreadable
        unrecognized unresolved unsafe unsigned unsized unsupported unterminated until unused unwrap update use used
        using valid value variable vector version view violate violated violation virtual visible void wait waiting want
        wanted weak line column col greater less smaller bigger higher lower shorter longer earlier later footer table row
        client server key foreign primary unmatched approved mutual undocumented mutate immutable constant const
        reformat refuse regression slower faster timeout expired stale outdated vulnerable insecure licence license
        copyright whitespace blank trailing leading docstring coverage snapshot golden fixture wanted weak what when where which whitespace width without would wrap write writing wrong yield zero
        """
}
