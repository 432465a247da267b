"""Starts the gateway simulator, runs one public IB client against it, and tells how that went.

usage: run_client.py GATEWAY DATA_FOLDER CLIENT...   CLIENT is a command; it gets PORT and ADMIN_PORT as its last arguments.
"""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    gateway, data, *client = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="robo_clients_") as state:
        server = subprocess.Popen([gateway, data, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            words = server.stdout.readline().split()
            if len(words) != 4:
                print(f"the gateway did not start: {words}")
                return 1
            port, admin = words[1], words[3]
            environment = dict(os.environ, NODE_PATH="")
            done = subprocess.run([*client, port, admin], env=environment, timeout=150, check=False)
            if server.poll() is not None:
                print(f"the gateway ended by itself with {server.returncode}")
                return 1
            return done.returncode
        finally:
            if server.stdin is not None:
                server.stdin.close()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                print("the gateway did not stop when asked")
                return_code = 1
                sys.exit(return_code)


if __name__ == "__main__":
    sys.exit(main())
