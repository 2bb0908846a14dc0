"""What end-to-end tests ask for: the product, running, and photos to attach."""

from tests.e2e.playing import photos
from tests.running import admin_url, running

__all__ = ["admin_url", "photos", "running"]
