"""``python -m backend …``"""

from backend.cli import cli

cli(prog_name="python -m backend")
