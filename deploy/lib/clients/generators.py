"""How each generator is run, and the program that uses what it makes."""

import dataclasses
import pathlib
import shutil
import subprocess

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
# The last two, and what comes with the first, are what the generated Python imports.
REQUIREMENTS = (
    "openapi-python-client==0.29.1", "openapi-generator-cli==7.26.0", "python-dateutil==2.9.0.post0",
    "urllib3==2.7.0")


@dataclasses.dataclass
class Generator:
    """One of them."""
    name: str
    # Programs beside Python's that it takes.
    needs: tuple
    # Commands, given the environment's programs, the document, and the folder that is made.
    commands: object
    # What runs the program.
    program: object

    def missing(self):
        return [need for need in self.needs if not shutil.which(need)]

    def use(self, programs, document, folder, arguments, log):
        """Generates, compiles, and runs the program. Returns whether all went well; the log says what was said."""
        with open(log, "w") as output:
            steps = [*self.commands(programs, document, folder), [*self.program(programs, folder), *arguments]]
            for step in steps:
                output.write(f"$ {' '.join(map(str, step))}\n")
                output.flush()
                done = subprocess.run(
                    list(map(str, step)), stdout=output, stderr=subprocess.STDOUT, timeout=300, check=False,
                    env={"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(folder)})
                if done.returncode:
                    return False
        return True


def _python_client(programs, document, folder):
    return [[
        programs / "openapi-python-client", "generate", "--path", document, "--output-path", folder / "intake_client",
        "--meta", "none"]]


def _generator(programs, document, folder, kind, *more):
    return [programs / "openapi-generator-cli", "generate", "-g", kind, "-i", document, "-o", folder, *more]


def _generator_python(programs, document, folder):
    return [_generator(programs, document, folder, "python", "--additional-properties=packageName=intake_client")]


def _typescript(programs, document, folder):
    program = folder / "program.ts"
    return [
        _generator(programs, document, folder / "intake_client", "typescript-fetch"),
        ["cp", PROGRAMS / "typescript_fetch.ts", program],
        # The types are held, but not --strict: TypeScript 4.8, which Debian has, finds fault with the generated code.
        ["tsc", "--target", "es2020", "--module", "commonjs", "--moduleResolution", "node", "--lib", "es2020,dom",
         "--noEmitOnError", "--strictNullChecks", "--outDir", folder / "javascript", program]]


ALL = (
    Generator(
        "openapi-python-client", (), _python_client,
        lambda programs, _: [programs / "python", PROGRAMS / "openapi_python_client.py"]),
    Generator(
        "openapi-generator python", ("java",), _generator_python,
        lambda programs, _: [programs / "python", PROGRAMS / "openapi_generator_python.py"]),
    Generator(
        "openapi-generator typescript-fetch", ("java", "tsc", "node"), _typescript,
        lambda _, folder: ["node", folder / "javascript/program.js"]),
)
