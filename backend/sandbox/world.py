"""The state of the pretended WeChat and everything that can happen to it."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from backend.sandbox import rules
from backend.sandbox.rules import Refusal
from backend.sandbox.store import Store

_ID_LENGTH = 28


@dataclass(frozen=True)
class Account:
    """The mini-program this sandbox stands for, and where it is told of events."""

    app_id: str = "wx5a4d0b0c5a4d0b0c"
    app_secret: str = field(default="5a4d0b0c5a4d0b0c5a4d0b0c5a4d0b0c", repr=False)
    push_url: str = ""
    push_token: str = field(default="sandboxpushtoken", repr=False)
    encoding_aes_key: str = field(default="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", repr=False)


class World:
    """Answers are values; what WeChat would not do raises Refusal."""

    def __init__(self, store: Store, account: Account, pages: Sequence[str] = ()) -> None:
        self.store = store
        self._initial = (account, tuple(pages))
        if store.get("account") is None:
            self._set_up()

    def reset(self) -> None:
        """As if just made: no people, templates, messages, faults; the clock right again."""
        with self.store.transaction():
            self.store.clear()
            self._set_up()

    def _set_up(self) -> None:
        account, pages = self._initial
        self.store.put("account", asdict(account))
        self.store.put("pages", list(pages))
        self.store.put("words", rules.DEFAULT_WORDS)
        self.store.put("media_verdicts", [])
        self.store.put("push_delay", 0)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self.store.put("clock_offset", self.store.get("clock_offset", 0) + seconds)

    @property
    def account(self) -> Account:
        return Account(**self.store.get("account"))

    def set_push(self, **changes: str) -> None:
        """Change where and how events are told; any field of Account."""
        self.store.put("account", self.store.get("account") | changes)

    # --- people and their codes ---------------------------------------------------------------

    def person(self, name: str) -> str:
        """The openid of the person of that name, always the same one."""
        digest = hashlib.sha256(f"{self.account.app_id}:{name}".encode()).hexdigest()
        openid = "o" + digest[: _ID_LENGTH - 1]
        self.add_person(openid, name)
        return openid

    def add_person(self, openid: str, name: str | None = None, unionid: str | None = None) -> None:
        self.store.execute(
            "INSERT INTO people (openid, name, unionid) VALUES (?, ?, ?) ON CONFLICT (openid)"
            " DO UPDATE SET name = coalesce(excluded.name, name),"
            " unionid = coalesce(excluded.unionid, unionid)",
            openid,
            name,
            unionid,
        )

    def block(self, openid: str, blocked: bool = True) -> None:
        self.store.execute("UPDATE people SET blocked = ? WHERE openid = ?", blocked, openid)

    def issue_code(self, openid: str) -> str:
        """What ``wx.login`` gives: works once, for five minutes."""
        self.add_person(openid)
        return self._issue(openid=openid)

    def issue_phone_code(self, phone: str) -> str:
        """What the button ``getPhoneNumber`` gives: works once, for five minutes."""
        return self._issue(phone=phone)

    def _issue(self, *, openid: str | None = None, phone: str | None = None) -> str:
        code = secrets.token_hex(16)
        self.store.execute(
            "INSERT INTO codes VALUES (?, ?, ?, ?, NULL)", code, openid, phone, self.store.now()
        )
        return code

    def sign_in(self, code: str) -> dict[str, Any]:
        """jscode2session after the credentials were checked."""
        with self.store.transaction():
            demo = re.fullmatch(r"demo-(\w[\w-]{0,31})", code)
            openid = self.person(demo[1]) if demo else self._use_code(code, "openid", 40163)
            person = self._known(openid)
            if person["blocked"]:
                raise Refusal(40226)
            self._visit(openid)
        answer = {"openid": openid, "session_key": secrets.token_urlsafe(16)[:22] + "=="}
        return answer | ({"unionid": person["unionid"]} if person["unionid"] else {})

    def phone_number(self, code: str) -> str:
        """Eleven digits, without the country code."""
        demo = re.fullmatch(r"phone-(1\d{10})", code)
        with self.store.transaction():
            return demo[1] if demo else self._use_code(code, "phone", 40029)

    def _use_code(self, code: str, column: str, again: int) -> str:
        found = self.store.row("SELECT * FROM codes WHERE code = ?", code)
        if found is None or found[column] is None:
            raise Refusal(40029)
        if found["used_at"] is not None:
            raise Refusal(again)
        if self.store.now() - found["issued_at"] > rules.CODE_LIFETIME_SECONDS:
            raise Refusal(40029)
        self.store.execute("UPDATE codes SET used_at = ? WHERE code = ?", self.store.now(), code)
        return str(found[column])

    def _visit(self, openid: str) -> None:
        self.store.execute(
            "UPDATE people SET visited_at = ? WHERE openid = ?", self.store.now(), openid
        )

    def _known(self, openid: Any) -> dict[str, Any]:
        found = self.store.row("SELECT * FROM people WHERE openid = ?", str(openid))
        if found is None:
            raise Refusal(40003)
        return found

    # --- access tokens ------------------------------------------------------------------------

    def stable_token(self, force: bool) -> dict[str, Any]:
        """The same token until its last five minutes; then a new one while the old still works.

        Forcing ends the old one at once; within 30 s of the last forcing it does nothing, and the
        20th of a day is the last.
        """
        with self.store.transaction():
            now = self.store.now()
            current = self.store.row(
                "SELECT * FROM tokens WHERE NOT revoked AND ends_at > ? ORDER BY rowid DESC"
                " LIMIT 1",
                now,
            )
            if force and current:
                forced = self.store.rows(
                    "SELECT issued_at FROM tokens WHERE forced AND issued_at > ?", now - 86400
                )
                if len(forced) >= rules.FORCED_REFRESHES_PER_DAY:
                    raise Refusal(45009)
                last = max((row["issued_at"] for row in forced), default=0.0)
                if now - last >= rules.FORCED_REFRESH_GAP_SECONDS:
                    self.store.execute("UPDATE tokens SET revoked = 1")
                    current = None
            elif current and current["ends_at"] - now <= rules.TOKEN_OVERLAP_SECONDS:
                current = None
            if current is None:
                current = {
                    "token": f"sandbox_{secrets.token_hex(32)}",
                    "ends_at": now + rules.TOKEN_LIFETIME_SECONDS,
                }
                self.store.execute(
                    "INSERT INTO tokens VALUES (?, ?, ?, ?, 0)",
                    current["token"],
                    now,
                    current["ends_at"],
                    force,
                )
        return {"access_token": current["token"], "expires_in": int(current["ends_at"] - now)}

    def revoke_tokens(self) -> None:
        """Make every token out there worthless, as somebody else's forced refresh does."""
        self.store.execute("UPDATE tokens SET revoked = 1")

    def check_token(self, token: str | None) -> None:
        if not token:
            raise Refusal(41001)
        found = self.store.row("SELECT * FROM tokens WHERE token = ?", token)
        if found is None or found["revoked"]:
            raise Refusal(40001)
        if found["ends_at"] <= self.store.now():
            raise Refusal(42001)

    # --- subscription messages ----------------------------------------------------------------

    def register_template(
        self, template_id: str, title: str, fields: Iterable[Mapping[str, str]], kind: str
    ) -> None:
        """``fields``: ``[{"key": "thing1", "label": "类型"}]``; kind one_time or long_term."""
        listed = [{"key": item["key"], "label": item["label"]} for item in fields]
        wrong = [item["key"] for item in listed if rules.value_type(item["key"]) is None]
        if wrong or not listed or kind not in ("one_time", "long_term"):
            raise Refusal(40097, f"template {', '.join(wrong)}")
        self.store.execute(
            "INSERT OR REPLACE INTO templates VALUES (?, ?, ?, ?)",
            template_id,
            title,
            kind,
            json.dumps(listed, ensure_ascii=False),
        )

    def templates(self) -> list[dict[str, Any]]:
        rows = self.store.rows("SELECT * FROM templates ORDER BY rowid")
        return [row | {"fields": json.loads(row["fields"])} for row in rows]

    def _template(self, template_id: Any) -> dict[str, Any]:
        found = [row for row in self.templates() if row["template_id"] == template_id]
        if not found:
            raise Refusal(40037)
        return found[0]

    def set_pages(self, pages: Iterable[str]) -> None:
        """The pages of the release."""
        self.store.put("pages", [rules.page_path(page) for page in pages])

    def check_page(self, page: Any) -> None:
        if not isinstance(page, str) or rules.page_path(page) not in self.store.get("pages"):
            raise Refusal(41030)

    def answer_popup(self, openid: str, results: Sequence[Mapping[str, str]]) -> None:
        """The person answered the question for messages: each accept is one send.

        A long-term template stays granted until it is rejected.
        """
        with self.store.transaction():
            self._known(openid)
            for result in results:
                template = self._template(result["template_id"])
                accepted = result["outcome"] == "accept"
                if accepted and template["kind"] == "one_time":
                    self._add_credit(openid, template["template_id"], 1)
                elif accepted or template["kind"] == "long_term":
                    self._set_credit(openid, template["template_id"], 1 if accepted else 0)

    def switch_off(self, openid: str, template_ids: Iterable[str]) -> None:
        """The person turned templates off in WeChat's settings: every credit is gone."""
        for template_id in template_ids:
            self._set_credit(openid, template_id, 0)

    def credits(self, openid: str) -> dict[str, int]:
        rows = self.store.rows("SELECT * FROM credits WHERE openid = ? AND count > 0", openid)
        return {row["template_id"]: row["count"] for row in rows}

    def _set_credit(self, openid: str, template_id: str, count: int) -> None:
        self.store.execute(
            "INSERT OR REPLACE INTO credits VALUES (?, ?, ?)", openid, template_id, count
        )

    def _add_credit(self, openid: str, template_id: str, change: int) -> None:
        self._set_credit(openid, template_id, self.credits(openid).get(template_id, 0) + change)

    def send(self, body: Mapping[str, Any]) -> int:
        """Deliver a subscription message; its id. Only a delivery uses up a credit."""
        with self.store.transaction():
            openid = self._known(body.get("touser"))["openid"]
            template = self._template(body.get("template_id"))
            page, lang = body.get("page"), body.get("lang", "zh_CN")
            state = body.get("miniprogram_state", "formal")
            if page:
                self.check_page(page)
            if lang not in ("zh_CN", "en_US", "zh_HK", "zh_TW"):
                raise Refusal(40097, "lang")
            if state not in ("developer", "trial", "formal"):
                raise Refusal(40097, "miniprogram_state")
            keys = [item["key"] for item in template["fields"]]
            values = rules.check_values(keys, body.get("data"))
            if not self.credits(openid).get(template["template_id"]):
                raise Refusal(43101)
            if template["kind"] == "one_time":
                self._add_credit(openid, template["template_id"], -1)
            return self.store.execute(
                "INSERT INTO messages (openid, template_id, page, content, lang, state, sent_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                openid,
                template["template_id"],
                page,
                json.dumps(values, ensure_ascii=False),
                lang,
                state,
                self.store.now(),
            )

    def messages(self, openid: str | None = None) -> list[dict[str, Any]]:
        """What lies in the person's chat list (everybody's without an openid), newest first."""
        templates = {row["template_id"]: row for row in self.templates()}
        rows = self.store.rows(
            "SELECT * FROM messages WHERE ?1 IS NULL OR openid = ?1 ORDER BY id DESC", openid
        )
        listed = []
        for row in rows:
            content = json.loads(row.pop("content"))
            template = templates.get(row["template_id"], {"title": "", "fields": []})
            fields = [
                {"label": item["label"], "key": item["key"], "value": content.get(item["key"], "")}
                for item in template["fields"]
            ]
            listed.append(row | {"title": template["title"], "fields": fields})
        return listed

    # --- content ------------------------------------------------------------------------------

    def judge_text(self, openid: Any, text: str) -> tuple[str, int]:
        """(suggest, label). The person must have been here within two hours."""
        person = self._known(openid)
        visited_at = person["visited_at"]
        if visited_at is None or self.store.now() - visited_at > rules.VISIT_LIFETIME_SECONDS:
            raise Refusal(61010)
        return rules.judge(text, self.store.get("words"))

    def judge_media(self, url: str) -> tuple[str, int]:
        """(suggest, label) of an image, by the rules set for its address; else it passes."""
        for rule in self.store.get("media_verdicts"):
            if rule["part"] in url:
                return rule["suggest"], int(rule["label"])
        return rules.PASS, 100

    def known_openid(self, openid: Any) -> str:
        """The openid, if it exists. Raises Refusal 40003."""
        return str(self._known(openid)["openid"])

    # --- faults and the record of calls -------------------------------------------------------

    def add_fault(self, path: str, kind: str, times: int | None, options: dict[str, Any]) -> None:
        """``times`` None: until cleared."""
        self.store.execute(
            "INSERT INTO faults (path, kind, options, remaining) VALUES (?, ?, ?, ?)",
            path,
            kind,
            json.dumps(options),
            times,
        )

    def clear_faults(self) -> None:
        self.store.execute("DELETE FROM faults")

    def take_fault(self, path: str) -> tuple[str, dict[str, Any]] | None:
        """The oldest fault ordered for the path, or for any path (``*``)."""
        with self.store.transaction():
            found = self.store.row(
                "SELECT * FROM faults WHERE path IN (?, '*') ORDER BY id LIMIT 1", path
            )
            if found is None:
                return None
            if found["remaining"] is not None:
                left = found["remaining"] - 1
                self.store.execute(
                    "UPDATE faults SET remaining = ? WHERE id = ?", left, found["id"]
                )
                self.store.execute("DELETE FROM faults WHERE remaining <= 0")
            return found["kind"], json.loads(found["options"])

    def record_call(self, path: str, errcode: int | None, fault: str | None) -> None:
        self.store.execute(
            "INSERT INTO calls (path, errcode, fault, at) VALUES (?, ?, ?, ?)",
            path,
            errcode,
            fault,
            self.store.now(),
        )

    def calls(self, path: str | None = None) -> list[dict[str, Any]]:
        """Every call to WeChat's own addresses, oldest first."""
        return self.store.rows(
            "SELECT path, errcode, fault, at FROM calls WHERE ?1 IS NULL OR path = ?1 ORDER BY id",
            path,
        )
