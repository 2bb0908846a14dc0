"""A stand-in for api.weixin.qq.com, spoken to over real HTTP, for the demo and for tests.

It keeps WeChat's own rules, so that what works here has a fair chance there: codes that work once,
tokens that end, messages that need a credit and values that fit their type.
"""

from backend.sandbox.server import Sandbox
from backend.sandbox.world import Account

__all__ = ["Account", "Sandbox"]
