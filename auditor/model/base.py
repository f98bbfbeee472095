"""What all types of the vocabulary share."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value that refuses members it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
