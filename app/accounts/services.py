"""What a person changes about their own account."""

from django.contrib.auth.base_user import AbstractBaseUser

from .constants import Theme
from .models import User


def choose_theme(*, user: "User | AbstractBaseUser", theme: str) -> None:
    """Keep the theme; anything unknown means the device's own."""
    chosen = theme if theme in Theme.values else Theme.SYSTEM
    User.objects.filter(pk=user.pk).update(theme=chosen)
