"""What gunicorn serves: ``gunicorn -c python:backend.gunicorn_conf backend.wsgi:app``."""

from backend.app import connect, create_app
from backend.kernel.settings import load_settings
from backend.web import logs

logs.configure()
_settings = load_settings()
connect(_settings)
app = create_app(_settings)
