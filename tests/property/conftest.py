"""The cast is that of the service requests' own tests."""

from tests.service_requests.conftest import cast

__all__ = ["cast"]
