"""The line under the headline of a ward: which one it is, where, and how far what is known of it reaches."""

from dashboard.subjects.ward.model import Ward
from dashboard.subjects.ward.words import district
from geodata.language import Words, joined, message
from geodata.language.dates import day


def subline(ward: Ward) -> Words:
    """Return the line under the headline: code, district, day of the newest fact, and boundaries."""
    vintage, code = ward.key
    lies_in = [district(ward)] if ward.district else []
    return joined(
        " · ",
        [
            message("Code {code}", code=code),
            *lies_in,
            _latest_fact(ward),
            message("boundaries of {day}", day=day(vintage)),
        ],
    )


def _latest_fact(ward: Ward) -> Words:
    """Return the day or year of the newest verified fact of a ward, and of the newest illustrative one."""
    told = _latest_verified(ward)
    made = [one.day for one in ward.inspections if one.is_illustrative]
    if not made:
        return told
    return message("{told}, latest illustrative one of {day}", told=told, day=day(max(made)))


def _latest_verified(ward: Ward) -> Words:
    known = [(one.since, not one.is_year) for one in ward.statuses]
    known += [(one.day, True) for one in ward.inspections if not one.is_illustrative]
    if not known and (ward.role is not None or ward.elsewhere is not None or ward.has_illustrative):
        # What is known of it is of the wards that it was made of, or illustrative.
        return message("no verified fact of its own on record up to {day}", day=day(ward.period.until))
    if not known:
        return message("no fact on record up to {day}", day=day(ward.period.until))
    last, is_exact = max(known)
    if is_exact:
        return message("latest fact of {day}", day=day(last))
    return message("latest fact of the year {year}", year=str(last.year))
