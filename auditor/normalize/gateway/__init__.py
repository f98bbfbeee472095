"""API Gateway as configured and as deployed: REST APIs, HTTP and WebSocket APIs, and the doors to both."""
