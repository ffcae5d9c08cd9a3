"""Fills a store's file with made-up requests, as many and as various as a large organisation has after a year.

The service has made the schema; what it would have written in months is written here in minutes: rows in the order in
which they would have come, the index of words with the store's own key. Indices are made last, from whole tables.
"""

import datetime
import hmac
import random
import sqlite3
import unicodedata
import uuid

DAY = 86_400_000
# What organisations get, and through whom.
PARTNERS = (
    ("smokealarm-portal", "relief", 70), ("county-311", "relief", 15), ("north-portal", "northside", 10),
    *((f"portal-{number}", f"chapter-{number}", 0.5) for number in range(10)))
# City, state, ZIPs, county, point, weight.
CITIES = (
    ("Houston", "TX", range(77002, 77100), "48201", "Harris County", 29.76, -95.37, 26),
    ("Pasadena", "TX", range(77501, 77508), "48201", "Harris County", 29.69, -95.21, 3),
    ("Dallas", "TX", range(75201, 75254), "48113", "Dallas County", 32.78, -96.80, 14),
    ("Fort Worth", "TX", range(76101, 76140), "48439", "Tarrant County", 32.75, -97.33, 8),
    ("San Antonio", "TX", range(78201, 78260), "48029", "Bexar County", 29.42, -98.49, 12),
    ("Austin", "TX", range(78701, 78759), "48453", "Travis County", 30.27, -97.74, 8),
    ("El Paso", "TX", range(79901, 79938), "48141", "El Paso County", 31.76, -106.49, 4),
    ("Galveston", "TX", range(77550, 77555), "48167", "Galveston County", 29.30, -94.80, 3),
    ("New Orleans", "LA", range(70112, 70131), "22071", "Orleans Parish", 29.95, -90.07, 6),
    ("Baton Rouge", "LA", range(70801, 70821), "22033", "East Baton Rouge Parish", 30.45, -91.15, 4),
    ("Oklahoma City", "OK", range(73101, 73135), "40109", "Oklahoma County", 35.47, -97.52, 4),
    ("Tulsa", "OK", range(74101, 74137), "40143", "Tulsa County", 36.15, -95.99, 3),
    ("Little Rock", "AR", range(72201, 72212), "05119", "Pulaski County", 34.75, -92.29, 2),
    ("Miami", "FL", range(33125, 33196), "12086", "Miami-Dade County", 25.76, -80.19, 2),
    ("Gary", "IN", range(46401, 46409), "18089", "Lake County", 41.59, -87.35, 1))
GIVEN = (
    "Ada Maria José Jose John James Mary Patricia Jennifer Linda Robert Michael William David Elizabeth Barbara Richard"
    " Susan Jessica Thomas Sarah Karen Lisa Nancy Betty Sandra Ashley Emily Kimberly Donna Michelle Carol Amanda"
    " Melissa"
    " Deborah Rebecca Laura Cynthia Amy Kathleen Angela Shirley Brenda Nicole Samantha Katherine Zoë Chloé Renée Hannah"
    " Luis Carlos Juan Miguel Ángel Diego Sofía Lucía Nguyen Linh Minh Wei Ming Fatima Ahmed Omar Aisha Olu Kwame"
).split()
ROOTS = (
    "Love Smith John Williams Brown Jones Gar Mill Davis Rodri Mart Hernan Lop Gonz Wil Ander Thom Tay Moor Jack Lee"
    " Per Whit Har Sanch Clark Ram Lew Robin Walk Young All King Wri Scott Torr Ngu Hill Flor Green Ad Nels Bak Hall"
    " Riv Camp Mitch Cart Rob").split()
ENDINGS = "son er ez man ton ley field worth wood ford berg stein ski sen ard ell ing low ace by".split()
STREETS = (
    "Main Oak Pine Maple Cedar Elm Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Railroad"
    " Jackson Lincoln River Meadow Forest Franklin Highland Center Jefferson Adams Park Bagby Travis Fannin Milam"
    " Louisiana Smith Texas Prairie Preston Congress Commerce Lamar Dallas McKinney Walker Rusk Capitol").split()
SUFFIXES = "St Ave Rd Dr Ln Blvd Ct Way Pl Ter".split()
PEOPLE = [f"{GIVEN[number]} {ROOTS[number]}{ENDINGS[number % 20]}" for number in range(40)]
TEAMS = ("East", "West", "Harris County", "Installers", "Night shift", "Spanish speakers")


def folded(text):
    """As `SearchWords.folded` has it, for what is made up here."""
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)).lower()


def split(text):
    return "".join(sign if sign.isalnum() else " " for sign in folded(text)).split()


def beginnings(word):
    return [f"word:{word[:3]}", f"word:{word[:5]}"] if len(word) >= 5 else [f"word:{word[:3]}"]


