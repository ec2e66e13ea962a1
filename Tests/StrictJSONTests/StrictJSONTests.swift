// Tests of StrictJSON
