"""A picture that is decoded must not hold up the other requests of a gevent worker."""

import subprocess
import sys

_PROGRAM = """
from gevent import monkey
monkey.patch_all()
import io
import gevent
from PIL import Image
from backend.attachments import rules, service

photo = io.BytesIO()
Image.effect_noise((3000, 2500), 90).convert("RGB").save(photo, "JPEG", quality=80)
beats = 0

def heart():
    global beats
    while True:
        gevent.sleep(0.005)
        beats += 1

heart = gevent.spawn(heart)
good = [gevent.spawn(service._processed, photo.getvalue(), "image/jpeg") for _ in range(4)]
bad = gevent.spawn(service._processed, b"no picture", None)
gevent.joinall([*good, bad])
heart.kill()
assert {job.value.width for job in good} == {2560}
assert isinstance(bad.exception, rules.ImageUnsupported)
print(beats)
"""


def test_other_requests_go_on_meanwhile() -> None:
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 20, "decoded in the thread of the requests, it would be five"
