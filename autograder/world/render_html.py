"""Help-centre pages: the article, and around it everything that real pages carry and no reader wants."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .chance import Chance
from .documents import Document
from .markdown import READER

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
RELATED, POPULAR = 4, 5
CELL_STYLE = re.compile(r' style="text-align:(left|right|center)"')


@dataclass(frozen=True)
class Site:
    """What all pages of one company share."""

    name: str
    product: str
    city: str
    street: str
    domain: str
    mail: str
    sections: Mapping[str, Sequence[Document]]  # department -> its help pages
    popular: Sequence[Document]


def site_of(documents: Sequence[Document], company: Any, seed: int) -> Site:
    """The help centre of a company; `company` is its area of facts."""
    pages = [document for document in documents if document.form == ".html"]
    sections: dict[str, list[Document]] = {}
    for page in pages:
        sections.setdefault(page.department, []).append(page)
    popular = Chance(seed, "popular").sample([page for page in pages if page.language == "en"], POPULAR)
    street = f"{company.street} {company.house}"
    return Site(company.name, company.product, company.city, street, company.domain, company.support_mail, sections, popular)


def render_html(document: Document, site: Site) -> str:
    """The whole page."""
    _, _, body = document.text.partition("\n")
    article = CELL_STYLE.sub(r' class="\1"', READER.render(body))
    siblings = [page for page in site.sections.get(document.department, []) if page.language == document.language and page is not document]
    words = WORDS.get(document.language, WORDS["en"])
    return TEMPLATES.get_template("page.html").render(
        document=document,
        site=site,
        article=article,
        root="../" * document.path.count("/"),
        related=Chance(document.path).sample(siblings, RELATED),
        crumbs=[part.replace("-", " ").capitalize() for part in document.path.split("/")[:-1]],
        words=words,
        minutes=max(1, len(document.plain.split()) // 200),
        escape=html.escape,
    )


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "home": "Help centre", "search": "Search articles", "related": "Related articles", "popular": "Popular this week",
        "helpful": "Was this page helpful?", "yes": "Yes", "no": "No", "contact": "Still stuck? Write to us at", "status": "System status",
        "terms": "Terms", "privacy": "Privacy", "imprint": "Imprint", "cookies": "Cookie settings", "minutes": "min read",
        "skip": "Skip to content", "signin": "Sign in", "up": "Back to top",
    },
    "de": {
        "home": "Hilfe", "search": "Artikel durchsuchen", "related": "Verwandte Artikel", "popular": "Diese Woche oft gelesen",
        "helpful": "War diese Seite hilfreich?", "yes": "Ja", "no": "Nein", "contact": "Noch Fragen? Schreiben Sie uns:", "status": "Systemstatus",
        "terms": "AGB", "privacy": "Datenschutz", "imprint": "Impressum", "cookies": "Cookie-Einstellungen", "minutes": "Min. Lesezeit",
        "skip": "Zum Inhalt", "signin": "Anmelden", "up": "Nach oben",
    },
    "es": {
        "home": "Centro de ayuda", "search": "Buscar artículos", "related": "Artículos relacionados", "popular": "Lo más leído esta semana",
        "helpful": "¿Le ha sido útil esta página?", "yes": "Sí", "no": "No", "contact": "¿Sigue con dudas? Escríbanos a", "status": "Estado del sistema",
        "terms": "Condiciones", "privacy": "Privacidad", "imprint": "Aviso legal", "cookies": "Configurar cookies", "minutes": "min de lectura",
        "skip": "Ir al contenido", "signin": "Acceder", "up": "Volver arriba",
    },
    "fr": {
        "home": "Centre d’aide", "search": "Rechercher un article", "related": "Articles liés", "popular": "Les plus lus cette semaine",
        "helpful": "Cette page vous a-t-elle aidé ?", "yes": "Oui", "no": "Non", "contact": "Encore une question ? Écrivez-nous :",
        "status": "État des services", "terms": "Conditions", "privacy": "Confidentialité", "imprint": "Mentions légales",
        "cookies": "Gérer les cookies", "minutes": "min de lecture", "skip": "Aller au contenu", "signin": "Se connecter", "up": "Haut de page",
    },
    "ja": {
        "home": "ヘルプセンター", "search": "記事を検索", "related": "関連記事", "popular": "今週よく読まれた記事",
        "helpful": "このページは役に立ちましたか。", "yes": "はい", "no": "いいえ", "contact": "解決しないときはこちらへ:", "status": "稼働状況",
        "terms": "利用規約", "privacy": "プライバシー", "imprint": "会社情報", "cookies": "Cookie の設定", "minutes": "分で読めます",
        "skip": "本文へ", "signin": "サインイン", "up": "ページの先頭へ",
    },
}  # fmt: skip
