"""The runs of Schemathesis: one as a partner, one as the organisation's staff, who read what partners read."""

import dataclasses
import json
import os
import subprocess

from harness.api import STAFF_READ_TOKEN, STAFF_WRITE_TOKEN, TOKEN
from harness.processes import REPOSITORY


@dataclasses.dataclass
class Pass:
    """One run: whose tokens, which operations, and which part of the time."""
    name: str
    tokens: dict
    operations: tuple
    share: float

    def chosen_from(self, wanted):
        """Of the operations that are wanted (all when none is named), those that it looks at; none named means all."""
        return tuple(name for name in wanted if name in (self.operations or wanted)) if wanted else self.operations


PASSES = (
    Pass("partner", {"partner": TOKEN, "staffWrite": STAFF_WRITE_TOKEN}, (), 0.8),
    Pass("staff", {"staffRead": STAFF_READ_TOKEN}, ("listRequests", "getRequest"), 0.2),
)

# Redirects are answers of ours, to be looked at and not followed. An order of requests that is the same at each run:
# one worker, one seed, no examples of earlier runs.
CONFIGURATION = """\
seed = {seed}
workers = 1
max-redirects = 0
request-timeout = 40
continue-on-failure = true

[cache]
enabled = false

[generation]
database = "none"

# The tokens are the demo's, and without the headers no curl command repeats anything.
[output.sanitization]
enabled = false

# Half of the ids in paths are those of the seeds, as made-up ones only ever get 404.
[dictionaries.requests]
values = {ids}

[parameters]
"path.id" = {{ dictionary = "requests", probability = 0.5 }}

[auth.openapi]
{tokens}
"""


def phases(options):
    """What is run: chains of requests only among all operations, as links lead from one to another."""
    return options.phases or "examples,coverage,fuzzing" + ("" if options.operation else ",stateful")


def run(command, chosen, options, url, ids, directory):
    """Runs one pass; returns whether everything was as the document says."""
    configuration = directory / f"{chosen.name}.toml"
    tokens = "\n".join(f"{scheme} = {{ bearer = {json.dumps(token)} }}" for scheme, token in chosen.tokens.items())
    configuration.write_text(CONFIGURATION.format(seed=options.seed, ids=json.dumps(ids), tokens=tokens))
    arguments = [
        command, "--config-file", configuration, "run", options.document or f"{url}/openapi.yaml", "--url", url,
        "--checks", "all", "--phases", phases(options), "--max-time", round(options.seconds * chosen.share),
        "--max-examples", options.examples, "--report", "ndjson", "--report-ndjson-path",
        directory / f"{chosen.name}.ndjson"]
    for operation in chosen.chosen_from(options.operation):
        arguments += ["--include-operation-id", operation]
    environment = dict(
        os.environ, PYTHONPATH=str(REPOSITORY / "deploy/lib"), PYTHONDONTWRITEBYTECODE="1",
        SCHEMATHESIS_HOOKS="conformance.rules")
    return subprocess.run(list(map(str, arguments)), cwd=directory, env=environment).returncode == 0
