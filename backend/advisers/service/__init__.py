"""Use cases of advisers; each function owns its transaction."""

from backend.advisers.service.ledger import Service, record_service

__all__ = ["Service", "record_service"]
