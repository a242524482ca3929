"""Towns, streets and names of customers, country by country. Towns are real; companies and people are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .names import FIRST, LAST


@dataclass(frozen=True)
class Country:
    """`house` writes a street and number, `code` a postcode; {town} is filled in. `companies` by industry hold {last} or {town}."""

    language: str
    region: str
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    address: str
    code: str
    first: tuple[str, ...]
    last: tuple[str, ...]
    companies: Mapping[str, tuple[str, ...]]


def split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


GERMAN_FIRST = split(
    "Andrea, Anja, Bernd, Birgit, Carsten, Claudia, Dagmar, Dirk, Elke, Frank, Gabriele, Heike, Holger, Jens, Jörg, Kathrin, Lukas, Manuela, "
    "Markus, Nicole, Ralf, Sabine, Stefanie, Sven, Thomas, Ulrich, Ute, Yusuf, Aylin, Katarzyna"
)
GERMAN_LAST = split(
    "Albrecht, Bachmann, Brinkmann, Demir, Dietrich, Ebersbach, Faßbender, Grabowski, Haller, Hinrichs, Jansen, Kessler, Krause, Küppers, Lindner, "
    "Möller, Nowak, Öztürk, Pfeiffer, Rademacher, Reuter, Sandmann, Schäfer, Schlüter, Stadler, Thiele, Uhlig, Wegener, Wiegand, Zöllner"
)
ENGLISH_FIRST = split(
    "Alison, Amir, Angela, Barry, Bethan, Callum, Carol, Chloe, Darren, Deepa, Derek, Emma, Fergus, Gareth, Hannah, Imran, Jackie, Jordan, "
    "Karen, Kieran, Leanne, Malcolm, Megan, Nigel, Oluwaseun, Priya, Rhys, Sandra, Shaun, Tracey, Wendy, Yasmin"
)
ENGLISH_LAST = split(
    "Ackroyd, Ashworth, Bairstow, Begum, Carmichael, Chaudhry, Cottrell, Dunphy, Eastwood, Fairclough, Gallagher, Greenhalgh, Haworth, Iqbal, "
    "Jephson, Kilbride, Lomax, MacAulay, Mistry, Nuttall, O'Rourke, Okafor, Pargeter, Patel, Rawlinson, Sutcliffe, Tattersall, Whitlock, Yeoman"
)
FRENCH_FIRST = split(
    "Amélie, Antoine, Aurélie, Benoît, Camille, Céline, Christophe, Delphine, Émilie, Fabrice, Frédéric, Gaëlle, Guillaume, Hélène, Jérôme, Karim, "
    "Laurence, Mathieu, Nadège, Nathalie, Olivier, Pascal, Rachid, Sandrine, Solène, Thierry, Virginie, Yannick"
)
FRENCH_LAST = split(
    "Aubry, Barbier, Bellanger, Boutin, Carlier, Chevallier, Colas, Delattre, Dumoulin, Fabre, Fontaine, Gaudin, Guérin, Hamdi, Jacquet, Lacombe, "
    "Lefebvre, Maillard, Marchand, Morvan, Noël, Pelletier, Perrin, Pichon, Rigaud, Sauvage, Tessier, Vasseur"
)
SPANISH_FIRST = split(
    "Alba, Alejandro, Amparo, Beatriz, Carmen, Cristina, Diego, Elena, Enrique, Esther, Gonzalo, Inmaculada, Iván, Javier, Jordi, Lorena, "
    "Manuel, Marta, Montserrat, Nuria, Óscar, Pilar, Raquel, Rocío, Sergio, Vicente"
)
SPANISH_LAST = split(
    "Aguilar, Ballester, Cabrera, Carrasco, Castaño, Climent, Domènech, Esteve, Ferrer, Gallardo, Ibáñez, Iglesias, Lozano, Marín, Montoya, Moreno, "
    "Navas, Ortega, Pastor, Peñalver, Quintana, Rincón, Salazar, Soriano, Tormo, Valverde, Zaragoza"
)
JAPANESE_FIRST = split("健一, 直美, 美咲, 拓也, 由美子, 浩二, 恵, 大輔, 陽子, 翔太, 智子, 隆, 真由美, 亮, 幸子, 修")
JAPANESE_LAST = split("佐伯, 藤原, 大西, 小野寺, 三浦, 長谷川, 岡本, 野村, 堀内, 白石, 西村, 桜井, 村上, 内田, 古川, 宮崎")
NORDIC_FIRST, NORDIC_LAST = tuple(FIRST), tuple(LAST)
DUTCH_COMPANIES = {
    "wholesale": ("{last} Vers B.V.", "Versgroothandel {town}", "Gebroeders {last} Diepvries"),
    "pharmacy": ("Apotheek De {last}hof", "Apotheek {town}-Zuid"),
    "hospital": ("Streekziekenhuis {town}", "Zorggroep {last}"),
    "catering": ("{last} Catering", "Bakkerij {last}", "Eetkamer {town}"),
    "laboratory": ("{last} Diagnostiek", "Laboratorium {town}"),
    "haulage": ("{last} Koeltransport", "Transportbedrijf {last} en Zonen"),
}
GERMAN_COMPANIES = {
    "wholesale": ("{last} Frischdienst GmbH", "Fleischgroßhandel {last}", "Feinkost {last} KG", "Frischehof {town}"),
    "pharmacy": ("{last}-Apotheke", "Apotheke am Markt {town}", "Bahnhof-Apotheke {town}"),
    "hospital": ("Klinikum {town}", "St.-Josef-Stift {town}", "Kreiskrankenhaus {town}"),
    "catering": ("Bäckerei {last}", "{last} Schulverpflegung", "Eiscafé {last}", "Großküche {town} eG"),
    "laboratory": ("Labor Dr. {last}", "{last} Analytik GmbH", "Blutspendedienst {town}"),
    "haulage": ("{last} Kühllogistik GmbH", "Spedition {last}", "{last} & Söhne Transporte"),
}
ENGLISH_COMPANIES = {
    "wholesale": ("{last} Fresh Foods", "{town} Meat Company", "{last} & Daughters Wholesale", "Northgate Seafoods {town}"),
    "pharmacy": ("{last} Pharmacy", "{town} Road Chemist", "{last} and {town} Dispensing"),
    "hospital": ("{town} Community Hospital", "{last} Hospice", "{town} Infirmary Trust"),
    "catering": ("{last}'s Kitchen", "{town} School Meals", "{last} Event Catering", "The {last} Bakery"),
    "laboratory": ("{last} Biosciences", "{town} Tissue Bank", "{last} Water Testing"),
    "haulage": ("{last} Chilled Haulage", "{last} Brothers Transport", "{town} Coldlink"),
}
FRENCH_COMPANIES = {
    "wholesale": ("Marée {last}", "{last} Frais Distribution", "Comptoir des Halles de {town}"),
    "pharmacy": ("Pharmacie {last}", "Pharmacie de la Gare {town}", "Pharmacie du Parc {town}"),
    "hospital": ("Clinique {last}", "Centre hospitalier de {town}"),
    "catering": ("{last} Traiteur", "Boulangerie {last}", "Cuisine centrale de {town}"),
    "laboratory": ("Laboratoire {last}", "BioAnalyses {town}"),
    "haulage": ("Transports {last} Frigo", "{last} Logistique du Froid"),
}
SPANISH_COMPANIES = {
    "wholesale": ("Congelados {last}", "Frutas {last} e Hijos", "Mariscos {town}"),
    "pharmacy": ("Farmacia {last}", "Farmacia Plaza {town}"),
    "hospital": ("Clínica {last}", "Hospital Comarcal de {town}"),
    "catering": ("Obrador {last}", "Comedores {town}", "Heladería {last}"),
    "laboratory": ("Laboratorios {last}", "Análisis Clínicos {town}"),
    "haulage": ("Transportes Frigoríficos {last}", "Logística {last}"),
}
NORDIC_COMPANIES = {
    "wholesale": ("{last} Fisk", "{last} Seafood", "{town} Food Supply"),
    "pharmacy": ("{last} Apotek", "Apotek {town} Torv"),
    "hospital": ("{town} Hospital", "{town} Sundhedscenter"),
    "catering": ("{last} Bageri", "{last} Kitchens", "Café {last}"),
    "laboratory": ("{last} Biolab", "{town} Biobank"),
    "haulage": ("{last} Kyltransport", "{last} Logistik"),
}
AMERICAN_COMPANIES = {
    "wholesale": ("{last} Produce Inc.", "{town} Provisions", "{last} Ice Cream Company"),
    "pharmacy": ("{last} Drugs", "{town} Family Pharmacy"),
    "hospital": ("{town} Medical Center", "{last} Memorial Clinic"),
    "catering": ("{last} Catering LLC", "{town} Commissary"),
    "laboratory": ("{last} Labs", "{town} Milk Bank"),
    "haulage": ("{last} Refrigerated Freight", "{last} Trucking"),
}
JAPANESE_COMPANIES = {
    "wholesale": ("{last}水産株式会社", "{town}青果卸売"),
    "pharmacy": ("{last}薬局", "{town}駅前薬局"),
    "hospital": ("{town}中央病院", "{last}クリニック"),
    "catering": ("{last}製菓", "{town}給食センター"),
    "laboratory": ("{last}バイオ研究所", "{town}臨床検査センター"),
    "haulage": ("{last}冷蔵運輸", "{town}低温物流"),
}

COUNTRIES = {
    "DE": Country("de", "eu", split("Oldenburg, Kassel, Rostock, Heilbronn, Bamberg, Siegen, Lüneburg, Görlitz, Offenburg, Wesel"),
                  split("Lindenstraße, Hafenweg, Am Schlachthof, Bahnhofstraße, Gutenbergring, Mühlenkamp, Kirchgasse"), "{street} {number}, {code} {town}",
                  "#####", GERMAN_FIRST, GERMAN_LAST, GERMAN_COMPANIES),
    "AT": Country("de", "eu", split("Linz, Villach, Dornbirn, Wels, Leoben"), split("Hauptplatz, Donaulände, Gewerbestraße, Steinergasse"),
                  "{street} {number}, {code} {town}", "####", GERMAN_FIRST, GERMAN_LAST, GERMAN_COMPANIES),
    "CH": Country("de", "ch", split("Aarau, Chur, Winterthur, Olten, Thun"), split("Seestrasse, Dorfstrasse, Industrieweg, Kornhausgasse"),
                  "{street} {number}, {code} {town}", "####", GERMAN_FIRST, GERMAN_LAST, GERMAN_COMPANIES),
    "NL": Country("nl", "eu", split("Deventer, Zaandam, Breda, Sneek, Venlo, Hoorn"), split("Havenkade, Stationsweg, Veilinglaan, Molendijk, Kerkstraat"),
                  "{street} {number}, {code} XX {town}", "####", NORDIC_FIRST, NORDIC_LAST, DUTCH_COMPANIES),
    "BE": Country("fr", "eu", split("Namur, Tournai, Arlon, Liège, Verviers"), split("Rue des Bouchers, Quai aux Briques, Chaussée de Mons, Rue Haute"),
                  "{street} {number}, {code} {town}", "####", FRENCH_FIRST, FRENCH_LAST, FRENCH_COMPANIES),
    "DK": Country("da", "eu", split("Esbjerg, Randers, Kolding, Viborg, Svendborg"), split("Fiskerivej, Nørregade, Industrivej, Havnepladsen"),
                  "{street} {number}, {code} {town}", "####", NORDIC_FIRST, NORDIC_LAST, NORDIC_COMPANIES),
    "SE": Country("sv", "eu", split("Kalmar, Borås, Luleå, Karlstad, Ystad"), split("Storgatan, Slakthusvägen, Magasinsgatan, Kajplatsen"),
                  "{street} {number}, {code} {town}", "### ##", NORDIC_FIRST, NORDIC_LAST, NORDIC_COMPANIES),
    "FI": Country("fi", "eu", split("Turku, Oulu, Kotka, Vaasa, Joensuu"), split("Satamatie, Kauppakatu, Rautatienkatu, Teollisuustie"),
                  "{street} {number}, {code} {town}", "#####", NORDIC_FIRST, NORDIC_LAST, NORDIC_COMPANIES),
    "GB": Country("en", "uk", split("Halifax, Grimsby, Stirling, Swansea, Carlisle, Norwich, Exeter, Preston, Hereford, Dundee"),
                  split("Mill Lane, Canal Road, Abattoir Lane, Station Approach, Prospect Street, Victoria Road, Unit 4 Dock Street"),
                  "{number} {street}, {town} ZZ# #ZZ", "", ENGLISH_FIRST, ENGLISH_LAST, ENGLISH_COMPANIES),
    "IE": Country("en", "eu", split("Sligo, Ennis, Drogheda, Tralee, Athlone"), split("Quay Street, Patrick Street, Bridge Road, The Mall"),
                  "{number} {street}, {town}", "", ENGLISH_FIRST, ENGLISH_LAST, ENGLISH_COMPANIES),
    "FR": Country("fr", "eu", split("Quimper, Valence, Dijon, Angoulême, Béziers, Cherbourg, Annecy"),
                  split("rue de la Criée, avenue Jean-Jaurès, chemin des Vignes, place du Marché, boulevard de l'Europe"),
                  "{number} {street}, {code} {town}", "#####", FRENCH_FIRST, FRENCH_LAST, FRENCH_COMPANIES),
    "ES": Country("es", "eu", split("Burgos, Vigo, Castellón, Lleida, Huelva, Cartagena"),
                  split("Calle del Puerto, Avenida de la Lonja, Calle Mayor, Polígono Las Salinas, Ronda Sur"),
                  "{street} {number}, {code} {town}", "#####", SPANISH_FIRST, SPANISH_LAST, SPANISH_COMPANIES),
    "US": Country("en", "us", split("Duluth, Spokane, Toledo, Savannah, Portland, Fresno"), split("Harbor Street, Market Avenue, Depot Road, Elm Street"),
                  "{number} {street}, {town}", "", ENGLISH_FIRST, ENGLISH_LAST, AMERICAN_COMPANIES),
    "JP": Country("ja", "jp", split("大阪市, 仙台市, 函館市, 静岡市, 福岡市"), split("中央区, 青葉区, 港町, 駿河区, 本町"),
                  "〒{code} {town}{street}{number}丁目", "###-####", JAPANESE_FIRST, JAPANESE_LAST, JAPANESE_COMPANIES),
}  # fmt: skip
LATIN = {"健一": "kenichi", "直美": "naomi", "美咲": "misaki", "拓也": "takuya", "由美子": "yumiko", "浩二": "koji", "恵": "megumi", "大輔": "daisuke",
         "陽子": "yoko", "翔太": "shota", "智子": "tomoko", "隆": "takashi", "真由美": "mayumi", "亮": "ryo", "幸子": "sachiko", "修": "osamu",
         "佐伯": "saeki", "藤原": "fujiwara", "大西": "onishi", "小野寺": "onodera", "三浦": "miura", "長谷川": "hasegawa", "岡本": "okamoto",
         "野村": "nomura", "堀内": "horiuchi", "白石": "shiraishi", "西村": "nishimura", "桜井": "sakurai", "村上": "murakami", "内田": "uchida",
         "古川": "furukawa", "宮崎": "miyazaki", "大阪市": "osaka", "仙台市": "sendai", "函館市": "hakodate", "静岡市": "shizuoka",
         "福岡市": "fukuoka"}  # fmt: skip
