"""Secrets planted where real estates leak them. A test looks for each in every byte of stores and packs."""

API_KEY_VALUES = tuple(f"MARKED-SECRET-api-key-value-{number:02d}" for number in range(6))
STAGE_VARIABLE = "MARKED-SECRET-stage-variable-4711"
BEARER_TOKEN = "MARKED-SECRET-bearer-0123456789"
URL_PASSWORD = "MARKED-SECRET-url-password"
SECRET_VALUES = tuple(f"MARKED-SECRET-value-{number:02d}" for number in range(6))
TEMPLATE_PASSWORD = "MARKED-SECRET-template-password"
POLICY_TOKEN = "MARKED-SECRET-policy-token-99"
FUNCTION_SETTING = "MARKED-SECRET-function-setting-0815"
CONSOLE_PASSWORD = "MARKED-SECRET-console-Password-1!"
TAG_PASSWORD = "MARKED-SECRET-tag-password"
CLIENT_SECRETS = ("MARKED-SECRET-app-client",)

MARKED_SECRETS: tuple[str, ...] = (
    *API_KEY_VALUES,
    STAGE_VARIABLE,
    BEARER_TOKEN,
    URL_PASSWORD,
    *SECRET_VALUES,
    TEMPLATE_PASSWORD,
    POLICY_TOKEN,
    FUNCTION_SETTING,
    TAG_PASSWORD,
    *CLIENT_SECRETS,
    CONSOLE_PASSWORD,
)
