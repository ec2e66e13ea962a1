/// The OpenAPI document of the demo's shop.
///
/// It says what the shop's developers meant. `/crash`, `/slow` and the home page are not in it, nor is the `password_hash` of users: the
/// traffic shows them.
enum DemoDocument {
    static let openAPI = """
        {
          "openapi": "3.1.1",
          "info": {"title": "Demo shop", "version": "1.0"},
          "paths": {
            "/items": {
              "get": {
                "operationId": "listItems",
                "responses": {
                  "200": {
                    "description": "all items",
                    "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}
                  },
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            },
            "/items/{id}": {
              "get": {
                "operationId": "readItem",
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "schema": {"type": "integer", "minimum": 1, "maximum": 2147483647}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "an item",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}
                  },
                  "404": {"$ref": "#/components/responses/Missing"},
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            },
            "/orders": {
              "post": {
                "operationId": "placeOrder",
                "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}},
                "responses": {
                  "201": {
                    "description": "the order",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                  },
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            },
            "/orders/{id}": {
              "get": {
                "operationId": "readOrder",
                "parameters": [
                  {
                    "name": "id",
                    "in": "path",
                    "required": true,
                    "schema": {"type": "integer", "minimum": 1, "maximum": 2147483647}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "an order",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                  },
                  "404": {"$ref": "#/components/responses/Missing"},
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            },
            "/users/{name}": {
              "get": {
                "operationId": "readUser",
                "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[a-z]{1,20}$"}}],
                "responses": {
                  "200": {
                    "description": "a user",
                    "content": {
                      "application/json": {
                        "schema": {
                          "type": "object",
                          "required": ["name", "email"],
                          "properties": {"name": {"type": "string"}, "email": {"type": "string", "format": "email"}}
                        }
                      }
                    }
                  },
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            },
            "/search": {
              "get": {
                "operationId": "search",
                "parameters": [
                  {
                    "name": "q",
                    "in": "query",
                    "required": true,
                    "schema": {"type": "string", "maxLength": 40, "pattern": "^[A-Za-z0-9 -]*$"}
                  }
                ],
                "responses": {
                  "200": {
                    "description": "items that fit",
                    "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}
                  },
                  "4XX": {"$ref": "#/components/responses/Refused"}
                }
              }
            }
          },
          "components": {
            "schemas": {
              "Item": {
                "type": "object",
                "required": ["id", "name", "price"],
                "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "price": {"type": "number", "minimum": 0}}
              },
              "NewOrder": {
                "type": "object",
                "required": ["item", "quantity"],
                "additionalProperties": false,
                "properties": {
                  "item": {"type": "integer", "minimum": 1, "maximum": 2147483647},
                  "quantity": {"type": "integer", "minimum": 1, "maximum": 100}
                }
              },
              "Order": {
                "type": "object",
                "required": ["id", "owner", "item", "quantity"],
                "properties": {
                  "id": {"type": "integer"},
                  "owner": {"type": "string"},
                  "item": {"type": "integer"},
                  "quantity": {"type": "integer"}
                }
              }
            },
            "responses": {
              "Missing": {
                "description": "there is none",
                "content": {
                  "application/json": {"schema": {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}}
                }
              },
              "Refused": {
                "description": "not a request that the shop takes",
                "content": {
                  "application/problem+json": {
                    "schema": {
                      "type": "object",
                      "required": ["type", "title", "status"],
                      "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}}
                    }
                  }
                }
              }
            }
          }
        }
        """
}
