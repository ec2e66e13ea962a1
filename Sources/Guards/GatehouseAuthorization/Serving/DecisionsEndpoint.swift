/// The endpoints of the Authorization API 1.0 (sections 9 and 10).
enum DecisionsEndpoint: String, CaseIterable, Sendable {
    case evaluation = "/access/v1/evaluation"
    case evaluations = "/access/v1/evaluations"
    case searchSubject = "/access/v1/search/subject"
    case searchResource = "/access/v1/search/resource"
    case searchAction = "/access/v1/search/action"
    case metadata = "/.well-known/authzen-configuration"

    /// Its name in the metadata; nil for the metadata themselves.
    var metadataName: String? {
        switch self {
        case .evaluation: "access_evaluation_endpoint"
        case .evaluations: "access_evaluations_endpoint"
        case .searchSubject: "search_subject_endpoint"
        case .searchResource: "search_resource_endpoint"
        case .searchAction: "search_action_endpoint"
        case .metadata: nil
        }
    }
}
