"""The demo's first page: choose a person, see their phone and what WeChat brings them.

The page plays WeChat for the mini-program in its frames: it signs people in, asks for messages and
telephone numbers as WeChat does, and shows what arrived. ``site`` holds it as plain files.
"""

from backend.sandbox.demo_page.blueprint import demo_page

__all__ = ["demo_page"]
