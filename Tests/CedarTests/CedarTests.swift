// Tests of Cedar
