"""First and last names of people at the company; all of them can be typeset in Windows-1252."""

from __future__ import annotations

FIRST = (
    "Aino Anders Anneke Anton Astrid Beatriz Bram Carla Casper Cécile Clara Damian Daphne Edda Eero Elise Emil Esther Femke Fiona "
    "Florian Freya Gerrit Greta Gustav Hanne Harald Helena Hugo Ida Imogen Ines Ingrid Iris Jana Jasper Joost Judith Kaisa Karel "
    "Katrin Kerstin Klaas Lars Laura Leonie Lotte Lucía Magnus Malin Marcel Marit Marta Matteo Mette Mikael Mirjam Nadia Niels Nora "
    "Oskar Otto Paula Pekka Petra Philippa Pieter Ragnhild Rasmus René Robin Rosa Runa Ruth Sanna Saskia Sebastian Silke Simon Sofia "
    "Stefan Svenja Tamara Teresa Thea Thijs Tobias Tom Tuomas Ulrike Valerie Vera Victor Vivian Wiebke Willem Yara Yvonne Zoë Åse"
).split()

LAST = (
    "Aalto Abbink Achterberg Ahlgren Amsel Andries Arnesen Aubert Baan Backhaus Bakke Barrow Beckman Bellwood Berends Bergvall Bexley "
    "Bieker Birkeland Blaauw Blomqvist Boelen Bouchard Brandsma Brekke Brinkhoff Broxton Bruun Castell Claussen Coldwell Cordes "
    "Dahlström Dekker Delacroix Dinkel Draycott Drews Eckhart Edvardsen Eikeland Ekholm Elsner Engström Escobar Falkner Farrow "
    "Feldkamp Fennema Fiskum Fjeld Flamand Forsberg Frantzen Gadsby Garmo Geerts Gerlach Gjerde Glazer Goossens Granlund Grevers "
    "Grönroos Haagsma Hallam Hartvig Haverkamp Heikkilä Hellström Hemsworth Hengst Hovland Huisman Hultman Ibsen Ingersoll Isaksen "
    "Jaspers Jernberg Joensuu Jurgens Kallio Kamphuis Karlsen Keldermans Kettering Kirchner Kjellberg Kloster Knutsen Koivisto Korte "
    "Kragh Kuiper Lachmann Lagerlöf Lambrecht Langeland Larkin Lehtonen Leitner Lindqvist Lockwood Lohmann Lundgaard Maas Malmberg "
    "Marchetti Meinders Melgaard Merritt Mikkola Moberg Molenaar Mortlake Mäkelä Naess Navarro Neumeier Niemi Nordahl Nyström "
    "Oberhauser Odegaard Ohlsson Olavsson Oosting Ostermann Overgaard Paasche Palmgren Pedroza Pellinen Pettersen Plath Postma "
    "Prescott Quist Raaijmakers Raitio Ramsdal Rasch Reinders Renshaw Ritsema Roivas Rosenlund Ruiter Rydberg Saarinen Salminen "
    "Sandvik Scheffer Schreuder Selander Siebert Sjöholm Skarsgard Smeets Solheim Sorley Staal Steenbergen Stenmark Strand Suominen "
    "Sveinsson Talbot Tangen Tervo Thorsen Tiemann Tollefsen Torvinen Treadwell Trost Ullmann Ulriksen Valk Vandamme Vasquez "
    "Veenstra Verhoeven Vestergaard Viklund Vogelsang Voss Waaler Wahlgren Weidmann Westphal Wibe Wickstead Wiersma Winther Wolters "
    "Yardley Ylinen Zandstra Zellweger Ziegler Zuidema Öberg Östlund"
).split()
