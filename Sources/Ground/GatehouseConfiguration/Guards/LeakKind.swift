/// What an error body may give away, as events and `errors.ignore` name it.
public enum LeakKind: String, Sendable, CaseIterable {
    /// A private key.
    case privateKey = "private_key"
    /// A key of a cloud provider.
    case cloudKey = "cloud_key"
    /// A token of a well-known service.
    case serviceToken = "service_token"
    /// A connection string with a password.
    case connectionString = "connection_string"
    /// Lines of a password file.
    case passwordFile = "password_file"
    /// Messages of MySQL and MariaDB.
    case sqlMysql = "sql_mysql"
    /// Messages of PostgreSQL.
    case sqlPostgresql = "sql_postgresql"
    /// Messages of Oracle.
    case sqlOracle = "sql_oracle"
    /// Messages of SQL Server.
    case sqlServer = "sql_server"
    /// Messages of SQLite.
    case sqlSqlite = "sql_sqlite"
    /// Messages of another database or its driver.
    case database
    /// A stack trace or error text of Java.
    case traceJava = "trace_java"
    /// A stack trace or error text of .NET.
    case traceDotnet = "trace_dotnet"
    /// A stack trace or error text of PHP.
    case tracePhp = "trace_php"
    /// A stack trace or error text of Python.
    case tracePython = "trace_python"
    /// A stack trace or error text of Ruby.
    case traceRuby = "trace_ruby"
    /// A stack trace or error text of Node.js.
    case traceNode = "trace_node"
    /// A stack trace or error text of Go.
    case traceGo = "trace_go"
    /// A stack trace or error text of Rust.
    case traceRust = "trace_rust"
    /// A stack trace or error text of Swift.
    case traceSwift = "trace_swift"
    /// A stack trace or error text of Perl.
    case tracePerl = "trace_perl"
    /// A stack trace or error text of Elixir.
    case traceElixir = "trace_elixir"
    /// A stack trace or error text of native code.
    case traceNative = "trace_native"
    /// A stack trace or error text of a framework, written as JSON.
    case traceJson = "trace_json"
    /// A path of the server's file system.
    case filePath = "file_path"
}

extension LeakKind: ConfigurationChoice {}
