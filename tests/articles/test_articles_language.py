from __future__ import annotations

import pytest

from geomap.articles.language import check_english
from geomap.errors import InputError

FOREIGN = {
    "Ukrainian": "Російські війська обстріляли Харків. Троє людей поранено.",
    "Russian": "Российские войска обстреляли Харьков ночью. По словам главы области, три человека ранены. Гуманитарный коридор из Мариуполя в Запорожье не открыли.",
    "German": "Die ukrainischen Streitkräfte haben in der Nacht einen Angriff auf die Stadt Charkiw abgewehrt. Nach Angaben des Gouverneurs wurden mindestens drei Menschen verletzt.",
    "French": "Les forces russes ont bombardé la ville de Marioupol pendant la nuit, selon les autorités locales. Un couloir humanitaire devait être ouvert de la ville vers Zaporijjia.",
    "Polish": "Wojska rosyjskie ostrzelały w nocy miasto Charków. Według gubernatora obwodu rannych zostało co najmniej trzy osoby, a korytarz humanitarny z Mariupola nie został otwarty.",
    "Spanish": "Las fuerzas rusas bombardearon la ciudad de Járkov durante la noche, según las autoridades locales. El corredor humanitario desde Mariúpol no se abrió.",
    "Italian": "Le forze russe hanno bombardato la città di Kharkiv durante la notte, secondo le autorità locali. Il corridoio umanitario da Mariupol non è stato aperto.",
    "Dutch": "De Russische strijdkrachten hebben in de nacht de stad Charkov beschoten. Volgens de gouverneur zijn ten minste drie mensen gewond geraakt in de regio.",
    "Romanian": "Forțele ruse au bombardat orașul Harkov în timpul nopții, potrivit autorităților locale. Coridorul umanitar din Mariupol nu a fost deschis pentru civili.",
    "Arabic": "قصفت القوات الروسية مدينة خاركيف خلال الليل، وفقا للسلطات المحلية.",
}  # fmt: skip

ENGLISH = {
    "news": "Russian forces shelled the city of Kharkiv, and three people were wounded.",
    "capitals": "THE GOVERNOR OF KHARKIV SAID THAT THE SHELLING OF THE CITY WENT ON.",
    "names": "From Kyiv, Bohorodychne, Novooleksandrivka and Zaporizhzhia to the Dnipro by road.",
    "foreign words quoted": "The town of Харків was hit, said the mayor (“Обстріл триває”) to the press.",
    "names and few small words": "On 9 April 2023, Ukrainian forces shelled close to Dvorichna, "
    "Kharkiv region. Casualties unknown. Ukrainian forces shelled Levadne, Zaporizhia. "
    "Casualties unknown. Ukrainian forces shelled Stepove.",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_refused_by_name(language: str) -> None:
    with pytest.raises(InputError, match=f"a.txt: seems to be {language}; geomap reads English"):
        check_english(FOREIGN[language], name="a.txt")


@pytest.mark.parametrize("case", ENGLISH)
def test_english_is_read(case: str) -> None:
    assert check_english(ENGLISH[case], name="a.txt") == "en"


@pytest.mark.parametrize("text", ["Russian convoy near Novooleksandrivka, Luhansk Oblast", "Kyiv"])
def test_too_short_to_tell_is_read(text: str) -> None:
    assert check_english(text, name="a.txt") is None


@pytest.mark.parametrize("text", ["Обстріл", "«Київ» is 25 °C — Харків"])
def test_short_text_of_another_script_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="geomap reads English"):
        check_english(text, name="a.txt")
