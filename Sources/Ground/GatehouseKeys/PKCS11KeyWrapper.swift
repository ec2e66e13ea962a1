import CPKCS11
public import Envelope
import Foundation
import Synchronization

/// A root key in a device: an AES-256 key, marked sensitive and not extractable, that wraps with AES-GCM inside the token.
///
/// The key is made in the token where no key has the label yet. Calls to the device are made one at a time.
public final class PKCS11KeyWrapper: KeyWrapper {
    /// Tells this wrapper from others.
    public let identifier: KeyID
    private let session: Mutex<PKCS11Session>

    /// Loads the module, logs in and finds the key.
    ///
    /// - Throws: ``EnvelopeError`` with code `unavailable`.
    public init(_ address: PKCS11Address) throws {
        identifier = KeyID(
            bytes: Derivation.bytes(
                from: Array("\(address.token)\u{0}\(address.object)".utf8), salt: [], info: Array("gatehouse device key".utf8), count: 8))
        session = Mutex(try PKCS11Session(address))
    }

    /// Wraps material for a context.
    public func wrap(_ material: KeyMaterial, for context: KeyContext) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let sealed = try material.withBytes { bytes in
            try session.withLock { try $0.run(.encrypt, bytes, nonce: nonce, data: context.encoded) }
        }
        return nonce + sealed
    }

    /// Unwraps material of a context.
    public func unwrap(_ wrapped: [UInt8], for context: KeyContext) throws -> KeyMaterial {
        guard wrapped.count > 28 else { throw EnvelopeError(.malformed, "the bytes are not wrapped by a device") }
        var bytes = try session.withLock {
            try $0.run(.decrypt, Array(wrapped.dropFirst(12)), nonce: Array(wrapped.prefix(12)), data: context.encoded)
        }
        return try KeyMaterial(&bytes)
    }
}

/// One logged-in session with a token.
@safe
final class PKCS11Session: @unchecked Sendable {  // used under its owner's lock only
    private let functions: UnsafeMutablePointer<CK_FUNCTION_LIST>
    private let session: CK_SESSION_HANDLE
    private let key: CK_OBJECT_HANDLE

    enum Direction { case encrypt, decrypt }

    init(_ address: PKCS11Address) throws {
        unsafe functions = try unsafe Self.load(address.modulePath)
        let slot = try unsafe Self.slot(labelled: address.token, functions)
        var session: CK_SESSION_HANDLE = 0
        try unsafe check(
            functions.pointee.C_OpenSession(slot, CK_FLAGS(CKF_SERIAL_SESSION | CKF_RW_SESSION), nil, nil, &session), "open a session")
        self.session = session
        var pin = try Self.pin(address)
        defer { wipe(&pin) }
        let status = unsafe functions.pointee.C_Login(session, CK_USER_TYPE(CKU_USER), &pin, CK_ULONG(pin.count))
        if status != CKR_USER_ALREADY_LOGGED_IN { try check(status, "log in") }
        key = try unsafe Self.key(labelled: address.object, functions, session)
    }

    deinit { _ = unsafe functions.pointee.C_CloseSession(session) }

    /// AES-GCM inside the token, with a tag of 16 bytes.
    func run(_ direction: Direction, _ input: [UInt8], nonce: [UInt8], data: [UInt8]) throws -> [UInt8] {
        var (input, nonce, data) = (input, nonce, data)
        defer { wipe(&input) }
        var output = [UInt8](repeating: 0, count: input.count + 32)
        var length = CK_ULONG(output.count)
        try unsafe nonce.withUnsafeMutableBufferPointer { nonce in
            try unsafe data.withUnsafeMutableBufferPointer { data in
                var parameters = unsafe CK_GCM_PARAMS(
                    pIv: nonce.baseAddress, ulIvLen: CK_ULONG(nonce.count), ulIvBits: CK_ULONG(nonce.count * 8), pAAD: data.baseAddress,
                    ulAADLen: CK_ULONG(data.count), ulTagBits: 128)
                try unsafe withUnsafeMutableBytes(of: &parameters) { raw in
                    var mechanism = unsafe CK_MECHANISM(
                        mechanism: CK_MECHANISM_TYPE(CKM_AES_GCM), pParameter: raw.baseAddress, ulParameterLen: CK_ULONG(raw.count))
                    if direction == .encrypt {
                        try unsafe check(functions.pointee.C_EncryptInit(session, &mechanism, key), "encrypt")
                        try unsafe check(functions.pointee.C_Encrypt(session, &input, CK_ULONG(input.count), &output, &length), "encrypt")
                    } else {
                        try unsafe check(functions.pointee.C_DecryptInit(session, &mechanism, key), "decrypt")
                        let status = unsafe functions.pointee.C_Decrypt(session, &input, CK_ULONG(input.count), &output, &length)
                        guard status == CKR_OK else {
                            throw EnvelopeError(.notAuthentic, "the device refuses the wrapped key (0x\(String(status, radix: 16)))")
                        }
                    }
                }
            }
        }
        defer { wipe(&output) }
        return Array(output.prefix(Int(length)))
    }

    private static func load(_ path: String) throws -> UnsafeMutablePointer<CK_FUNCTION_LIST> {
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = unsafe dlsym(handle, "C_GetFunctionList") else {
            throw EnvelopeError(.unavailable, "cannot load the PKCS#11 module `\(path)`")
        }
        typealias Entry = @convention(c) (UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>?) -> CK_RV
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        let status = unsafe unsafeBitCast(symbol, to: Entry.self)(&list)
        guard status == CKR_OK, let functions = unsafe list else { throw EnvelopeError(.unavailable, "`\(path)` is not a PKCS#11 module") }
        let initialized = unsafe functions.pointee.C_Initialize(nil)
        if initialized != CKR_CRYPTOKI_ALREADY_INITIALIZED { try check(initialized, "initialize the module") }
        return unsafe functions
    }

