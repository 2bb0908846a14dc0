"""``config check``: every mistake a county can make is named, with its file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.areas import county
from backend.kernel.config_files import InvalidConfig
from tests.areas.conftest import CONFIG

Spoil = Callable[[str, str, str], tuple[Path, int]]

CATALOGUE, ROUTING, UNITS = "catalogue.yaml", "routing.yaml", "units.yaml"
DEADLINES, HOLIDAYS = "deadlines.yaml", "holidays.yaml"
LAMP_ROUTE = "{category: street_lamp, unit: urban_management}"

MISTAKES = {
    "no YAML": (UNITS, "templates:", "templates: ]", "not YAML"),
    "a key twice": (CATALOGUE, "groups:", "emergencies: []\ngroups:", "twice"),
    "an unknown key": (CATALOGUE, "hint: {zh-CN: 说清在", "hints: {zh-CN: 说清在", "'hints'"),
    "no English": (CATALOGUE, "{zh-CN: 路灯不亮, en: Street light not working}",
                   "{zh-CN: 路灯不亮}", "'name' has no en"),
    "no Chinese": (UNITS, "{zh-CN: 县水务局, en: County Water Resources Bureau}",
                   "{en: County Water Resources Bureau}", "'name' has no zh-CN"),
    "an empty translation": (CATALOGUE, "{zh-CN: 路面破损, en: Damaged road surface}",
                             '{zh-CN: 路面破损, en: " "}', "'name en' is empty"),
    "a text that YAML reads as yes": (CATALOGUE, 'label: {zh-CN: 能自理, en: "Yes"}',
                                      "label: {zh-CN: 能自理, en: yes}", "put it in quotes"),
    "a category twice": (CATALOGUE, "code: road_damage", "code: street_lamp", "already"),
    "a code with a capital": (UNITS, "code: traffic_police", "code: Traffic", "is no code"),
    "an unknown group": (CATALOGUE, "group: farming", "group: fishing", "no group 'fishing'"),
    "an unknown deadline profile": (CATALOGUE, "deadline_profile: urgent",
                                    "deadline_profile: soon", "no deadline profile 'soon'"),
    "an unknown visibility": (CATALOGUE, "default_visibility: anonymous",
                              "default_visibility: secret", "none of private, public"),
    "an unknown shared question": (CATALOGUE, "      - since", "      - when_was_it",
                                   "no shared question 'when_was_it'"),
    "an unknown kind of question": (CATALOGUE, "kind: yes_no", "kind: maybe", "none of text"),
    "a question asked twice": (CATALOGUE,
                               "code: lamp_no, kind", "code: fault, kind", "asked twice"),
    "an unknown emergency number": (CATALOGUE, 'emergency: ["119", "120"]',
                                    'emergency: ["119", "911"]', "number '911'"),
    "one choice only": (CATALOGUE,
                        "{code: weight_kg, kind: number, required: true, min: 1, max: 100000000",
                        "{code: weight_kg, kind: choice, required: true, choices: []",
                        "at least two choices"),
    "bounds the wrong way round": (CATALOGUE, "min: 50, max: 130", "min: 130, max: 50", "larger"),
    "two lengths": (DEADLINES, "- code: urgent", "- code: urgent\n    days: 3", "exactly one"),
    "a length that is none": (DEADLINES, "hours: 24", "hours: soon", "whole number"),
    "an extension of nothing": (DEADLINES, "extension: 24", "extension: 0", "whole number"),
    "an extension longer than a profile may be": (DEADLINES, "extension: 5", "extension: 251",
                                                  "from 1 to 250"),
    "an extension in words": (DEADLINES, "extension: 7", "extension: a week", "whole number"),
    "more time for an objection": (DEADLINES, "applies_to: objection",
                                   "extension: 5\n    applies_to: objection", "for requests"),
    "an unknown purpose": (DEADLINES, "applies_to: objection", "applies_to: complaint", "none of"),
    "no such date": (HOLIDAYS, "days: {}", "days: {2027-02-30: holiday}", "no date"),
    "neither holiday nor workday": (HOLIDAYS, "days: {}", "days: {2027-01-01: closed}",
                                   "neither"),
    "no year": (HOLIDAYS, "announced_years: []", "announced_years: [27]", "no year"),
    "an unknown kind of unit": (UNITS, "kind: oversight", "kind: watchdog", "none of department"),
    "an unknown placeholder": (UNITS, '"{area}司法所"', '"{town}{area}司法所"', "only {area}"),
    "a name without its area": (UNITS, '"{area}司法所"', '"司法所"', "must hold {area}"),
    "an unknown category": (ROUTING,
                            "category: road_damage", "category: roads", "category 'roads'"),
    "an unknown unit": (ROUTING,
                        LAMP_ROUTE, "{category: street_lamp, unit: lamps}", "unit 'lamps'"),
    "an unknown rule": (ROUTING, '"township:justice", area', '"township:court", area', "'court'"),
    "an unknown area": (ROUTING, 'area: "520526100"', 'area: "520526999"', "area '520526999'"),
    "category and group": (ROUTING, "{group: benefits,", "{group: benefits, category: pension,",
                           "either"),
    "a row twice": (ROUTING,
                    "category: road_damage, unit", "category: street_lamp, unit", "line 27"),
    "complaints to nobody": (ROUTING, "complaints_to: [discipline_inspection, petitions,"
                             " governance_centre]", "complaints_to: []", "names nobody"),
    "complaints to an unknown unit": (ROUTING, "complaints_to: [discipline_inspection",
                                      "complaints_to: [ombudsman", "unit 'ombudsman'"),
    "complaints to an unknown rule": (ROUTING, "complaints_to: [discipline_inspection",
                                      'complaints_to: ["village:elders"', "'elders' per village"),
    "led by whom it is about": (ROUTING, "{category: cadre_conduct, unit: discipline_inspection}",
                                '{category: cadre_conduct, unit: "village:committee"}',
                                "must not lead"),
    "about an unknown unit": (CATALOGUE, 'complains_about: ["village:committee"]',
                              "complains_about: [committee]", "unit 'committee'"),
    "about an unknown rule": (CATALOGUE, 'complains_about: ["village:committee"]',
                              'complains_about: ["village:elders"]', "'elders' per village"),
    "routed and by hand": (ROUTING, "- passed_around", "- street_lamp", "nobody would be asked"),
    "by hand but unknown": (ROUTING, "- passed_around", "- passed_on", "no category 'passed_on'"),
    "an area twice": ("areas/weining-grids.csv", "520526001001002", "520526001001001", "line 2"),
    "a grid outside its village": ("areas/weining-grids.csv", "520526001001002",
                                   "520526001002777", "must begin with"),
}  # fmt: skip


def test_the_shipped_files_have_no_mistake() -> None:
    assert county.check_config(CONFIG) == []


def test_what_is_missing_is_named(spoil: Spoil) -> None:
    folder, _ = spoil(CATALOGUE, "    deadline_profile: utilities\n", "")
    (error,) = county.check_config(folder)
    assert error.message == "'deadline_profile' is missing"
    spoil(ROUTING, "  - something_else\n", "")
    assert any("'something_else' is neither" in e.message for e in county.check_config(folder))
    spoil(ROUTING, "complaints_to: [discipline_inspection, petitions, governance_centre]\n", "")
    assert any(e.message == "'complaints_to' is missing" for e in county.check_config(folder))
    (folder / UNITS).unlink()
    assert any(e.path == folder / UNITS and "cannot be read" in e.message
               for e in county.check_config(folder))  # fmt: skip


def test_a_complaint_is_never_public_by_default(spoil: Spoil) -> None:
    private = """    default_visibility: private
    complains_about: ["village:committee"]"""
    folder, _ = spoil(CATALOGUE, private, private.replace("private", "public"))
    (error,) = county.check_config(folder)
    assert error.message == "a category that complains about somebody cannot be public"


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_on_its_line(spoil: Spoil, mistake: str) -> None:
    name, old, new, message = MISTAKES[mistake]
    folder, line = spoil(name, old, new)
    errors = county.check_config(folder)
    said = [str(error) for error in errors if message in error.message]
    assert any(text.startswith(f"{folder / name}:{line}: ") for text in said), errors


def test_all_mistakes_of_all_files_are_reported_at_once_and_in_order(spoil: Spoil) -> None:
    planted = ["no English", "an unknown kind of unit", "an unknown area", "two lengths"]
    for mistake in planted:
        name, old, new, _ = MISTAKES[mistake]
        folder, _ = spoil(name, old, new)
    errors = county.check_config(folder)
    assert errors == sorted(errors)
    for mistake in planted:
        assert any(MISTAKES[mistake][3] in error.message for error in errors), mistake
    with pytest.raises(InvalidConfig) as refused:
        county.load(folder)
    assert refused.value.errors == errors


def test_one_unreadable_file_does_not_make_every_reference_to_it_a_mistake(spoil: Spoil) -> None:
    folder, _ = spoil(DEADLINES, "profiles:", "profiles: ]")
    errors = county.check_config(folder)
    assert {error.path.name for error in errors} == {DEADLINES}


def test_a_bad_reload_keeps_the_county_that_was_in_use(spoil: Spoil) -> None:
    before = county.use(CONFIG)
    name, old, new, _ = MISTAKES["no English"]
    folder, _ = spoil(name, old, new)
    with pytest.raises(InvalidConfig):
        county.use(folder)
    assert county.current() is before
