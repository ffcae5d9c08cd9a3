"""The standard set: what is measured, each on a stack of its own. Every scenario returns figures by name."""

import json
import pathlib
import subprocess
import time

from harness.broker import Broker

from .figures import Usage
from .stack import PARTNERS, Stack

# Of the floor: how many requests are under way at once.
WINDOW = 200
# POSTs under way at once in a burst.
CONCURRENCY = 64
# Seconds at each rate, seconds in which nothing happens, and seconds before those.
STEADY, IDLE, SETTLING = 30, 20, 30


class Missing(Exception):
    """What a scenario needs is not on this machine."""


class Scenarios:
    """All of them, with what they share: the executables, a directory, and how much of everything."""

    def __init__(self, options, say):
        self._options = options
        self._say = say
        self._number = 0

    def run(self, name):
        """One round of a scenario."""
        self._number += 1
        directory = self._options.state / f"{self._number}-{name}"
        if name == "floor":
            return self._floor(directory)
        stack = Stack(self._options, directory)
        try:
            stack.start()
            stack.warm_up()
            figures = getattr(self, "_" + name)(stack)
            if stack.intake.accidents:
                raise RuntimeError("; ".join(stack.intake.accidents))
            return figures
        finally:
            stack.stop()

    def _floor(self, directory):
        """The broker's work alone: see floor.c."""
        directory.mkdir(parents=True)
        program = directory / "floor"
        source = pathlib.Path(__file__).with_name("floor.c")
        try:
            subprocess.run(
                ["cc", "-O2", "-o", program, source, "-lrabbitmq", "-lpthread"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Missing("the floor needs cc and librabbitmq-dev") from error
        broker = Broker(1, directory)
        try:
            broker.start()
            command = [program, str(broker.nodes[0].port), str(self._options.count), str(WINDOW)]
            # Once to warm up.
            subprocess.run([*command[:2], "1000", command[3]], check=True, stdout=subprocess.DEVNULL, timeout=120)
            usage = Usage({"broker": broker.nodes[0]})
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
            found = json.loads(done.stdout)
            return {
                "told/s": found["requests"] / found["seconds"],
                "CPU broker": usage.since()["broker"] / found["requests"] * 1000}
        finally:
            for child in broker.children:
                child.end()
                if child.is_alive:
                    child.stop(30)

    def _burst(self, stack):
        """As fast as they are taken."""
        usage = stack.usage()
        report = stack.simulate(PARTNERS[0], self._options.count, concurrency=CONCURRENCY)
        memory = stack.memory()
        stack.settle()
        return _rates(report) | _latencies(report) | _cpu(usage, report) | _memory(memory) | _wrong(report)

    def _steady_300(self, stack):
        return self._steady(stack, 300)

    def _steady_75(self, stack):
        return self._steady(stack, 75)

    def _steady(self, stack, rate):
        """At a rate, whatever the answers take: each request is timed from the moment at which it was due."""
        usage = stack.usage()
        report = stack.simulate(PARTNERS[0], rate * STEADY, rate=rate, concurrency=256)
        stack.settle()
        return _latencies(report) | _cpu(usage, report) | _wrong(report)

    def _partners(self, stack):
        """Ten partners at once, each as fast as its requests are taken."""
        share = max(1, self._options.count // len(PARTNERS))
        usage = stack.usage()
        begin = time.monotonic()
        runs = [stack.begin(name, share, concurrency=max(1, CONCURRENCY // len(PARTNERS))) for name in PARTNERS]
        reports = [stack.finish(*run) for run in runs]
        seconds = time.monotonic() - begin
        stack.settle()
        total = {
            "requests": share * len(PARTNERS), "stillWaiting": sum(report["stillWaiting"] for report in reports),
            "accepted": sum(report["accepted"] for report in reports),
            "duplicates": sum(report["duplicates"] for report in reports),
            "contradictions": sum(report["contradictions"] for report in reports)}
        slowest = max(report["wholeWay"]["p99"] for report in reports)
        fastest = min(report["wholeWay"]["p99"] for report in reports)
        return {
            "told/s": total["requests"] / seconds, "whole way p99, slowest partner": slowest,
            "whole way p99, fastest partner": fastest} | _cpu(usage, total) | _wrong(total)

    def _backlog(self, stack):
        """So many wait before a stage that is not there; then it comes, and they are told."""
        count = self._options.backlog
        stage = stack.intake["decision-service"]
        with stage.lock:
            stage.stop()
            at_rest = stack.memory_of(("ingest", "geocode", "callback"))
            child, report = stack.begin(PARTNERS[0], count, concurrency=CONCURRENCY)
            while child.is_alive and stack.broker.depths().get("intake.decision", 0) < count:
                time.sleep(1)
            waiting = stack.memory_of(("ingest", "geocode", "callback"))
            begin = time.monotonic()
            stage.start()
        report = stack.finish(child, report)
        seconds = time.monotonic() - begin
        stack.settle()
        grown = {f"memory {name} grew": waiting[name][0] - at_rest[name][0] for name in waiting}
        return {"drained/s": count / seconds} | grown | _wrong(report)

    def _rest(self, stack):
        """Nothing to do."""
        # Until the requests of the warm-up are in the index of words, too, which is written in small pieces.
        time.sleep(SETTLING)
        usage = stack.usage()
        time.sleep(IDLE)
        used = usage.since()
        services = sum(seconds for name, seconds in used.items() if name != "broker")
        return {"CPU of the four, % of a core": services / IDLE * 100} | _memory(stack.memory())


def _rates(report):
    return {"told/s": report["toldPerSecond"]}


def _latencies(report):
    """Milliseconds from the POST to the 202, and to the callback."""
    return {f"{label} {name}": report[key][field]
            for key, label in (("acceptance", "202"), ("wholeWay", "whole way"))
            for field, name in (("p50", "p50"), ("p99", "p99"), ("p999", "p99.9"))}


def _cpu(usage, report):
    """Milliseconds a request."""
    used = {name: seconds / report["requests"] * 1000 for name, seconds in usage.since().items()}
    services = sum(value for name, value in used.items() if name != "broker")
    return {f"CPU {name}": value for name, value in used.items()} | {"CPU services": services}


def _memory(found):
    """MiB."""
    return {"memory resident": sum(resident for resident, _ in found.values()),
            "memory private": sum(private for _, private in found.values())} | {
        f"memory {name} private": private for name, (_, private) in found.items()}


def _wrong(report):
    lost = report["requests"] - report["accepted"] + report["stillWaiting"]
    return {"lost": lost, "duplicates": report["duplicates"], "contradictory": report["contradictions"]}
