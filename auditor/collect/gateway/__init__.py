"""The calls to API Gateway: REST APIs, HTTP and WebSocket APIs, and the doors to both."""
