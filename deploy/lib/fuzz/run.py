"""Runs of the harnesses, each a process of its own: what ends one ends no other."""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import threading

from harness.processes import REPOSITORY

TESTS = REPOSITORY / "Tests/FuzzTests"
CORPUS = TESTS / "Corpus"
# No input takes as long as this, seconds, nor a process as much memory, MB.
LONGEST, LARGEST = 10, 2048
# The longest input, bytes. Text that is longer is refused by its length, everywhere.
LONGEST_INPUT = 16_384


def harnesses():
    """Names, and what each is about."""
    found = {}
    pattern = re.compile(r'static let \w+ = Harness\(\s*"(\w+)",\s*"([^"]+)"', re.S)
    for file in sorted((TESTS / "Harnesses").glob("*.swift")):
        found.update({match[1]: match[2] for match in pattern.finditer(file.read_text())})
    return found


@dataclasses.dataclass
class Result:
    harness: str
    executions: int = 0
    seconds: float = 0
    # Edges of the instrumented code that were reached, and inputs that are kept since each reached more.
    coverage: int = 0
    inputs: int = 0
    findings: list = dataclasses.field(default_factory=list)


class Fuzzing:
    """Runs harnesses one after the other, or several at a time."""

    def __init__(self, program, state, seconds, seed):
        self._program = program
        self._state = state
        self._seconds = seconds
        self._seed = seed
        self._lock = threading.Lock()
        self._processes = set()

    def run(self, names, jobs):
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(self._run, names))

    def stop(self):
        """Ends what still runs."""
        with self._lock:
            for process in self._processes:
                process.kill()

    def repeat(self, name, path):
        """One input; what it does is shown. Returns the exit status."""
        return subprocess.run([self._program, *self._limits(), path], env=self._environment(name)).returncode

    def _run(self, name):
        learnt = self._state / "corpus" / name
        findings = self._state / "findings"
        for folder in (learnt, findings):
            folder.mkdir(parents=True, exist_ok=True)
        before = set(findings.iterdir())
        command = [
            self._program, *self._limits(), f"-max_total_time={self._seconds:.0f}", f"-max_len={LONGEST_INPUT}",
            f"-seed={self._seed}", "-print_final_stats=1", f"-artifact_prefix={findings}/{name}-", learnt,
            CORPUS / name]
        process = subprocess.Popen(
            command, env=self._environment(name), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace")
        with self._lock:
            self._processes.add(process)
        log, _ = process.communicate()
        (self._state / f"{name}.log").write_text(log)
        result = self._read(name, log)
        result.findings = sorted(path for path in findings.iterdir()
                                 if path not in before and path.name.startswith(f"{name}-"))
        self._say(result, process.returncode, log)
        return result

    def _limits(self):
        # Leaks: a connection without a socket is in a ring with its handlers; memory that grows is seen by its size.
        return [f"-timeout={LONGEST}", f"-rss_limit_mb={LARGEST}", "-detect_leaks=0"]

    def _environment(self, name):
        # A backtrace of Swift's own disturbs AddressSanitizer, and says no more than libFuzzer does.
        return dict(os.environ, INTAKE_FUZZ_HARNESS=name, SWIFT_BACKTRACE="enable=no")

    def _read(self, name, log):
        result = Result(name)
        for executed in re.finditer(r"^stat::number_of_executed_units: *(\d+)", log, re.M):
            result.executions = int(executed[1])
        for line in re.finditer(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: \d+ corp: (\d+)", log, re.M):
            result.executions = max(result.executions, int(line[1]))
            result.coverage, result.inputs = int(line[2]), int(line[3])
        if done := re.search(r"^Done \d+ runs in (\d+) second", log, re.M):
            result.seconds = float(done[1])
        return result

    def _say(self, result, status, log):
        if status != 0 and not result.findings:
            result.findings.append(self._state / f"{result.harness}.log")
        print(f"{result.harness:<12} {result.executions:>9} inputs, {result.coverage} edges"
              + ("" if status == 0 else f"; exit status {status}"), flush=True)
        for path in result.findings:
            reasons = re.findall(r"^.*(?:Fatal error|ERROR: |SUMMARY: ).*$", log, re.M)
            print(*(f"    {reason.strip()[:300]}" for reason in reasons[:3]), sep="\n")
            print(f"    left in {path}; again: deploy/fuzz --harness {result.harness} --input {path}", flush=True)

    def table(self, results):
        lines = [f"{'harness':<12} {'inputs':>10} {'each s':>8} {'edges':>7} {'kept':>6}  found"]
        for result in results:
            rate = result.executions / result.seconds if result.seconds else 0
            lines.append(f"{result.harness:<12} {result.executions:>10} {rate:>8.0f} {result.coverage:>7} "
                         f"{result.inputs:>6}  {len(result.findings) or '-'}")
        lines.append(f"{'all':<12} {sum(result.executions for result in results):>10}")
        return "\n".join(["", *lines])

    def write(self, path, results):
        """The same as JSON."""
        content = [dict(dataclasses.asdict(result), findings=[str(found) for found in result.findings])
                   for result in results]
        pathlib.Path(path).write_text(json.dumps(content, indent=1) + "\n")
