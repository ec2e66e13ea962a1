// Tests of Envelope
