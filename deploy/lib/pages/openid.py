"""An OpenID provider of others' making, in a process of its own."""

import json
import subprocess
import sys
import urllib.request

from harness.processes import free_ports
from harness.waiting import wait_until

# As sign-in.yaml says who may what.
PEOPLE = {
    "grace": {"email": "grace@chapter.example", "email_verified": True, "name": "Grace Hopper",
              "groups": ["staff", "coordinators"]},
    "gus": {"email": "gus@elsewhere.example", "email_verified": True, "name": "Gus Guest", "groups": ["guests"]},
    "orla": {"email": "orla@ops.example", "email_verified": True, "name": "Orla Ops",
             "realm_access": {"roles": ["intake-operator"]}},
}


class OpenIDProvider:
    """oidc-provider-mock, in a process of its own."""

    def __init__(self, directory):
        self.port = free_ports(1)[0]
        self.log = directory / "oidc-provider.log"
        self.process = None

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        command = [sys.executable, "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self.is_there, 30, "the OpenID provider answers")
        for name, claims in PEOPLE.items():
            request = urllib.request.Request(
                f"{self.issuer}/users/{name}", json.dumps(claims).encode(), {"content-type": "application/json"},
                method="PUT")
            urllib.request.urlopen(request, timeout=5).close()

    def is_there(self):
        with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=2) as answer:
            return answer.status == 200

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
            self.process = None
