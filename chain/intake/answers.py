"""Skolverket's answers per school unit (Planned Educations v4): statistics of the compulsory school, and the register.

Each file holds one answer as {"json": {"status", "message", "body"}}; the bare answer is read as well.
"""

import gzip
import json
import tarfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from chain.intake import csvtext
from chain.intake.rules import EXISTS, FATAL, SKOLVERKET, VALUE_TYPES, WARNING, Found, PublishedValue, UnitFact, _mark
from chain.intake.skolverket import municipality_code, organiser_kind
from chain.result.rules import COUNTRY

STATISTICS, REGISTER, COUNTRYWIDE = "statistics", "register", "national"
LARGEST_FILE = 50_000_000  # bytes; a real answer is about 12 000, the largest table 2 000 000
LARGEST_ARCHIVE = 200_000_000  # bytes unpacked
MOST_FILES = 20_000

# fmt: off
MEASURES: dict[str, tuple[str, str, str]] = {  # field -> indicator, subject, year group
    "averageGradesMeritRating9thGrade": ("merit_rating", "", "9"),
    "ratioOfPupilsIn9thGradeWithAllSubjectsPassed": ("all_subjects_passed", "", "9"),
    "ratioOfPupilsIn6thGradeWithAllSubjectsPassed": ("all_subjects_passed", "", "6"),
    "ratioOfPupils9thGradeEligibleForNationalProgramYR": ("eligible_vocational", "", "9"),
    "ratioOfPupils9thGradeEligibleForNationalProgramES": ("eligible_higher_arts", "", "9"),
    "ratioOfPupils9thGradeEligibleForNationalProgramSAEKHU": ("eligible_higher_social", "", "9"),
    "ratioOfPupils9thGradeEligibleForNationalProgramNATE": ("eligible_higher_science", "", "9"),
    "certifiedTeachersQuota": ("qualified_teachers", "", ""),
    "studentsPerTeacherQuota": ("pupils_per_teacher", "", ""),
    "specialEducatorsQuota": ("special_educators", "", ""),
    "specialTeacherPositions": ("special_teacher_positions", "", ""),
    "totalNumberOfPupils": ("pupils_rounded", "", ""),
    **{
        f"averageResultNationalTestsSubject{name}{year}thGrade": ("national_test_points", subject, year)
        for name, subject in (("SVE", "SV"), ("SVA", "SVA"), ("ENG", "EN"), ("MA", "MA")) for year in ("6", "9")
    },
}
FORMS = {
    "fs": "FS", "fsk": "FKLASS", "fklass": "FKLASS", "fth": "FTH", "oppfth": "OPPFTH", "gr": "GR", "gran": "GRAN",
    "sp": "SP", "sam": "SAM", "gy": "GY", "gyan": "GYAN", "vux": "VUX", "sfi": "VUXSFI",
}
# fmt: on

CUT_JSON = _mark("{file}, rad {row}: filen är inte hel JSON ({value}): den är avkortad. Hämta den på nytt.")
NOT_OK = _mark("{file}: Skolverket svarade {value} i stället för OK. Hämta svaret på nytt.")
BAD_FIELD = _mark("{file}, {column}: ”{value}” går inte att läsa. Hämta svaret på nytt.")
NEW_TYPE = _mark("{file}, {column}: värdetypen {value} är okänd och värdet har inte lästs. Anmäl det till förvaltaren.")
BAD_UNIT = _mark("{file}: ”{value}” är inte en skolenhetskod med åtta siffror. Hämta svaret på nytt.")
BAD_ARCHIVE = _mark("{file} går inte att packa upp: arkivet är avkortat eller skadat. Hämta det på nytt.")
BAD_NAME = _mark("{file} innehåller namnet ”{value}”, som inte får finnas i ett arkiv. Filen läses inte.")
TOO_LARGE = _mark("{file} är för stor för att läsas ({value}). Ta bort det som inte hör till inläsningen.")


