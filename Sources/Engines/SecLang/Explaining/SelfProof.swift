/// Shows that compiled rules refuse attacks that any rule set worth its name refuses.
///
/// A firewall whose rules are there but do nothing looks like one that works; whoever starts one runs this first.
public struct SelfProof: Sendable {
    /// An attack that has to be refused.
    public struct Attack: Sendable {
        /// What it is, in a few words.
        public var name: String
        /// The request target.
        public var target: String
        /// Form data; with it the request is a POST.
        public var form: String?
    }

    /// Harmless to anything but a firewall: no attack reaches a service.
    public static let attacks: [Attack] = [
        Attack(name: "SQL injection in a query", target: "/?id=1'%20UNION%20SELECT%20username,password%20FROM%20users--%20-"),
        Attack(name: "SQL injection in a form", target: "/", form: "user=admin%27+or+%271%27%3D%271%27+--+&password=x"),
        Attack(name: "script in a query", target: "/?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E"),
        Attack(name: "event handler in a form", target: "/", form: "comment=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E"),
        Attack(name: "path traversal", target: "/?file=../../../../etc/passwd"),
        Attack(name: "Unix command in a query", target: "/?host=127.0.0.1;cat%20/etc/passwd"),
        Attack(name: "PHP code in a form", target: "/", form: "x=%3C%3Fphp+system(%24_GET%5B%27c%27%5D)%3B+%3F%3E"),
        Attack(name: "Java code in a form", target: "/", form: "x=(new+java.lang.ProcessBuilder('id')).start()"),
    ]

    /// Runs the attacks in blocking mode; gives the names of those that got through, empty where all is well.
    ///
    /// - Parameter path: the path that is attacked.
    public static func attacksThatPass(_ rules: RuleSet, now: Int, path: String = "/") -> [String] {
        attacks.filter { !isRefused($0, rules, now: now, path: path) }.map(\.name)
    }

    private static func isRefused(_ attack: Attack, _ rules: RuleSet, now: Int, path: String) -> Bool {
        let transaction = Transaction(
            rules, connection: ConnectionFacts(clientAddress: "192.0.2.1"), environment: TransactionEnvironment(now: now), mode: .on)
        transaction.setRequestLine(
            method: attack.form == nil ? "GET" : "POST", target: path + attack.target.dropFirst(), version: "HTTP/1.1")
        transaction.addRequestHeader("Host", "self-proof.example")
        transaction.addRequestHeader("User-Agent", "self-proof")
        transaction.addRequestHeader("Accept", "*/*")
        if let form = attack.form {
            transaction.addRequestHeader("Content-Type", "application/x-www-form-urlencoded")
            transaction.addRequestHeader("Content-Length", String(form.utf8.count))
        }
        if transaction.processRequestHeaders() != nil { return true }
        if let form = attack.form, transaction.appendRequestBody(Array(form.utf8)) != nil { return true }
        return transaction.processRequestBody() != nil
    }
}
