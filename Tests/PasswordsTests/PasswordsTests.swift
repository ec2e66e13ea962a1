// Tests of Passwords
