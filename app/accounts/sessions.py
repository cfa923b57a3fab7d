"""Sessions in the database, read by every request of whoever is signed in."""

import re
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

KEY = re.compile(r"[0-9a-z]{32}")  # how Django makes them
READ = "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own, whose reading is written once: the ORM takes longer to write it again than PostgreSQL to answer."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Whether it can be a key: what a browser made up is no session, and never reaches the database."""
        return bool(key and KEY.fullmatch(key))

    def _get_session_from_db(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None  # as Django: an unknown key, or one that has expired, is not taken over
            return None
        return self.model(session_key=str(self.session_key), session_data=found[0], expire_date=found[1])
