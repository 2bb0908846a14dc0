"""How a call to WeChat can fail. None of these carries a secret, a code or WeChat's own words."""

NO_CREDIT = 43101
BAD_OPENID = 40003
BAD_TEMPLATE = 40037
BAD_PAGE = 41030
BAD_VALUE = 47003
BAD_CODE = 40029
USED_CODE = 40163
BLOCKED_USER = 40226
NOT_SEEN_LATELY = 61010

_MAY_PASS = frozenset({40001, 40014, 42001, 40125, 40164, 45009})
"""About the caller, not about what was asked: its token, its secret, its address, its quota."""


class WeChatError(Exception):
    """Any failure of a call to WeChat."""


class WeChatRefused(WeChatError):
    """WeChat answered no; asking again at once will not help.

    ``errcode`` is WeChat's; ``request_id`` is what its support asks for; ``field`` is the template
    key that was wrong (47003), where WeChat named it.
    """

    def __init__(self, errcode: int, request_id: str = "", field: str = "") -> None:
        super().__init__(f"errcode {errcode}" + (f" ({field})" if field else ""))
        self.errcode = errcode
        self.request_id = request_id
        self.field = field

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered once somebody mended what is wrong with us."""
        return self.errcode in _MAY_PASS


class WeChatBusy(WeChatError):
    """WeChat could not answer now and did nothing that matters; ask again later."""


class WeChatUnreachable(WeChatError):
    """No connection was made: surely not delivered."""


class WeChatUnknown(WeChatError):
    """It was sent and no answer came: it may have been delivered. Not to be sent again blindly."""
