"""What end-to-end tests ask for: the product, running."""

from tests.running import admin_url, running

__all__ = ["admin_url", "running"]
