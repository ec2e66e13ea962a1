// Tests of HTTPWire