class Words:
    """`SearchWords`: what stands for a request's words in the index."""

    def __init__(self, key):
        self.key = key
        self.common = {}

    def number(self, organization, word, is_common):
        place = (organization, word)
        if is_common and place in self.common:
            return self.common[place]
        digest = hmac.digest(self.key, f"{organization}\0{word}".encode(), "sha256")
        number = int.from_bytes(digest[:8], "big", signed=True)
        if is_common:
            self.common[place] = number
        return number

    def of(self, organization, theirs, name, street, city, state, zip_code, phone, email):
        texts = (name, street, city, state, zip_code, email.partition("@")[0])
        words = {word for text in texts for word in split(text)} | {phone[-4:]}
        keys = {key for word in words for key in beginnings(word)}
        found = {self.number(organization, key, True) for key in keys}
        place = f"{' '.join(split(street))} {zip_code[:5]}"
        rare = (f"id:{folded(theirs)}", f"mail:{folded(email)}", f"phone:{phone[-10:]}", f"place:{place}")
        return found | {self.number(organization, key, False) for key in rare}


class Filling:
    """Of one store."""

    def __init__(self, path, count, days=340, seed=7):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.count = count
        self.random = random.Random(seed)
        self.now = int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)
        self.first = self.now - days * DAY

    def run(self):
        """Writes everything."""
        ask = self.database.execute
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = FILE"):
            ask(f"PRAGMA {pragma}")
        indices = ask(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('request',"
            " 'timeline', 'assignment', 'audit_log', 'review', 'stage_trouble', 'dead_letter')").fetchall()
        for name, _ in indices:
            ask(f"DROP INDEX {name}")
        self.words = Words(ask("SELECT key FROM search_state").fetchone()[0])
        ask("CREATE TEMP TABLE word (word INTEGER, request INTEGER)")
        ask("BEGIN")
        for number in range(1, self.count + 1):
            self.write(number)
        ask("INSERT INTO search_word SELECT word, request FROM word ORDER BY word, request")
        ask("UPDATE search_state SET done = ?", (self.count,))
        ask("DROP TABLE word")
        for _, sql in indices:
            ask(sql)
        ask("COMMIT")
        ask("PRAGMA journal_mode = WAL")

    def close(self):
        self.database.close()

    def samples(self):
        """An old and a new request of the largest partner's, that a measurement looks for."""
        ask = """
            SELECT id, provider_request_id, name, street, phone, email, zip, city
            FROM request JOIN person USING (number)
            WHERE provider = ? AND number >= ? AND told_at IS NOT NULL ORDER BY number LIMIT 1
            """
        names = ("id", "theirs", "name", "street", "phone", "email", "zip", "city")
        return {
            age: dict(zip(names, self.database.execute(ask, (PARTNERS[0][0], number)).fetchone()))
            for age, number in (("old", self.count // 20), ("new", self.count - self.count // 40))}

    def insert(self, table, **values):
        names = ", ".join(values)
        places = ", ".join("?" * len(values))
        self.database.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(values.values()))

    def write(self, number):
        chance = self.random
        accepted = self.first + (self.now - 60_000 - self.first) * number // self.count
        identity = str(uuid.UUID(
            int=accepted << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62)))
        partner, organization, _ = chance.choices(PARTNERS, self.weights())[0]
        city, state, zips, fips, county, latitude, longitude, _ = chance.choices(CITIES, self.city_weights())[0]
        name = f"{chance.choice(GIVEN)} {chance.choice(ROOTS)}{chance.choice(ENDINGS)}"
        street = f"{chance.randrange(1, 9999)} {chance.choice(STREETS)} {chance.choice(SUFFIXES)}"
        phone = f"+1713{chance.randrange(2000000, 9999999)}"
        email = f"{folded(name).replace(' ', '.')}{chance.randrange(10000)}@example.org"
        zip_code = str(chance.choice(zips))
        theirs = f"SA-{number:07}"
        decided = accepted + chance.randrange(20, 400)
        row = {
            "number": number, "id": identity, "provider": partner, "provider_request_id": theirs,
            "organization": organization, "accepted_at": accepted, "city": city, "state": state, "zip": zip_code,
            "moved_at": decided}
        is_old = accepted < self.now - 30 * DAY
        fate = chance.random() if is_old else chance.random() * 0.9
        is_recent = number > self.count - self.count // 50
        row |= {
            "geocoded_at": accepted + 15, "latitude": latitude + chance.gauss(0, 0.15),
            "longitude": longitude + chance.gauss(0, 0.18), "precision": "zip", "location_source": "gazetteer",
            "county_fips": fips, "county": county, "uncertainty_kilometres": 8.5}
        if is_recent and fate < 0.02:
            self.review(row, number, accepted)
        else:
            self.decide(row, number, accepted, decided, fate, is_recent, is_old)
        self.insert("request", **row)
        self.insert(
            "person", number=number, name=name, street=street, phone=phone, email=email,
            need="Two alarms, one for a deaf person" if number % 17 == 0 else None)
        self.database.executemany(
            "INSERT INTO word VALUES (?, ?)",
            ((word, number) for word in self.words.of(
                organization, theirs, name, street, city, state, zip_code, phone, email)))

    def weights(self):
        return [weight for _, _, weight in PARTNERS]

    def city_weights(self):
        return [city[-1] for city in CITIES]

    def review(self, row, number, accepted):
        """Waits for a person."""
        self.insert(
            "review", request=number, review_at=accepted + 30, review_reason="place_conflict", review_proposal=0,
            review_coverage_version="2026-11-01", review_explanation="The ZIP and the city are far apart.",
            review_deadline=self.now + self.random.randrange(1, 48) * 3_600_000, review_fallback=0)
        row |= {"has_conflict": 1, "conflict_kilometres": 320.0}

    def decide(self, row, number, accepted, decided, fate, is_recent, is_old):
        chance = self.random
        is_covered = row["state"] != "FL" and fate > 0.1 * chance.random()
        row |= {
            "decided_at": decided, "acceptance": is_covered, "coverage_version": "2026-11-01",
            "decision_reason": "county_covered" if is_covered else "not_covered", "decision_rule": "1",
            "decision_precision": "zip",
            "explanation": f"{row['county']} is covered." if is_covered else "No rule covers it."}
        if is_recent and fate > 0.82:
            self.trouble(row, number, accepted, decided)
        else:
            told = decided + chance.randrange(5, 900)
            row |= {
                "told_at": told, "told_acceptance": is_covered, "told_status": 204, "told_attempt": 1,
                "told_sequence": 1, "told_duration": 12, "told_family": "ipv4", "moved_at": told}
            if is_covered:
                self.step(row, number, told, fate, is_old)
            if is_old:
                row["expired_at"] = accepted + 30 * DAY

    def step(self, row, number, told, fate, is_old):
        """What the organisation has done."""
        chance = self.random
        statuses = ("completed", "canceled", "scheduled", "assigned", None)
        weights = (88, 8, 1.5, 1.5, 1) if is_old else (40, 5, 20, 15, 20)
        status = chance.choices(statuses, weights)[0]
        if status is None:
            return
        changed = min(self.now - 1000, told + chance.randrange(DAY // 10, 9 * DAY))
        row |= {
            "status": status, "status_changed_at": changed, "sequence": 2, "newest_told_sequence": 2,
            "newest_told_at": changed + 80, "moved_at": changed + 80}
        person = chance.choice(PEOPLE)
        if fate < 0.6:
            due = datetime.datetime.fromtimestamp((changed + chance.randrange(9) * DAY) / 1000, datetime.UTC)
            self.insert(
                "assignment", request=number, organization=row["organization"], assignee=person,
                team=chance.choice(TEAMS) if fate < 0.3 else None, due=f"{due:%Y-%m-%d}", revision=1,
                is_open=status in ("scheduled", "assigned"))
            self.insert(
                "desk_entry", request=number, at=changed - 500, entry="0/assigned", kind="assigned", person=person,
                detail=person)
        if not is_old:
            self.insert(
                "timeline", request=number, at=changed, entry="status/2", kind="status-changed", sequence=2,
                detail=status, person=person)
        self.insert(
            "audit_log", at=changed, person=f"{folded(person).replace(' ', '.')}@chapter.example",
            organization=row["organization"], action="took a step", request_id=row["id"], detail=status)

    def trouble(self, row, number, accepted, decided):
        """The partner has not taken it."""
        chance = self.random
        message = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        entry = {
            "request_id": row["id"], "stage": "callback", "message_id": message, "retry_at": decided + 60_000,
            "retry_attempt": 3, "retry_of": 15, "retry_next_at": self.now + 600_000, "retry_code": "http-503",
            "retry_message": "The partner answered with HTTP status 503."}
        if chance.random() < 0.4:
            dead = {"reason": "http-410", "code": "http-410", "message": "The partner answered with HTTP status 410."}
            entry |= {
                "dead_at": decided + 90_000, "dead_reason": dead["reason"], "dead_code": dead["code"],
                "dead_message": dead["message"], "dead_sequence": 1}
            self.insert(
                "dead_letter", stage="callback", message_id=message, request_id=row["id"], died_at=decided + 90_000,
                attempts=4, first_failed_at=decided + 1000, host="intake-1", version="1.0", headers=b"{}",
                body=b"{}", body_bytes=2, recorded_at=decided + 90_000, **dead)
        self.insert("stage_trouble", **entry)
        for attempt in range(1, 4):
            self.insert(
                "timeline", request=number, at=decided + attempt * 20_000, entry=f"attempt/{attempt}",
                kind="callback-attempted", stage="callback", sequence=1, attempt=attempt, duration=30, family="ipv4",
                http_status=503, error_code="http-503", error_message="The partner answered with HTTP status 503.",
                excerpt="Service Unavailable")
