extension Transformation {
    /// Sets the high bit so that every byte has an even number of ones.
    static let parityEven7bit = Transformation("parityEven7bit", triggers: .all) { input, output in
        parity(input, &output) { $0 & 1 == 0 }
    }

    fileprivate static func parity(_ input: Slice, _ output: inout ByteWriter, clearsHighBit: (Int) -> Bool) -> Bool {
        var changed = false
        for index in 0..<input.count {
            let byte = input[index]
            let result = clearsHighBit(byte.nonzeroBitCount) ? byte & 0x7f : byte | 0x80
            changed = changed || result != byte
            output.append(result)
        }
        return changed
    }
}

extension Transformation {
    /// Sets the high bit so that every byte has an odd number of ones.
    static let parityOdd7bit = Transformation("parityOdd7bit", triggers: .all) { input, output in
        parity(input, &output) { $0 & 1 == 1 }
    }
}

extension Transformation {
    /// Clears the high bit of every byte.
    static let parityZero7bit = Transformation("parityZero7bit", triggers: .high) { input, output in
        for index in 0..<input.count { output.append(input[index] & 0x7f) }
        return true
    }
}
