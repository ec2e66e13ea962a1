// Tests of OpenAPI
