"""Lines that stand between and after articles, in many languages; and sentences of articles that look like them."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from dateline.extract.blocks import Block, block_of_line
from dateline.extract.phrases import kind_of, opens_biography, opens_comments, speaks_of_cookies
from dateline.extract.signed import Signed, is_date_line

BODY = fromstring("<html><body></body></html>").find("body")


def block(text: str) -> Block:
    return block_of_line(0, text, BODY, why="")


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("disclaimer", "Past performance is no guide to the future."),
        ("disclaimer", "The content of this article is for informational purposes only."),
        ("disclaimer", "Die in diesem Gastbeitrag geäußerten Meinungen sind die des Autors."),
        ("disclaimer", "Dieser Text erschien zuerst in der Sonntagszeitung."),
        ("disclaimer", "Alle Rechte vorbehalten."),
        ("disclaimer", "Les propos tenus dans cette tribune n'engagent que leur auteur."),
        ("disclaimer", "Cet article a été initialement publié en anglais."),
        ("disclaimer", "Tous droits réservés"),
        ("disclaimer", "Las opiniones expresadas en esta columna son responsabilidad exclusiva de su autor."),
        ("disclaimer", "Este artículo fue publicado originalmente en la revista del puerto."),
        ("disclaimer", "As opiniões expressas neste texto não refletem a posição do jornal."),
        ("disclaimer", "Le opinioni espresse in questo articolo sono esclusivamente dell'autore."),
        ("disclaimer", "Dit artikel verscheen eerder in het zaterdagblad."),
        ("disclaimer", "Wszelkie prawa zastrzeżone."),
        ("disclaimer", "Мнение автора может не совпадать с мнением редакции."),  # noqa: RUF001 (Cyrillic)
        ("disclaimer", "未经授权，不得转载"),  # noqa: RUF001 (Chinese)
        ("disclaimer", "무단 전재 및 재배포 금지"),
        ("disclaimer", "جميع الحقوق محفوظة"),
        ("embedded post", "— Marta Oduya (@martaoduya) May 19, 2024"),
        ("embedded post", "View this post on Instagram"),
        ("embedded post", "A post shared by Ilse Brandt (@mayor.of.sel)"),
        ("embedded post", "Sieh dir diesen Beitrag auf Instagram an"),
        ("embedded post", "Ein Beitrag geteilt von Ilse Brandt"),
        ("embedded post", "Voir cette publication sur Instagram"),
        ("embedded post", "Ver esta publicación en Instagram"),
        ("embedded post", "Uma publicação compartilhada por Ilse Brandt"),
        ("embedded post", "この投稿をInstagramで見る"),
        ("embedded content", "To view this content, you need to accept cookies."),
        ("embedded content", "This content is hosted by a third party."),
        ("embedded content", "Allow Instagram content?"),
        ("embedded content", "Empfohlener redaktioneller Inhalt"),
        ("embedded content", "An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt."),
        ("embedded content", "Pour afficher ce contenu, vous devez accepter les cookies."),
        ("embedded content", "Para ver este contenido, acepte las cookies."),
        ("embedded content", "Om deze inhoud te tonen moet u toestemming geven."),
        ("reading time", "Temps de lecture : 3 minutes"),
        ("reading time", "Tiempo de lectura: 4 minutos"),
        ("reading time", "5 min de lectura"),
        ("advertisement", "Contenu sponsorisé"),
        ("advertisement", "Gesponserter Beitrag"),
        ("read more", "Lire aussi : Le phare de Skarv"),
        ("newsletter", "Abonnez-vous à notre lettre"),
        ("newsletter", "For the news of the harbour every morning, sign up for our daily newsletter."),
        ("note", "Per Kvist contributed reporting from Sel."),
        ("note", "Mit Agenturmaterial"),
        ("note", "Übersetzung: Jana Holm, Redaktion: Ole Brandt"),
        ("filed under", "Schlagwörter: Fähre, Hafen"),
        ("filed under", "Filed under: Ferries"),
        ("read more", "→ The timetable of the new buses"),
        ("read more", "Most read in Islands"),
        ("subscription", "Il vous reste 60 % de cet article à lire."),
        ("subscription", "Este contenido es exclusivo para suscriptores."),
        ("subscription", "Этот материал доступен только по подписке"),
        ("comments", "Comments are moderated and appear in the morning."),
        ("comments", "Ihre Meinung ist uns wichtig."),
        ("contact", "Email: ines.mott@quay-courier.example"),
        ("contact", "Reach the reporter at the harbour office."),
        ("subscription", "Already a subscriber? Log in"),
    ],
)
def test_furniture_is_known(kind: str, line: str) -> None:
    assert kind_of(block(line)) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Comments by the minister on Friday were taken as a threat by the islanders.",
        "Topics range from the tides to the price of herring.",
        "Translation costs the county two million a year, the auditor found.",
        "Sign up sheets for the new boats were full within an hour.",
        "We would like to see the sea wall mended before winter, said the mayor.",
        "The project was funded by the European Union and will cost two million.",
        "The views from the tower are the best on the whole coast, the society says.",
        "The report was produced with the help of forty volunteers who counted birds.",
        "The content was blocked in three countries, the ministry said on Friday.",
        "The video is believed to be the third of its kind in a week.",
        "The information should not have been given to the press, the court found.",
        "Das Interview wurde am Montag veröffentlicht, der Minister trat am Dienstag zurück.",
        "Der Artikel der Verfassung ist seit dem Krieg nicht geändert worden.",
        "Hier finden im Sommer Konzerte statt, im Winter stehen die Boote in der Halle.",
        "Les avis des habitants sont partagés, et le maire ne s'est pas prononcé.",
        "L'article 12 de la loi a été abrogé par le parlement.",
        "La opinión pública no refleja lo que se dice en el parlamento.",
        "El contenido del acuerdo no se conocerá hasta el lunes.",
        "Мнение редких свидетелей разошлось с тем, что сказал прокурор.",  # noqa: RUF001 (Cyrillic)
        "To see the map drawn again, the council would need a vote of two thirds.",
        "— We shall be fishing again before the herring comes, said Anna Vik.",
    ],
)
def test_sentences_of_articles_are_not_taken_for_it(line: str) -> None:
    assert kind_of(block(line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "3 comments", "1.204 Kommentare", "Commentaires (12)", "12 comentarios", "Leave a reply", "Join the conversation", "Добавить комментарий", "コメントを書く",
    ],
)  # fmt: skip
def test_a_line_opens_the_comments(line: str) -> None:
    assert opens_comments(block(line))


@pytest.mark.parametrize("line", ["Comment", "Kommentar", "3 comments that changed the debate", "The mayor's reply"])
def test_a_heading_of_an_article_does_not(line: str) -> None:
    assert not opens_comments(block(line))


@pytest.mark.parametrize(
    "line", ["About the author", "Über die Autorin", "Zum Autor", "À propos de l'auteur", "Sobre el autor", "作者简介"]
)
def test_a_line_opens_a_biography(line: str) -> None:
    assert opens_biography(block(line))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("We and our 120 partners use cookies to store information on your device.", True),
        ("Diese Website verwendet Cookies, um Ihnen den Besuch angenehm zu machen.", True),
        ("Nous et nos partenaires utilisons des cookies.", True),
        ("Utilizamos cookies propias y de terceros.", True),
        ("Deze website gebruikt cookies.", True),
        ("Our website is best read with a biscuit.", False),
        ("Grandmother's cookies were sold at the fair on Saturday.", False),
    ],
)
def test_consent_dialogs_are_known(line: str, told: bool) -> None:  # noqa: FBT001 (a column of the table)
    assert speaks_of_cookies(block(line)) is told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Montag, 20. Mai 2024, 21:15 Uhr", True),
        ("15 мая 2024, 18:30", True),
        ("2024年5月15日 18時30分", True),
        ("May 2024 issue", False),
        ("On 20 May 2024 the council voted for it by nine to two", False),
    ],
)
def test_a_date_line_is_a_day_and_little_else(line: str, told: bool) -> None:  # noqa: FBT001 (a column of the table)
    found = block(line)
    found.prose = False
    assert is_date_line(found) is told


def test_authors_sign_and_are_told_of() -> None:
    signed = Signed(("Ines Mott", "渡辺洋介"))
    line, name, short = block("Text: Ines Mott, Sel"), block("記者 渡辺洋介"), block("Sel")
    for it in (line, name, short):
        it.prose = False
    assert signed.is_byline(line)
    assert signed.is_byline(name)
    assert not signed.is_byline(short)
    assert signed.is_biography(block("Ines Mott has written of the port since 2011."))
    assert not signed.is_biography(block("Ines Mott: When did you first see the lamp lit?"))
    assert not signed.is_biography(block("Inessa Mottola has written of the port since 2011."))
