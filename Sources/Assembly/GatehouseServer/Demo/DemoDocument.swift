/// The OpenAPI document of the demo's shop.
enum DemoDocument {
    static let openAPI = """
        {
          "openapi": "3.1.1",
          "info": {"title": "Demo shop", "version": "1.0"},
          "paths": {
            "/items": {"get": {"operationId": "listItems", "responses": {"200": {"description": "all items", "content":
              {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}}}}},
            "/items/{id}": {"get": {"operationId": "readItem",
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}],
              "responses": {"200": {"description": "an item", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}},
                "404": {"description": "no such item"}}}},
            "/orders": {"post": {"operationId": "placeOrder", "requestBody": {"required": true, "content":
                {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}},
              "responses": {"201": {"description": "the order", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
                "400": {"description": "not an order"}}}},
            "/orders/{id}": {"get": {"operationId": "readOrder",
              "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}],
              "responses": {"200": {"description": "an order", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
                "404": {"description": "no such order"}}}},
            "/users/{name}": {"get": {"operationId": "readUser",
              "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[a-z]{1,20}$"}}],
              "responses": {"200": {"description": "a user", "content": {"application/json": {"schema": {"type": "object",
                "required": ["name", "email"], "properties": {"name": {"type": "string"}, "email": {"type": "string"}}}}}}}}},
            "/search": {"get": {"operationId": "search",
              "parameters": [{"name": "q", "in": "query", "required": true, "schema": {"type": "string", "maxLength": 40}}],
              "responses": {"200": {"description": "items that fit", "content":
                {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}}}}},
            "/slow": {"get": {"operationId": "slow", "responses": {"200": {"description": "after three seconds"}}}},
            "/crash": {"get": {"operationId": "crash", "responses": {"200": {"description": "never"}}}}
          },
          "components": {"schemas": {
            "Item": {"type": "object", "required": ["id", "name", "price"], "properties":
              {"id": {"type": "integer"}, "name": {"type": "string"}, "price": {"type": "number", "minimum": 0}}},
            "NewOrder": {"type": "object", "required": ["item", "quantity"], "additionalProperties": false, "properties":
              {"item": {"type": "integer", "minimum": 1}, "quantity": {"type": "integer", "minimum": 1, "maximum": 100}}},
            "Order": {"type": "object", "required": ["id", "owner", "item", "quantity"], "properties":
              {"id": {"type": "integer"}, "owner": {"type": "string"}, "item": {"type": "integer"}, "quantity": {"type": "integer"}}}
          }}
        }
        """
}
