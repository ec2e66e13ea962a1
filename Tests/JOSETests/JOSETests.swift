// Tests of JOSE
