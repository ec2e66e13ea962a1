// Tests of JSONSchema
