"""The cast is that of the service requests' own tests."""

from tests.service_requests.conftest import cast, notice_templates

__all__ = ["cast", "notice_templates"]
