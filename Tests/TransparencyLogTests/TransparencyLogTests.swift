// Tests of TransparencyLog
