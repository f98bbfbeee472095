"""Which changes are watched, and whether a pattern of EventBridge or CloudWatch Logs would notice them."""
