internal import CMaxMindDB
internal import Glibc
public import SecLang

/// A database of networks in MaxMind's format (GeoLite2 City or Country, DB-IP and others), read through libmaxminddb.
@safe
public final class MaxMindDatabase: GeoLookup, @unchecked Sendable {  // libmaxminddb only reads an open database
    private let database: UnsafeMutablePointer<MMDB_s>

    /// Opens a file.
    ///
    /// - Throws: `RuleFiles.Failure` with the library's reason.
    public init(path: String) throws {
        unsafe database = .allocate(capacity: 1)
        let status = unsafe MMDB_open(path, UInt32(MMDB_MODE_MMAP), database)
        guard status == MMDB_SUCCESS else {
            unsafe database.deallocate()
            throw RuleFiles.Failure(description: unsafe String(cString: MMDB_strerror(status)))
        }
    }

    deinit {
        unsafe MMDB_close(database)
        unsafe database.deallocate()
    }

    /// See `GeoLookup`.
    public func record(for address: String) -> GeoRecord? {
        var addressError: Int32 = 0
        var databaseError: Int32 = 0
        var result = unsafe MMDB_lookup_string(database, address, &addressError, &databaseError)
        guard addressError == 0, databaseError == MMDB_SUCCESS, unsafe result.found_entry else { return nil }
        var record = GeoRecord()
        record.countryCode = unsafe text(&result.entry, ["country", "iso_code"])
        record.countryName = unsafe text(&result.entry, ["country", "names", "en"])
        record.continent = unsafe text(&result.entry, ["continent", "code"])
        record.region = unsafe text(&result.entry, ["subdivisions", "0", "iso_code"])
        record.city = unsafe text(&result.entry, ["city", "names", "en"])
        record.postalCode = unsafe text(&result.entry, ["postal", "code"])
        record.latitude = unsafe text(&result.entry, ["location", "latitude"])
        record.longitude = unsafe text(&result.entry, ["location", "longitude"])
        return record
    }

    private func text(_ entry: UnsafeMutablePointer<MMDB_entry_s>, _ path: [String]) -> String {
        var data = unsafe MMDB_entry_data_s()
        var names: [UnsafePointer<CChar>?] = unsafe path.map { unsafe UnsafePointer(strdup($0)) } + [nil]
        let status = unsafe MMDB_aget_value(entry, &data, &names)
        while let name = unsafe names.popLast() { unsafe free(UnsafeMutablePointer(mutating: name)) }
        guard status == MMDB_SUCCESS, unsafe data.has_data else { return "" }
        switch unsafe data.type {
        case UInt32(MMDB_DATA_TYPE_UTF8_STRING):
            guard let start = unsafe data.utf8_string else { return "" }
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(data.data_size))
            return unsafe String(decoding: bytes, as: UTF8.self)
        case UInt32(MMDB_DATA_TYPE_DOUBLE): return unsafe String(data.double_value)
        default: return ""
        }
    }
}