    private static func slot(labelled label: String, _ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>) throws -> CK_SLOT_ID {
        var count: CK_ULONG = 0
        try unsafe check(functions.pointee.C_GetSlotList(1, nil, &count), "list the tokens")
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
        try unsafe check(functions.pointee.C_GetSlotList(1, &slots, &count), "list the tokens")
        for slot in slots.prefix(Int(count)) {
            var info = CK_TOKEN_INFO()
            guard unsafe functions.pointee.C_GetTokenInfo(slot, &info) == CKR_OK else { continue }
            let name = unsafe withUnsafeBytes(of: &info.label) { unsafe String(decoding: $0, as: UTF8.self) }
            if name.trimmingCharacters(in: .whitespaces) == label { return slot }
        }
        throw EnvelopeError(.unavailable, "no token is labelled `\(label)`")
    }

    private static func pin(_ address: PKCS11Address) throws -> [UInt8] {
        if let value = address.pinValue { return Array(value.utf8) }
        guard let path = address.pinSource, let data = FileManager.default.contents(atPath: path) else {
            throw EnvelopeError(.unavailable, "cannot read the file with the token's PIN")
        }
        return [UInt8](data).filter { $0 != 10 && $0 != 13 }
    }

    /// The key with a label, made where there is none.
    private static func key(
        labelled label: String, _ functions: UnsafeMutablePointer<CK_FUNCTION_LIST>, _ session: CK_SESSION_HANDLE
    ) throws -> CK_OBJECT_HANDLE {
        var (found, count): (CK_OBJECT_HANDLE, CK_ULONG) = (0, 0)
        try unsafe PKCS11Template([.class: CK_ULONG(CKO_SECRET_KEY)], label: label).withAttributes { attributes, size in
            try unsafe check(functions.pointee.C_FindObjectsInit(session, attributes, size), "look for the key")
            try unsafe check(functions.pointee.C_FindObjects(session, &found, 1, &count), "look for the key")
            try unsafe check(functions.pointee.C_FindObjectsFinal(session), "look for the key")
        }
        if count == 1 { return found }
        let template = PKCS11Template(
            [.class: CK_ULONG(CKO_SECRET_KEY), .keyType: CK_ULONG(CKK_AES), .valueLength: 32], label: label,
            flags: [.token: true, .isPrivate: true, .sensitive: true, .extractable: false, .encrypt: true, .decrypt: true])
        var made: CK_OBJECT_HANDLE = 0
        try unsafe template.withAttributes { attributes, size in
            var mechanism = unsafe CK_MECHANISM(mechanism: CK_MECHANISM_TYPE(CKM_AES_KEY_GEN), pParameter: nil, ulParameterLen: 0)
            try unsafe check(functions.pointee.C_GenerateKey(session, &mechanism, attributes, size, &made), "make the key")
        }
        return made
    }
}

/// The attributes of an object, with the memory that they point to.
struct PKCS11Template {
    enum Number: Hashable { case `class`, keyType, valueLength }
    enum Flag: Hashable { case token, isPrivate, sensitive, extractable, encrypt, decrypt }

    private let entries: [(type: CK_ATTRIBUTE_TYPE, bytes: [UInt8])]

    init(_ numbers: [Number: CK_ULONG], label: String, flags: [Flag: Bool] = [:]) {
        var entries: [(CK_ATTRIBUTE_TYPE, [UInt8])] = [(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(label.utf8))]
        for (number, value) in numbers {
            entries.append((number.type, unsafe withUnsafeBytes(of: value) { unsafe Array($0) }))
        }
        for (flag, value) in flags { entries.append((flag.type, [value ? 1 : 0])) }
        self.entries = entries
    }

    func withAttributes<T>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) throws -> T) throws -> T {
        var memory = Array(entries.map(\.bytes).joined())
        return try unsafe memory.withUnsafeMutableBytes { memory in
            var offset = 0
            var attributes = unsafe entries.map { entry in
                defer { offset += entry.bytes.count }
                return unsafe CK_ATTRIBUTE(
                    type: entry.type, pValue: memory.baseAddress?.advanced(by: offset), ulValueLen: CK_ULONG(entry.bytes.count))
            }
            let count = CK_ULONG(entries.count)
            return try unsafe attributes.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { throw EnvelopeError(.unavailable, "an empty template") }
                return try unsafe body(start, count)
            }
        }
    }
}

extension PKCS11Template.Number {
    fileprivate var type: CK_ATTRIBUTE_TYPE {
        switch self {
        case .class: CK_ATTRIBUTE_TYPE(CKA_CLASS)
        case .keyType: CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE)
        case .valueLength: CK_ATTRIBUTE_TYPE(CKA_VALUE_LEN)
        }
    }
}

extension PKCS11Template.Flag {
    fileprivate var type: CK_ATTRIBUTE_TYPE {
        switch self {
        case .token: CK_ATTRIBUTE_TYPE(CKA_TOKEN)
        case .isPrivate: CK_ATTRIBUTE_TYPE(CKA_PRIVATE)
        case .sensitive: CK_ATTRIBUTE_TYPE(CKA_SENSITIVE)
        case .extractable: CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE)
        case .encrypt: CK_ATTRIBUTE_TYPE(CKA_ENCRYPT)
        case .decrypt: CK_ATTRIBUTE_TYPE(CKA_DECRYPT)
        }
    }
}

private func check(_ status: CK_RV, _ action: String) throws {
    guard status == CKR_OK else {
        throw EnvelopeError(.unavailable, "the PKCS#11 device cannot \(action): error 0x\(String(status, radix: 16))")
    }
}
