"""Settings of the test suite: the product's own, in the test environment."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("COCHARTE_ENV", "test")
os.environ.setdefault("SECRET_KEY", "tests-only-" + "k" * 50)
if "COCHARTE_VAR" not in os.environ:  # the processes that this one starts inherit it
    os.environ["COCHARTE_VAR"] = tempfile.mkdtemp(prefix="cocharte-tests-")
    atexit.register(shutil.rmtree, os.environ["COCHARTE_VAR"], ignore_errors=True)

from charter_project.settings import *  # noqa: F403
from charter_project.settings import DATABASES

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
LANGUAGE_CODE = "en"  # the language of the code; a test of the French says so, and the browser asks for French
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # a file, so that other threads and processes (live server, races) see the same data
    # and no waiting for the disk: a test database outlives no power cut
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["COCHARTE_VAR"], "test.sqlite3")}  # noqa: PTH118
