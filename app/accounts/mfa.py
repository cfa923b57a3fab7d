"""Second factor: secrets encrypted at rest."""

from allauth.mfa.adapter import DefaultMFAAdapter

from app.kernel.crypto import decrypt, encrypt

PURPOSE = "second factor"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds and recovery codes are encrypted with the keys of the installation."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, purpose=PURPOSE)
