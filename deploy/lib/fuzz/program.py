"""The program that libFuzzer drives: Intake's modules compiled once more, with coverage, linked with all else as it is.

The package is not built a second time with other flags: that would compile every dependency again, many times what there
is to instrument. The commands are those that SwiftPM's native build system has written into its manifest (`debug.yaml`)
for the tests, with other places to write to and `-sanitize`. Without optimisation: with it there is no coverage to see.
"""

import hashlib
import json
import pathlib
import re
import subprocess
import sys

from soak.processes import REPOSITORY

ROOT = "FuzzTests"
# In place of glibc's own malloc, which is the one that AddressSanitizer replaces.
LEFT_OUT = {"-ljemalloc"}


class Module:
    """A Swift module of the package: how it is compiled, and what must be before it."""

    def __init__(self, name, arguments, inputs):
        self.name = name
        self.arguments = arguments
        self.sources = [path for path in inputs if path.endswith(".swift")]
        self.imported = {pathlib.Path(path).stem for path in inputs if path.endswith(".swiftmodule")}


def build(place, with_addresses, skip_build):
    """Compiles what has changed, links, and returns the program."""
    if not skip_build:
        subprocess.run(["swift", "build", "--build-tests"], cwd=REPOSITORY, check=True)
    shown = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    binaries = pathlib.Path(shown.stdout.strip())
    manifest = (REPOSITORY / ".build/debug.yaml").read_text()
    modules = _modules(manifest)
    sanitizers = "fuzzer,address" if with_addresses else "fuzzer"
    place = place / sanitizers.replace(",", "-")
    (place / "Modules").mkdir(parents=True, exist_ok=True)
    chosen = _in_order(modules, ROOT)
    digests = {}
    for name in chosen:
        _compile(modules[name], place, binaries, sanitizers, digests)
    return _link(manifest, modules, chosen, place, binaries, sanitizers)


def _modules(manifest):
    """The modules whose sources are the package's own, by name."""
    pattern = re.compile(
        r'^  "C\.(\w+)-[^"]*-debug\.module":\n    tool: shell\n    inputs: (\[.*\])\n(?:    .*\n)*?    args: (\[.*\])$', re.M)
    found = {}
    for match in pattern.finditer(manifest):
        module = Module(match[1], json.loads(match[3]), json.loads(match[2]))
        if any(_is_own(path) for path in module.sources):
            found[module.name] = module
    if ROOT not in found:
        sys.exit(f"fuzz: the build's manifest does not say how {ROOT} is compiled; was it built by another build system?")
    return found


def _is_own(path):
    return any(pathlib.Path(path).is_relative_to(REPOSITORY / folder) for folder in ("Sources", "Tests"))


def _in_order(modules, name, order=None):
    """A module and what it imports of the package, each behind what it imports itself."""
    order = [] if order is None else order
    if name not in order:
        for imported in sorted(modules[name].imported & modules.keys()):
            _in_order(modules, imported, order)
        order.append(name)
    return order


def _compile(module, place, binaries, sanitizers, digests):
    arguments = _redirected(module, place, binaries) + [f"-sanitize={sanitizers}"]
    digest = hashlib.sha256(json.dumps(arguments).encode())
    for imported in sorted(module.imported & digests.keys()):
        digest.update(digests[imported].encode())
    for path in module.sources:
        digest.update(path.encode() + b"\0" + pathlib.Path(path).read_bytes())
    digests[module.name] = digest.hexdigest()
    stamp = place / f"{module.name}.digest"
    if stamp.exists() and stamp.read_text() == digests[module.name]:
        return
    print(f"Compiling {module.name} for libFuzzer", flush=True)
    stamp.unlink(missing_ok=True)
    _run(arguments)
    stamp.write_text(digests[module.name])


def _redirected(module, place, binaries):
    """The command with its outputs in another place, and the modules there before the others."""
    work = place / f"{module.name}.build"
    work.mkdir(exist_ok=True)
    originals = binaries / f"{module.name}.build"
    outputs = (originals / "output-file-map.json").read_text().replace(str(originals), str(work))
    (work / "output-file-map.json").write_text(outputs)
    changed, rest = [], iter(module.arguments)
    for argument in rest:
        match argument:
            case "-emit-module-path":
                next(rest)
                changed += [argument, str(place / f"Modules/{module.name}.swiftmodule"), "-I", str(place / "Modules")]
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


def _link(manifest, modules, chosen, place, binaries, sanitizers):
    """All objects of the tests' program, but for the tests' own and its entry; ours are the instrumented ones."""
    product = next(iter(sorted(binaries.glob("*PackageTests.product"))))
    objects = [pathlib.Path(line.strip().strip("'\"")) for line in
               (product / "Objects.LinkFileList").read_text().splitlines()]
    replaced = {f"{name}.build" for name in modules}
    kept = [path for path in objects if not _is_replaced(path, binaries, replaced)]
    kept += [path for name in chosen for path in sorted((place / f"{name}.build").rglob("*.o"))]
    (place / "objects").write_text("".join(f"{path}\n" for path in kept))
    link = re.search(rf'"C\.{product.stem}-[^"]*-debug\.test":\n(?:    .*\n)*?    args: (\[.*\])$', manifest, re.M)
    libraries = [argument for argument in json.loads(link[1])
                 if argument.startswith(("-l", "-L")) and argument not in LEFT_OUT]
    program = place / "fuzz"
    newest = max(path.stat().st_mtime for path in kept)
    if not program.exists() or program.stat().st_mtime < newest:
        print("Linking", flush=True)
        _run(["swiftc", f"-sanitize={sanitizers}", "-o", str(program), f"@{place / 'objects'}", *libraries])
    return program


def _is_replaced(path, binaries, replaced):
    top = path.relative_to(binaries).parts[0]
    # What is generated around the tests has the program's entry.
    return top in replaced or top.endswith(("PackageTests.build", "PackageDiscoveredTests.build"))


def _run(command):
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode != 0:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line or "undefined" in line]
        sys.exit("\n".join(errors[:20] or [done.stderr[-2000:]]))
