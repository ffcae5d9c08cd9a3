"""A program of the debug build's objects, in which some modules are compiled once more with LLVM's instrumentation.

The package is not built a second time with other flags: that would compile every dependency again, many times what
there is to instrument. The commands are those that SwiftPM's native build system has written into its manifest
(`debug.yaml`) for the tests, with other places to write to and `-sanitize`. Without optimisation: with it there is no
coverage to see.
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

from harness.processes import REPOSITORY

# In place of glibc's own malloc, which is the one that the sanitizers replace.
LEFT_OUT = {"-ljemalloc"}
IMPORT = re.compile(r"^(?:@\w+ |package )*import (?:(?:struct|class|enum|protocol|func) )?(\w+)", re.M)


class Module:
    """A Swift module of the package: how it is compiled, and from what."""

    def __init__(self, name, arguments, inputs):
        self.name = name
        self.arguments = arguments
        self.sources = [path for path in inputs if path.endswith(".swift")]

    def imported(self, modules):
        """Which of the modules its sources import. The manifest names no module of an executable."""
        texts = (pathlib.Path(path).read_text() for path in self.sources)
        return {name for text in texts for name in IMPORT.findall(text)} & modules.keys()


def build(name, roots, sanitizers, runs_tests, additions=(), skip_build=False):
    """Compiles what has changed, links, and returns the program, which lies in .build/NAME.

    - roots: modules that are instrumented, together with all of the package's that they import.
    - sanitizers: as `-sanitize` has them.
    - runs_tests: whether the program is that of the tests; else it brings no entry of its own.
    - additions: C files that are compiled with it.
    """
    if not skip_build:
        subprocess.run(["swift", "build", "--build-tests"], cwd=REPOSITORY, check=True)
    shown = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    builder = _Builder(name, pathlib.Path(shown.stdout.strip()), sanitizers)
    return builder.build(roots, runs_tests, additions)


class _Builder:
    def __init__(self, name, binaries, sanitizers):
        self._place = REPOSITORY / ".build" / name
        (self._place / "Modules").mkdir(parents=True, exist_ok=True)
        self._binaries = binaries
        self._sanitizers = sanitizers
        self._manifest = (REPOSITORY / ".build/debug.yaml").read_text()
        self._modules = self._read_modules()

    def build(self, roots, runs_tests, additions):
        if unknown := [root for root in roots if root not in self._modules]:
            sys.exit(f"The build's manifest does not say how {unknown[0]} is compiled: is it another build system's?")
        chosen = []
        for root in roots:
            self._put_in_order(root, chosen)
        digests = {}
        for name in chosen:
            # What it imports is compiled before it.
            before = [digests[imported] for imported in sorted(self._modules[name].imported(self._modules))]
            digests[name] = self._compile(self._modules[name], before)
        return self._link(chosen, runs_tests, [self._compile_addition(path) for path in additions])

    def _compile_addition(self, path):
        compiled = self._place / f"{path.stem}.o"
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            _run(["clang", "-O1", "-g", "-c", "-o", str(compiled), str(path)])
        return compiled

    def _read_modules(self):
        """The modules whose sources are the package's own, by name."""
        pattern = re.compile(
            r'^  "C\.(\w+)-[^"]*-debug\.module":\n    tool: shell\n    inputs: (\[.*\])\n'
            r'(?:    .*\n)*?    args: (\[.*\])$', re.M)
        modules = (Module(match[1], json.loads(match[3]), json.loads(match[2]))
                   for match in pattern.finditer(self._manifest))
        return {module.name: module for module in modules if any(_is_own(path) for path in module.sources)}

    def _put_in_order(self, name, order):
        """A module and what it imports, each behind what it imports itself."""
        if name not in order:
            for imported in sorted(self._modules[name].imported(self._modules)):
                self._put_in_order(imported, order)
            order.append(name)

    def _compile(self, module, before):
        """Compiles a module unless it, and what it imports, is as it was; returns a digest of both."""
        arguments = self._redirected(module) + [f"-sanitize={self._sanitizers}"]
        digest = hashlib.sha256(json.dumps([arguments, before]).encode())
        digest.update((self._place / f"{module.name}.build/output-file-map.json").read_bytes())
        for path in module.sources:
            digest.update(path.encode() + b"\0" + pathlib.Path(path).read_bytes())
        stamp = self._place / f"{module.name}.digest"
        if not stamp.exists() or stamp.read_text() != digest.hexdigest():
            print(f"Compiling {module.name} for {self._sanitizers}", flush=True)
            stamp.unlink(missing_ok=True)
            # All of it is compiled anew; what a source that is gone has left would be linked.
            for left in (self._place / f"{module.name}.build").rglob("*.o"):
                left.unlink()
            _run(arguments)
            stamp.write_text(digest.hexdigest())
        return digest.hexdigest()

    def _redirected(self, module):
        """The command with its outputs in another place, and the modules there before the others."""
        work = self._place / f"{module.name}.build"
        work.mkdir(exist_ok=True)
        originals = self._binaries / f"{module.name}.build"
        outputs = json.loads((originals / "output-file-map.json").read_text())
        # The keys are sources; a generated one stays where it is.
        moved = {source: {kind: path.replace(str(originals), str(work)) for kind, path in paths.items()}
                 for source, paths in outputs.items()}
        (work / "output-file-map.json").write_text(json.dumps(moved))
        changed, rest = [], iter(module.arguments)
        for argument in rest:
            match argument:
                case "-emit-module-path":
                    next(rest)
                    changed += [
                        argument, str(self._place / f"Modules/{module.name}.swiftmodule"), "-I",
                        str(self._place / "Modules")]
                case "-output-file-map":
                    next(rest)
                    changed += [argument, str(work / "output-file-map.json")]
                case "-index-store-path" | "-emit-objc-header-path":
                    next(rest)
                case "-emit-objc-header" | "-parseable-output" | "-incremental":
                    pass
                case _:
                    changed.append(argument)
        return changed

    def _link(self, chosen, runs_tests, additions):
        """The objects of the tests' program, some of them instrumented; without the tests where it is to run none."""
        product = next(iter(sorted(self._binaries.glob("*PackageTests.product"))))
        objects = [pathlib.Path(line.strip().strip("'\"")) for line in
                   (product / "Objects.LinkFileList").read_text().splitlines()]
        left = {f"{name}.build" for name in (chosen if runs_tests else self._modules)}
        if not runs_tests:
            left |= {f"{product.stem}.build", f"{product.stem.removesuffix('Tests')}DiscoveredTests.build"}
        # First, since of a function that several objects bring along the first is taken.
        kept = [path for name in chosen for path in sorted((self._place / f"{name}.build").rglob("*.o"))] + additions
        kept += [path for path in objects if path.relative_to(self._binaries).parts[0] not in left]
        (self._place / "objects").write_text("".join(f"'{path}'\n" for path in kept))
        command = re.search(
            rf'"C\.{product.stem}-[^"]*-debug\.test":\n(?:    .*\n)*?    args: (\[.*\])$', self._manifest, re.M)
        libraries = [argument for argument in json.loads(command[1])
                     if argument.startswith(("-l", "-L")) and argument not in LEFT_OUT]
        program = self._place / "program"
        for path in self._binaries.iterdir() if runs_tests else ():
            # What tests start, they look for beside themselves.
            link = self._place / path.name
            if path.is_file() and not path.suffix and os.access(path, os.X_OK) and not link.is_symlink():
                link.symlink_to(path)
        if not program.exists() or program.stat().st_mtime < max(path.stat().st_mtime for path in kept):
            print("Linking", flush=True)
            program.unlink(missing_ok=True)
            linking = ["swiftc", f"-sanitize={self._sanitizers}", "-o", str(program)]
            _run([*linking, f"@{self._place / 'objects'}", *libraries])
        return program


def _is_own(path):
    return any(pathlib.Path(path).is_relative_to(REPOSITORY / folder) for folder in ("Sources", "Tests"))


def _run(command):
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode != 0:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line or "undefined" in line]
        sys.exit("\n".join(errors[:20] or [done.stderr[-2000:]]))