def answer(text: str, found: Found) -> dict[str, Any] | None:
    """Return the body of an answer of a known kind, or None after telling why not (an unknown kind tells nothing)."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of too many digits
        row = getattr(error, "lineno", 1)
        found.tell(FATAL, CUT_JSON, row=row, value=getattr(error, "msg", "för djup"))
        return None
    inner = content.get("json", content) if isinstance(content, dict) else None
    body = inner.get("body") if isinstance(inner, dict) else None
    if isinstance(inner, dict) and inner.get("status", "OK") != "OK" and "message" in inner:
        found.tell(FATAL, NOT_OK, value=str(inner["status"]))
    elif isinstance(body, dict) and "schoolUnit" in body:
        found.kind = STATISTICS
    elif isinstance(body, dict) and {"code", "typeOfSchooling"} <= body.keys():
        found.kind = REGISTER
    elif isinstance(body, dict) and body.keys() & MEASURES.keys():
        found.kind = COUNTRYWIDE
    return body if found.kind else None


def read(found: Found, body: dict[str, Any], municipality: str) -> None:
    """Read one answer; statistics name no municipality, so the caller keeps those of its units. Those of the whole country
    (`statistics/national-values/gr`) are as a unit's, and name no unit."""
    if found.kind == COUNTRYWIDE:
        found.values.extend(_statistics(found, COUNTRY, body))
        found.rows = 1
        return
    code = str(body.get("schoolUnit", body.get("code")))
    if not csvtext.CODE.fullmatch(code):
        found.tell(FATAL, BAD_UNIT, value=code)
    elif found.kind == STATISTICS:
        found.values.extend(_statistics(found, code, body))
        found.rows = 1
        found.codes.append(code)
    elif municipality_code(str(body.get("geographicalAreaCode", ""))) == municipality:
        found.units.append(_unit(found, code, body))
        found.rows = 1


def _statistics(found: Found, code: str, body: dict[str, Any]) -> Iterator[PublishedValue]:
    for name, measure in MEASURES.items():
        yield from _series(found, code, name, body.get(name) or [], measure)


def _series(found: Found, code: str, name: str, points: Any, measure: tuple[str, str, str]) -> Iterator[PublishedValue]:
    for point in points if isinstance(points, list) else [points]:
        if not isinstance(point, dict):
            found.tell(FATAL, BAD_FIELD, column=name, value=str(point))
        elif point.get("timePeriod") is None and point.get("value") is None:
            found.undated += 1
        else:
            value = _value(found, code, name, point, measure)
            if value is not None:
                yield value


def _value(found: Found, code: str, name: str, point: dict[str, Any], measure: tuple[str, str, str]) -> PublishedValue | None:
    shown, kind, period = str(point.get("value") or ""), str(point.get("valueType")), str(point.get("timePeriod"))
    read = csvtext.published(shown)
    if kind not in VALUE_TYPES:
        found.tell(WARNING, NEW_TYPE, column=name, value=kind)
        return None
    if read is None or (kind == EXISTS) != (read[1] == EXISTS):
        found.tell(FATAL, BAD_FIELD, column=name, value=f"{shown} {kind} {period}")
        return None
    return PublishedValue(code, *measure, period, read[0], kind, shown, SKOLVERKET, found.file)


def _unit(found: Found, code: str, body: dict[str, Any]) -> UnitFact:
    number = str(body.get("organisationRegistryNumber") or "")
    words = str(body.get("principalOrganizerType") or "")
    kind = organiser_kind(words, number)
    if kind is None:
        found.tell(FATAL, BAD_FIELD, column="principalOrganizerType", value=words)
    listed = body["typeOfSchooling"]
    schooling = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    forms = tuple(FORMS.get(str(part.get("code")).casefold(), str(part.get("code")).upper()) for part in schooling)
    years = tuple(str(year) for part in schooling for year in list(part.get("schoolYears") or []))
    organiser = str(body.get("corporationName") or "")
    return UnitFact(1, code, str(body.get("name") or code), kind or "", organiser, number, forms, years)


def unpacked(data: bytes, found: Found) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the files in a tar.gz, in memory only; names and sizes are guarded.

    Nothing is written to disk. A name that climbs or is absolute, a link, and too many or too large files are fatal.
    """
    size = 0
    try:
        with gzip.open(BytesIO(data)) as packed, tarfile.open(fileobj=packed, mode="r:") as archive:
            for count, member in enumerate(archive, 1):
                size += member.size
                if not _allowed(found, member, count, size):
                    return
                content = archive.extractfile(member)
                if content is not None:
                    yield member.name, content.read()
            while packed.read(1_000_000):  # to the checksum at the end: only there does a late cut show
                size += 1_000_000
                if size > LARGEST_ARCHIVE:
                    break
    except (tarfile.TarError, EOFError, OSError, zlib.error):
        found.tell(FATAL, BAD_ARCHIVE)


def _allowed(found: Found, member: tarfile.TarInfo, count: int, size: int) -> bool:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
        found.tell(FATAL, BAD_NAME, value=member.name)
    elif member.size > LARGEST_FILE or size > LARGEST_ARCHIVE or count > MOST_FILES:
        found.tell(FATAL, TOO_LARGE, value=member.name)
    else:
        return True
    return False
