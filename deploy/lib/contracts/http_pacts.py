"""The contracts over HTTP: the partner's POST against the running service, the callback against the partner's part."""

import contextlib
import json
import socket
import subprocess
import tempfile

from pact import Verifier

from harness.processes import free_ports
from harness.waiting import wait_until

from .pacts import PACTS, silence, words

# What `intake simulate` wants to see, as in the contract.
AUTHORIZATION = "demo-partner-token"


def check_partner(findings, system):
    """The partner's POST, against IngestService."""
    def prepare(state):
        if state == "PACT-DUPLICATE was sent before":
            system.post("PACT-DUPLICATE")
    _verify(findings, "partner-intake.json", "intake", system.intake.port, prepare)


def check_callback(findings, executables):
    """The callback, against the partner that `intake simulate` plays."""
    port, nobody = free_ports(2)
    # Its own request finds nobody, and so it waits for callbacks as long as it is let.
    with tempfile.TemporaryFile() as output, subprocess.Popen(
            [executables / "intake", "simulate", "--count", "1", "--url", f"http://127.0.0.1:{nobody}",
             "--callback-port", str(port), "--callback-authorization", AUTHORIZATION],
            stdout=output, stderr=output) as simulation:
        try:
            wait_until(lambda: _listens(port), 20, "intake simulate takes callbacks")
            _verify(findings, "intake-partner-callback.json", "partner", port, lambda state: None)
        finally:
            simulation.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                simulation.wait(10)
            simulation.kill()


def _listens(port):
    socket.create_connection(("127.0.0.1", port), 1).close()
    return True


def _verify(findings, name, provider, port, prepare):
    pact = json.loads((PACTS / name).read_text())
    with silence():
        verifier = (
            Verifier(provider, host="127.0.0.1").add_transport(protocol="http", port=port)
            .state_handler(prepare, teardown=False).add_source(PACTS / name))
        with contextlib.suppress(RuntimeError):  # What failed is in the results.
            verifier.verify()
        results = {result["description"]: result for result in verifier.results["interactionResults"]}
    for interaction in pact["interactions"]:
        result = results.get(interaction["description"])
        holds = result is not None and result["result"] == "OK"
        findings.expect(holds, f"{name}: {interaction['description']}", result and words(result))
