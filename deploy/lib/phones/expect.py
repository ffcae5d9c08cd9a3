"""Writes telephone numbers as people do, and what libphonenumber makes of each: `text TAB +number;ext=1`, a line each.

Run with the interpreter that has phonenumbers: expect.py CASES SEED
"""

import random
import sys

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

EXTENSIONS = (
    "x5", " x 5", " ext. 5", " ext5", " Ext: 5", ", ext. 12", ", ext 12", ",5", ",,12", ";ext=12", " extn 5",
    " extension 123", "#5", " #5", " int 5", " x.5", "~5", " EXT 5", " ｅｘｔ 5", " ｘ5", " anexo 5", " доб. 5",
    " extensión 5", " - ext 5", " x5#", " 503#",
)
AROUND = (
    ("\u202a", "\u202c"), ("\u2066", "\u2069"), ("\u200e", ""), ("\ufeff", ""), (" ", "\u00a0"),
    ("\u2068\u202d", "\u202c\u2069"))
SEPARATORS = ("-", ".", " ", "\u00a0", "\u2013", "\u2011", "/", "", "\u200b", "\u00ad-", " - ", "\uff0d")


def american(area, generator):
    """A number of the area code, in a dozen writings."""
    exchange = f"{generator.randint(2, 9)}{generator.randint(0, 9)}{generator.randint(0, 9)}"
    line = f"{generator.randint(0, 9999):04}"
    for separator in SEPARATORS:
        yield separator.join((area, exchange, line))
    yield from (
        f"({area}) {exchange}-{line}", f"+1 ({area}) {exchange}-{line}", f"1 {area} {exchange} {line}",
        f"tel:+1-{area}-{exchange}-{line}", f"+1{area}{exchange}{line}", f"({area}){exchange}.{line}",
        f"011 1 {area} {exchange} {line}", f"[{area}] {exchange}-{line}")
    yield f"({area}) {exchange}-{line}" + generator.choice(EXTENSIONS)
    before, after = generator.choice(AROUND)
    yield f"{before}+1 ({area}) {exchange}-{line}{after}"


def numbers(generator):
    """Texts of every kind."""
    for area in range(200, 1000):
        yield from american(str(area), generator)
    # Exchanges that are services elsewhere.
    for area in ("800", "833", "844", "855", "866", "877", "888"):
        for service in ("211", "311", "411", "511", "611", "711", "811", "911"):
            yield f"{area}-{service}-7246"
    kinds = [value for name, value in vars(PhoneNumberType).items() if name.isupper() and isinstance(value, int)]
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    examples = [phonenumbers.example_number_for_type(region, kind) for region in regions for kind in sorted(kinds)]
    without_region = sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)
    examples += [phonenumbers.example_number_for_non_geo_entity(code) for code in without_region]
    for number in filter(None, examples):
        international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        rfc3966 = phonenumbers.format_number(number, PhoneNumberFormat.RFC3966)
        yield from (international, e164, rfc3966, "011" + e164[1:])
        yield international.replace(" ", generator.choice(SEPARATORS[:8]))
        yield international + generator.choice(EXTENSIONS)
        before, after = generator.choice(AROUND)
        yield before + international + after
        code, national = str(number.country_code), phonenumbers.national_significant_number(number)
        region = phonenumbers.region_code_for_number(number) or "ZZ"
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
        if prefix := metadata and metadata.national_prefix:
            yield f"+{code} ({prefix}){national}"
            yield f"+{code} ({prefix}) {national[:2]} {national[2:]}"
            yield f"+{code} {prefix}{national}"


def is_refused_on_purpose(number):
    """Whether IngestService refuses what libphonenumber takes: see PhoneNumber.swift.

    Exchanges such as 411 in area codes that belong to an area, and special numbers of fewer than seven digits with
    their country code, or of seven in America.
    """
    national = phonenumbers.national_significant_number(number)
    if number.country_code != 1:
        return len(str(number.country_code) + national) < 7
    return len(national) != 10 or national[4:6] == "11" and national[1] != national[2]


def expected(text):
    """The normal form of a valid number; None of anything else."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or is_refused_on_purpose(number):
        return None
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def main():
    """Says how many texts there are, and how many of them are asked about."""
    cases, generator = sys.argv[1], random.Random(int(sys.argv[2]))
    total = valid = 0
    with open(cases, "w", encoding="utf-8") as output:
        for text in numbers(generator):
            total += 1
            number = expected(text)
            if number:
                valid += 1
                output.write(f"{text}\t{number}\n")
    print(f"{total} texts, {valid} of them valid numbers")


if __name__ == "__main__":
    main()
