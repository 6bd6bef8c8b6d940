/// The pods in which a cluster of Kubernetes runs attempts.
package struct PodSettings: Codable, Sendable, Equatable {
    /// A variable with a value that only the cluster knows.
    package struct Secret: Codable, Sendable, Equatable {
        package var variable: String
        /// Name of the Secret, and the key in it.
        package var name: String
        package var key: String

        package init(variable: String, name: String, key: String) {
            self.variable = variable
            self.name = name
            self.key = key
        }
    }

    /// Lets pods run on nodes with a taint.
    package struct Toleration: Codable, Sendable, Equatable {
        package var key: String
        /// nil for any value.
        package var value: String?
        /// nil for any effect.
        package var effect: String?

        package init(key: String, value: String? = nil, effect: String? = nil) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    /// An entry of the user's `kubeconfig`; nil for the current one.
    package var context: String?
    /// nil for that of the context.
    package var namespace: String?
    package var image: String
    package var secrets: [Secret]
    /// nil for the default one of the namespace. Its token is not mounted.
    package var serviceAccount: String?
    /// Secrets with which the image is pulled.
    package var pullSecrets: [String]
    /// Labels that a node must have.
    package var nodeSelector: [String: String]
    package var tolerations: [Toleration]
    package var annotations: [String: String]
    /// Number of the user and of the group in the container; nil for the user of the image.
    package var user: Int?
    package var runtimeClass: String?

    package init(
        image: String, context: String? = nil, namespace: String? = nil, secrets: [Secret] = [],
        serviceAccount: String? = nil, pullSecrets: [String] = [], nodeSelector: [String: String] = [:],
        tolerations: [Toleration] = [], annotations: [String: String] = [:], user: Int? = nil,
        runtimeClass: String? = nil
    ) {
        self.image = image
        self.context = context
        self.namespace = namespace
        self.secrets = secrets
        self.serviceAccount = serviceAccount
        self.pullSecrets = pullSecrets
        self.nodeSelector = nodeSelector
        self.tolerations = tolerations
        self.annotations = annotations
        self.user = user
        self.runtimeClass = runtimeClass
    }
}
