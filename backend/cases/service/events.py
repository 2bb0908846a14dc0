"""What a case is called elsewhere, and what happens to it."""

SUBJECT_KIND = "case"
"""What a case is to the audit log and to notices."""

SUBMITTED, PUBLISHED, RETURNED, WITHDRAWN = (
    "case.submitted",
    "case.published",
    "case.returned",
    "case.withdrawn",
)
"""Events, each with the case's id and version."""
