"""What gunicorn serves: ``gunicorn -c backend/gunicorn_conf.py backend.wsgi:app``."""

from backend.app import create_app
from backend.kernel.settings import load_settings

app = create_app(load_settings())
