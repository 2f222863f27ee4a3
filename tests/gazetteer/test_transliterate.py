from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer.transliterate import from_cyrillic, kmu, variants


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        # Examples of the Cabinet of Ministers resolution 55 itself.
        ("Алушта", "Alushta"),
        ("Борщагівка", "Borshchahivka"),
        ("Гадяч", "Hadiach"),
        ("Згорани", "Zghorany"),
        ("Їжакевич", "Yizhakevych"),
        ("Знам'янка", "Znamianka"),
        ("Щербухи", "Shcherbukhy"),
        ("Юрій", "Yurii"),
        ("Кам'янець-Подільський", "Kamianets-Podilskyi"),
        ("Біла Церква", "Bila Tserkva"),
    ],
)
def test_kmu_2010(cyrillic: str, latin: str) -> None:
    assert kmu(cyrillic) == latin


def test_both_systems_are_given() -> None:
    assert from_cyrillic("Горловка") == ("horlovka", "gorlovka")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("berestyanka", "berestianka"),
        ("avdeyevka", "avdeevka"),
        ("kupyansk", "kupiansk"),
        ("hostomel", "gostomel"),
        ("gulyaipole", "hulyaypole"),
        ("mikolaiv", "mykolaiv"),
    ],
)
def test_variants_reach_the_other_system(written: str, stored: str) -> None:
    assert stored in variants(written)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", max_size=40))
def test_variants_are_few_and_other(found: str) -> None:
    others = variants(found)
    assert len(others) <= 120
    assert found not in others
    assert len(set(others)) == len(others)
