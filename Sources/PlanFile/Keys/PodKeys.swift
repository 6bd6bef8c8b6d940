import Model

/// The keys of `executors.yaml` that describe the pods of a cluster.
enum PodKeys {
    static let image = Key.optional(
        "image", .text("an image", check: wordProblem), otherwise: "none; `kubernetes` needs it",
        meaning: "Image of the pods. It has this program, Git and what workers and checks call.")
    static let context = Key.optional(
        "context", .text("a context", check: wordProblem), otherwise: "the current one",
        meaning: "Entry of `kubeconfig` that names the cluster.")
    static let namespace = Key.optional(
        "namespace", .text("a namespace", check: labelProblem), otherwise: "that of the context",
        meaning: "Namespace of the pods.")
    static let secrets = Key.optional(
        "secrets", .list("a list of `NAME=secret/key`", of: secret), default: [],
        meaning: "Variables from Secrets of the namespace. The values never leave the cluster.")
    static let serviceAccount = Key.optional(
        "service_account", .text("a service account", check: nameProblem), otherwise: "the namespace's default",
        meaning: "Service account of the pods. Its token is not mounted.")
    static let pullSecrets = Key.optional(
        "pull_secrets", .list("a list of names", of: .text("a name", check: nameProblem)), default: [],
        meaning: "Secrets with which the image is pulled.")
    static let nodeSelector = Key.optional(
        "node_selector", .list("a list of `label=value`", of: .text("`label=value`", check: labelValueProblem)),
        default: [], meaning: "Labels that the nodes of the pods must have.")
    static let tolerations = Key.optional(
        "tolerations", .list("a list of taints", of: toleration), default: [],
        meaning: "Taints that the pods accept, as `key`, `key:Effect` or `key=value:Effect`.")
    static let annotations = Key.optional(
        "annotations", .list("a list of `key=value`", of: .text("`key=value`", check: pairProblem)), default: [],
        meaning: "Annotations of the pods.")
    static let user = Key.optional(
        "user", .positive, otherwise: "that of the image",
        meaning: "Number of the user and group in the container; it is then checked that it is not root.")
    static let runtimeClass = Key.optional(
        "runtime_class", .text("a runtime class", check: nameProblem), otherwise: "the cluster's default",
        meaning: "Runtime class of the pods, such as that of gVisor.")

    static let all: [any AnyKey] = [
        image, context, namespace, secrets, serviceAccount, pullSecrets, nodeSelector, tolerations, annotations, user,
        runtimeClass,
    ]

    /// Reports keys of pods at an executor of another kind.
    static func settings(
        _ fields: Fields, isCluster: Bool, executor: String
    ) throws(Fields.Incomplete) -> PodSettings? {
        guard isCluster else {
            for (name, place) in written(fields) {
                fields.context.findings.error(
                    "'executors.\(name)' is for 'kind: kubernetes', and executor '\(executor)' is of another kind",
                    at: place, hint: "leave it out")
            }
            return nil
        }
        guard let image = fields.written(image) else {
            if fields.node(of: image) == nil {
                fields.context.findings.error(
                    "executor '\(executor)' has no image", at: fields.place,
                    hint: "name one under 'image'; docs/executors.md says how to make it")
            }
            return nil
        }
        let plain = Set((fields.written(ExecutorEntryKeys.environment) ?? []).map { split($0).key })
        for secret in fields.written(secrets) ?? [] where plain.contains(secret.variable) {
            fields.context.findings.error(
                "executor '\(executor)' sets \(secret.variable) under 'environment' and under 'secrets'",
                at: fields.place(of: secrets), hint: "leave one of them out")
        }
        return PodSettings(
            image: image, context: fields.written(context), namespace: fields.written(namespace),
            secrets: try fields.value(secrets), serviceAccount: fields.written(serviceAccount),
            pullSecrets: try fields.value(pullSecrets), nodeSelector: pairs(try fields.value(nodeSelector)),
            tolerations: try fields.value(tolerations), annotations: pairs(try fields.value(annotations)),
            user: fields.written(user), runtimeClass: fields.written(runtimeClass))
    }

    private static func written(_ fields: Fields) -> [(String, Place)] {
        func entry<Value>(_ key: Key<Value>) -> (String, Place)? { fields.node(of: key).map { (key.name, $0.place) } }
        return [
            entry(image), entry(context), entry(namespace), entry(secrets), entry(serviceAccount), entry(pullSecrets),
            entry(nodeSelector), entry(tolerations), entry(annotations), entry(user), entry(runtimeClass),
        ].compactMap { $0 }
    }

    // MARK: Words

    private static func split(_ text: String) -> (key: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "")
    }

    private static func pairs(_ entries: [String]) -> [String: String] {
        entries.reduce(into: [:]) { result, entry in
            let (key, value) = split(entry)
            result[key] = value
        }
    }

    private static let secret = Kind<String>.text("`NAME=secret/key`", check: secretProblem).map { text, _ in
        let (variable, reference) = split(text)
        let parts = reference.split(separator: "/", maxSplits: 1).map(String.init)
        return PodSettings.Secret(variable: variable, name: parts[0], key: parts[1])
    }

    private static let toleration = Kind<String>.text("a taint", check: taintProblem).map { text, _ in
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let (key, value) = split(parts[0])
        return PodSettings.Toleration(
            key: key, value: parts[0].contains("=") ? value : nil, effect: parts.count > 1 ? parts[1] : nil)
    }

    @Sendable private static func wordProblem(_ text: String) -> TextProblem? {
        text.hasPrefix("-") || text.contains(where: \.isWhitespace)
            ? TextProblem(message: "expected one word that does not begin with '-'") : nil
    }

    @Sendable private static func labelProblem(_ text: String) -> TextProblem? {
        text.wholeMatch(of: #/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/#) == nil
            ? TextProblem(message: "expected small letters, digits and '-', at most 63") : nil
    }

    @Sendable private static func nameProblem(_ text: String) -> TextProblem? {
        text.wholeMatch(of: #/[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?/#) == nil
            ? TextProblem(message: "expected small letters, digits, '-' and '.'") : nil
    }

    @Sendable private static func secretProblem(_ text: String) -> TextProblem? {
        text.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*=[a-z0-9]([-.a-z0-9]*[a-z0-9])?\/[-._A-Za-z0-9]+/#) == nil
            ? TextProblem(
                message: "expected NAME=secret/key", hint: "such as ANTHROPIC_API_KEY=models/anthropic") : nil
    }

    @Sendable private static func labelValueProblem(_ text: String) -> TextProblem? {
        let value = #/[-.\/A-Za-z0-9_]+=([A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?)?/#
        return text.wholeMatch(of: value) == nil ? TextProblem(message: "expected label=value") : nil
    }

    @Sendable private static func pairProblem(_ text: String) -> TextProblem? {
        text.wholeMatch(of: #/[-.\/A-Za-z0-9_]+=.*/#) == nil ? TextProblem(message: "expected key=value") : nil
    }

    @Sendable private static func taintProblem(_ text: String) -> TextProblem? {
        let taint = #/[-.\/A-Za-z0-9_]+(=[-._A-Za-z0-9]*)?(:(NoSchedule|PreferNoSchedule|NoExecute))?/#
        return text.wholeMatch(of: taint) == nil
            ? TextProblem(
                message: "expected key, key:Effect or key=value:Effect",
                hint: "the effects are NoSchedule, PreferNoSchedule and NoExecute") : nil
    }
}
