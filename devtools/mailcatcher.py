"""The SMTP server of development: it accepts every mail, keeps it as a file and delivers nothing."""

import argparse
import asyncio
import secrets
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_MESSAGE_BYTES = 40 * 1024 * 1024


class KeepInFolder:
    """The handler aiosmtpd calls: one `.eml` file per message, its name sorted by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Write the message whole or not at all, its envelope in X-Envelope headers."""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        content = envelope.original_content or b""
        name = f"{time.time_ns() // 1000:017d}-{secrets.token_hex(4)}.eml"
        partial = self.folder / f"{name}.partial"
        partial.write_bytes(head.encode(errors="replace") + content)
        partial.rename(self.folder / name)
        return "250 Message kept"


async def serve(port: int, folder: Path) -> None:
    """Accept mail on 127.0.0.1 for ever."""
    handler = KeepInFolder(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="mail.invalid", data_size_limit=MAX_MESSAGE_BYTES, enable_SMTPUTF8=True),
        host="127.0.0.1",
        port=port,
    )
    print(f"Mail catcher on 127.0.0.1:{port}, messages in {folder}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Read the command line, then serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    try:
        asyncio.run(serve(chosen.port, chosen.folder))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
