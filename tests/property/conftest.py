"""The cast and the county are those of the service requests' own tests."""

from tests.service_requests.conftest import cast, county_data

__all__ = ["cast", "county_data"]
