"""HTTP of service requests: the resident's own, the workbench of staff, and every action."""

from backend.service_requests.routes import (
    actions,
    lookup,
    materials,
    paper,
    pressure,
    public,
    requests,
    working,
)
from backend.service_requests.routes.base import blueprint

__all__ = [
    "actions",
    "blueprint",
    "lookup",
    "materials",
    "paper",
    "pressure",
    "public",
    "requests",
    "working",
]
