"""Names: every spelling leads to one facility, ambiguity lists the candidates, nothing is guessed
silently."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.ledger.names import facility_named, facility_names, resolved
from crosscut.ledger.names.facilities import main_names
from crosscut.ledger.names.folding import tokens
from tests.ledgers import BUNDLED

RUSSIAN, CHINESE, JAPANESE = "Верхнее Кайракты", "上凯拉克特", "北カタパル"


@pytest.mark.parametrize(
    ("facility", "text"),
    [
        *(
            ("KZ02", t)
            for t in (
                "Upper Kairakty",
                "upper  KAIRAKTY",
                "Upper-Kairakty",
                "UpperKairakty",
                "Kairakty, Upper",
                "Upper Kayrakty",
                "Verkhneye Kayrakty",
                "Verkhnee Kairakty",
                "Verhnee Kairakti",
                "Verkhnekairaktinskoye",
                RUSSIAN,
                "Верхне-Кайрактинское",
                "Жоғарғы Қайрақты",
                "Joğarğy Qairaqty",
                CHINESE,
                "上凱拉克特",
                "上凯拉克特钨矿",
                "シェカルジンガツコエ",
                "ｼｪｶﾙｼﾞﾝｶﾞﾂｺｴ",
                "しぇかるじんがつこえ",
                "アッパー・カイラクティ",
                "アッパーカイラクティ",
                "Upper Kairadjinskoye",
                "Ust-Khakaljinzhenskoye",
                "Shekaljin-Gatskoye",
                "Kairakty",
                "Uppr Kairakty",
                "KZ02",
            )
        ),
        *(
            ("KZ03", t)
            for t in (
                "North Katpar",
                "Katpar, Northern",
                "Severny Katpar",
                "Severnyy Katpar",
                "Северный Катпар",
                "Солтүстік Қатпар",
                "北卡特帕尔",
                JAPANESE,
                "北カルテミナーズ",
                "North Katpal",
            )
        ),
        *(
            ("KZ01", t)
            for t in (
                "Boguty",
                "Bakuta",
                "Bogutinskoye",
                "Богуты",
                "巴库塔",
                "バクー・タウ",
                "Baku-Tau",
                "Bogutty",
            )
        ),
        ("VN01", "Núi Pháo"),
        ("VN01", "nuiphao"),
        ("KR01", "상동"),
        ("KR01", "Sang-Dong"),
        ("RU01", "Тырныауз"),
        ("RU01", "Tyrny Auz"),
        ("KZ05", "Köktenköl"),
        ("KZ05", "Kok Tenkol"),
        ("PT01", "Panasqeira"),
        ("GB01", "Drakelands"),
    ],
)
def test_spellings_lead_to_one_facility(facility, text):
    assert resolved(BUNDLED, text).found == (facility,), resolved(BUNDLED, text)


@pytest.mark.parametrize(
    ("facility", "text", "written", "read"),
    [
        ("KZ02", RUSSIAN, "utf-8", "cp1252"),
        ("KZ02", RUSSIAN, "utf-8", "latin-1"),
        ("KZ02", RUSSIAN, "utf-8", "cp1251"),
        ("KZ02", RUSSIAN, "cp1251", "latin-1"),
        ("KZ02", RUSSIAN, "koi8-r", "cp1251"),
        ("KZ02", RUSSIAN, "cp1251", "cp866"),
        ("KZ02", RUSSIAN, "cp866", "cp1251"),
        ("KZ02", CHINESE, "utf-8", "latin-1"),
        ("KZ02", CHINESE, "gbk", "latin-1"),
        ("KZ02", CHINESE, "utf-8", "gbk"),
        ("KZ03", JAPANESE, "shift_jis", "latin-1"),
        ("KZ03", JAPANESE, "utf-8", "cp1252"),
        ("VN01", "Núi Pháo", "utf-8", "cp1252"),
        ("KR01", "상동", "utf-8", "latin-1"),
        ("KR01", "상동", "euc-kr", "latin-1"),
    ],
)
def test_texts_decoded_with_the_wrong_table(facility, text, written, read):
    garbled = text.encode(written).decode(read, errors="replace")
    found = resolved(BUNDLED, garbled)
    assert found.found == (facility,), (garbled, found)
    assert found.how not in ("as written", "other spelling")  # it says how it was read


def test_a_text_decoded_wrongly_twice():
    twice = "Núi Pháo".encode().decode("latin-1").encode().decode("latin-1")
    assert resolved(BUNDLED, twice).found == ("VN01",)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("大湖塘", {"CN03", "CN15"}), ("Dahutang", {"CN03", "CN15"}), ("大吉山", {"CN05", "CN22"})],
)
def test_an_ambiguous_name_lists_its_candidates(text, candidates):
    assert set(resolved(BUNDLED, text).found) == candidates
    with pytest.raises(UserError) as caught:
        facility_named(BUNDLED, text)
    assert all(c in str(caught.value) for c in candidates)


@pytest.mark.parametrize(
    "text",
    [
        "Tungsten",
        "China",
        "Japan",
        "USA",
        "Almonty",
        "Sandvik",
        "Cove Kaz",
        "quota",
        "",
        "  ",
        "+",
        "mine",
        "上",
    ],
)
def test_words_that_name_no_facility(text):
    assert resolved(BUNDLED, text).found == ()
    with pytest.raises(UserError):
        facility_named(BUNDLED, text)


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UserError, match="KR01 Sangdong"):
        facility_named(BUNDLED, "Sangtang")
    assert resolved(BUNDLED, "Sangtang").found == ()


@pytest.mark.parametrize("facility", sorted(main_names(BUNDLED)))
def test_every_main_name_leads_to_its_facility(facility):
    assert resolved(BUNDLED, main_names(BUNDLED)[facility]).found == (facility,)


def test_every_name_on_record_leads_to_its_facility_or_is_ambiguous_with_it():
    for n in facility_names(BUNDLED):
        if n.whole and tokens(n.text):
            assert n.facility_id in resolved(BUNDLED, n.text).found, n


def test_article_spellings_are_claimed_and_translations_recalled():
    by_text = {n.text: n.evidence_status for n in facility_names(BUNDLED)}
    assert by_text["Shekaljin-Gatskoye"] == "claimed"
    assert by_text["上凯拉克蒂"] == "recalled"


def _accents(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        sorted({n.text for n in facility_names(BUNDLED) if n.whole and n.text.isascii() and len(n.text) > 6})
    ),
    st.sampled_from(
        (
            str.upper,
            str.lower,
            _accents,
            lambda t: t.replace(" ", "-"),
            lambda t: t.replace("-", " "),
            lambda t: f"  {t} ",
            lambda t: t.replace(" ", "\u00a0"),
            lambda t: t.replace("y", "i"),
            lambda t: unicodedata.normalize("NFKD", t),
            lambda t: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in t),
        )
    ),
)
def test_case_hyphens_spaces_and_width_do_not_matter(text, change):
    assert set(resolved(BUNDLED, change(text)).found) >= set(resolved(BUNDLED, text).found)


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text):
    found = resolved(BUNDLED, text)
    assert set(found.found) <= set(main_names(BUNDLED))
    assert set(found.nearest) <= set(main_names(BUNDLED))


# As company news, directories of mines and maps write them, and the facility is meant; "" for none.
AS_PEOPLE_WRITE_THEM = {
    "KZ01": ("Boguty", "Bogutty", "Bakuta"),
    "KZ02": ("Kairakty", "Verkhnee Kairakty"),
    "KZ04": ("Karaoba", "Kara-Oba", "Kara Oba"),
    "KZ05": ("Koktenkol", "Kok Tenkol"),
    "AU01": ("Dolphin", "King Island", "King Island Scheelite", "Dolphin mine"),
    "AU02": ("Mt Carbine", "Mt. Carbine", "Mount Carbine", "MOUNT CARBINE mine", "Carbine"),
    "AU03": ("Mount Mulgine", "Mt Mulgine", "Mt. Mulgine", "Mulgine"),
    "AU04": ("Watershed", "Watershed project"),
    "AT01": ("Felbertal", "Mittersill"),
    "AT02": ("St. Martin", "Saint Martin", "Sankt Martin"),
    "GB01": ("Hemerdon", "Drakelands"),
    "CA01": ("Sisson",),
    "CA02": ("Mactung",),
    "CA03": ("Cantung",),
    "US01": ("IMA", "Ima", "Patterson"),
    "US03": ("Pilot Mountain", "Pilot Mtn"),
    "ES01": ("Barruecopardo", "Saloro"),
    "ES02": ("Los Santos",),
    "ES03": ("Valtreixal",),
    "ES04": ("La Parrilla", "Parrilla"),
    "PT01": ("Panasqueira",),
    "VN01": ("Núi Pháo", "Nui Phao"),
    "KR01": ("상동", "Sangdong"),
    "RU01": ("Tyrnyauz",),
    "RU02": ("Восток-2", "Vostok-2"),
    "RU04": ("Lermontovskoye",),
    "RU08": ("Spokoininskoye",),
    "RU09": ("Bom Gorkhon",),
    "CN01": ("柿竹园", "Shizhuyuan"),
    "CN04": ("三道庄",),
    "CN18": ("Xinluokeng",),
    "BR01": ("Brejui", "Brejuí"),
    "RW02": ("Nyakabingo",),
    "": (
        "Kara",
        "Uis",
        "Mount",
        "North",
        "Saint",
        "Sisson Brook",
        "Mansoura",
        "Kilba",
        "Springer",
        "O'Callaghans",
    ),
}


@pytest.mark.parametrize(
    ("facility", "text"), [(f, t) for f, texts in AS_PEOPLE_WRITE_THEM.items() for t in texts]
)
def test_mines_by_the_names_people_use(facility, text):
    assert resolved(BUNDLED, text).found == ((facility,) if facility else ()), resolved(BUNDLED, text)


def test_a_piece_of_a_word_is_no_name_but_is_said():
    read = resolved(BUNDLED, "Kara")
    assert (read.found, read.holding) == ((), ("KZ04",))
    with pytest.raises(UserError, match=r"no facility of the name 'Kara'; .*Karaoba \(KZ04, Kazakhstan\)"):
        facility_named(BUNDLED, "Kara")
