"""Countries as they are written: other names, demonyms, capitals, so that "the Greek prime minister" meets "of Greece".

One line a country: its name; other names; what its people and things are called; its capital. Facts of geography, our own list.

>>> nation_of("hellenic"), nation_of("russian federation"), nation_of("beijing"), nation_of("atlantis")
('greece', 'russia', 'china', None)
"""

from __future__ import annotations

from index.speech.transliteration import fold

_TABLE = """
Afghanistan; ; Afghan, Afghans; Kabul
Albania; ; Albanian, Albanians; Tirana
Algeria; ; Algerian, Algerians; Algiers
Angola; ; Angolan, Angolans; Luanda
Argentina; Argentine Republic; Argentine, Argentinian, Argentines, Argentinians; Buenos Aires
Armenia; ; Armenian, Armenians; Yerevan
Australia; ; Australian, Australians; Canberra
Austria; ; Austrian, Austrians; Vienna
Azerbaijan; ; Azerbaijani, Azeri, Azerbaijanis, Azeris; Baku
Bahrain; ; Bahraini, Bahrainis; Manama
Bangladesh; ; Bangladeshi, Bangladeshis; Dhaka
Belarus; Byelorussia; Belarusian, Belarussian, Belorussian, Belarusians, Belarussians; Minsk
Belgium; ; Belgian, Belgians; Brussels
Bolivia; ; Bolivian, Bolivians; La Paz
Bosnia and Herzegovina; Bosnia; Bosnian, Bosnians; Sarajevo
Botswana; ; Botswanan; Gaborone
Brazil; ; Brazilian, Brazilians; Brasilia
Bulgaria; ; Bulgarian, Bulgarians; Sofia
Cambodia; ; Cambodian, Cambodians; Phnom Penh
Cameroon; ; Cameroonian, Cameroonians; Yaounde
Canada; ; Canadian, Canadians; Ottawa
Central African Republic; ; Central African; Bangui
Chad; ; Chadian; N'Djamena
Chile; ; Chilean, Chileans; Santiago
China; People's Republic of China, PRC; Chinese; Beijing
Colombia; ; Colombian, Colombians; Bogota
Congo; Democratic Republic of the Congo, DRC; Congolese; Kinshasa
Costa Rica; ; Costa Rican, Costa Ricans; San Jose
Croatia; ; Croatian, Croat, Croatians, Croats; Zagreb
Cuba; ; Cuban, Cubans; Havana
Cyprus; ; Cypriot, Cypriots; Nicosia
Czech Republic; Czechia; Czech, Czechs; Prague
Denmark; ; Danish, Dane, Danes; Copenhagen
Ecuador; ; Ecuadorian, Ecuadorean, Ecuadorians; Quito
Egypt; Arab Republic of Egypt; Egyptian, Egyptians; Cairo
El Salvador; ; Salvadoran, Salvadorans; San Salvador
Estonia; ; Estonian, Estonians; Tallinn
Ethiopia; ; Ethiopian, Ethiopians; Addis Ababa
Finland; ; Finnish, Finn, Finns; Helsinki
France; French Republic; French, Frenchman, Frenchwoman; Paris
Georgia; ; Georgian, Georgians; Tbilisi
Germany; Federal Republic of Germany, FRG; German, Germans; Berlin
Ghana; ; Ghanaian, Ghanaians; Accra
Greece; Hellenic Republic; Greek, Hellenic, Greeks; Athens
Guatemala; ; Guatemalan, Guatemalans; Guatemala City
Haiti; ; Haitian, Haitians; Port-au-Prince
Honduras; ; Honduran, Hondurans; Tegucigalpa
Hungary; ; Hungarian, Hungarians; Budapest
Iceland; ; Icelandic, Icelander, Icelanders; Reykjavik
India; ; Indian, Indians; New Delhi
Indonesia; ; Indonesian, Indonesians; Jakarta
Iran; Islamic Republic of Iran; Iranian, Iranians; Tehran
Iraq; ; Iraqi, Iraqis; Baghdad
Ireland; ; Irish; Dublin
Israel; State of Israel; Israeli, Israelis; Jerusalem
Italy; Italian Republic; Italian, Italians; Rome
Ivory Coast; Cote d'Ivoire; Ivorian, Ivorians; Abidjan
Jamaica; ; Jamaican, Jamaicans; Kingston
Japan; ; Japanese; Tokyo
Jordan; ; Jordanian, Jordanians; Amman
Kazakhstan; ; Kazakh, Kazakhstani, Kazakhs; Nur-Sultan
Kenya; ; Kenyan, Kenyans; Nairobi
Kosovo; ; Kosovar, Kosovan, Kosovars; Pristina
Kuwait; ; Kuwaiti, Kuwaitis; Kuwait City
Kyrgyzstan; Kyrgyz Republic; Kyrgyz; Bishkek
Laos; ; Laotian, Lao, Laotians; Vientiane
Latvia; ; Latvian, Latvians; Riga
Lebanon; ; Lebanese; Beirut
Libya; ; Libyan, Libyans; Tripoli
Lithuania; ; Lithuanian, Lithuanians; Vilnius
Luxembourg; ; Luxembourgish, Luxembourger; Luxembourg
Malaysia; ; Malaysian, Malaysians; Kuala Lumpur
Mali; ; Malian, Malians; Bamako
Malta; ; Maltese; Valletta
Mexico; ; Mexican, Mexicans; Mexico City
Moldova; ; Moldovan, Moldovans; Chisinau
Mongolia; ; Mongolian, Mongolians; Ulaanbaatar
Montenegro; ; Montenegrin, Montenegrins; Podgorica
Morocco; ; Moroccan, Moroccans; Rabat
Mozambique; ; Mozambican, Mozambicans; Maputo
Myanmar; Burma; Burmese; Naypyidaw
Nepal; ; Nepalese, Nepali; Kathmandu
Netherlands; Holland; Dutch, Dutchman, Dutchwoman; Amsterdam
New Zealand; ; New Zealander, New Zealanders; Wellington
Nicaragua; ; Nicaraguan, Nicaraguans; Managua
Niger; ; Nigerien; Niamey
Nigeria; ; Nigerian, Nigerians; Abuja
North Korea; DPRK, Democratic People's Republic of Korea; North Korean, North Koreans; Pyongyang
North Macedonia; Macedonia; Macedonian, Macedonians; Skopje
Norway; ; Norwegian, Norwegians; Oslo
Oman; ; Omani, Omanis; Muscat
Pakistan; ; Pakistani, Pakistanis; Islamabad
Palestine; State of Palestine; Palestinian, Palestinians; Ramallah
Panama; ; Panamanian, Panamanians; Panama City
Paraguay; ; Paraguayan, Paraguayans; Asuncion
Peru; ; Peruvian, Peruvians; Lima
Philippines; ; Philippine, Filipino, Filipinos; Manila
Poland; ; Polish, Pole, Poles; Warsaw
Portugal; ; Portuguese; Lisbon
Qatar; ; Qatari, Qataris; Doha
Romania; ; Romanian, Romanians; Bucharest
Russia; Russian Federation, Soviet Union, USSR; Russian, Soviet, Russians; Moscow
Rwanda; ; Rwandan, Rwandans; Kigali
Saudi Arabia; Kingdom of Saudi Arabia; Saudi, Saudis; Riyadh
Senegal; ; Senegalese; Dakar
Serbia; ; Serbian, Serb, Serbians, Serbs; Belgrade
Singapore; ; Singaporean, Singaporeans; Singapore
Slovakia; Slovak Republic; Slovak, Slovakian, Slovaks; Bratislava
Slovenia; ; Slovenian, Slovene, Slovenians, Slovenes; Ljubljana
Somalia; ; Somali, Somalis; Mogadishu
South Africa; RSA; South African, South Africans; Pretoria
South Korea; Republic of Korea, ROK; South Korean, South Koreans; Seoul
South Ossetia; ; South Ossetian, Ossetian; Tskhinvali
South Sudan; ; South Sudanese; Juba
Spain; Kingdom of Spain; Spanish, Spaniard, Spaniards; Madrid
Sri Lanka; ; Sri Lankan, Sri Lankans; Colombo
Sudan; ; Sudanese; Khartoum
Sweden; ; Swedish, Swede, Swedes; Stockholm
Switzerland; Swiss Confederation; Swiss; Bern
Syria; Syrian Arab Republic; Syrian, Syrians; Damascus
Taiwan; ; Taiwanese; Taipei
Tajikistan; ; Tajik, Tajikistani, Tajiks; Dushanbe
Tanzania; ; Tanzanian, Tanzanians; Dodoma
Thailand; ; Thai, Thais; Bangkok
Tunisia; ; Tunisian, Tunisians; Tunis
Turkey; Türkiye, Republic of Turkey; Turkish, Turk, Turks; Ankara
Turkmenistan; ; Turkmen, Turkmens; Ashgabat
Uganda; ; Ugandan, Ugandans; Kampala
Ukraine; ; Ukrainian, Ukrainians; Kyiv, Kiev
United Arab Emirates; UAE; Emirati, Emiratis; Abu Dhabi
United Kingdom; UK, U.K., Britain, Great Britain, England; British, English, Briton, Brit, Britons, Brits; London
United States; US, U.S., USA, U.S.A., United States of America, America; American, Americans; Washington
Uruguay; ; Uruguayan, Uruguayans; Montevideo
Uzbekistan; ; Uzbek, Uzbekistani, Uzbeks; Tashkent
Vatican; Holy See, Vatican City; ; Vatican City
Venezuela; Bolivarian Republic of Venezuela; Venezuelan, Venezuelans; Caracas
Vietnam; Viet Nam, Socialist Republic of Vietnam; Vietnamese; Hanoi
Yemen; ; Yemeni, Yemenis; Sanaa
Zambia; ; Zambian, Zambians; Lusaka
Zimbabwe; ; Zimbabwean, Zimbabweans; Harare
Abkhazia; ; Abkhazian, Abkhaz; Sukhumi
Scotland; ; Scottish, Scot, Scots; Edinburgh
Wales; ; Welsh; Cardiff
European Union; EU, E.U.; European, Europeans; 
"""

_PLACES = frozenset(
    " ".join(place.split())
    for place in """
    Africa, Asia, Europe, Latin America, Middle East, Crimea, Donbass, Siberia, Hong Kong, Alabama, Alaska, Arizona, Arkansas,
    California, Colorado, Connecticut, Delaware, Florida, Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana,
    Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire,
    New Jersey, New Mexico, New York, New York City, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania,
    Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, West Virginia, Wisconsin, Wyoming,
    Puerto Rico, Manhattan, Brooklyn, Chicago, Los Angeles, San Francisco, Philadelphia, Detroit, Boston, Miami, Dallas,
    Seattle, Atlanta, Cleveland, Baltimore, Silicon Valley, Capitol Hill, Wall Street, St Petersburg, Geneva, New England
    """.casefold().split(",")
)


def _read(table: str) -> tuple[dict[str, str], frozenset[str]]:
    nations: dict[str, str] = {}
    demonyms: set[str] = set()
    for line in filter(None, table.splitlines()):
        columns = [[fold(form.strip()) for form in column.split(",") if form.strip()] for column in line.split(";")]
        country = columns[0][0]
        for form in sum(columns, []):
            nations.setdefault(form, country)
        demonyms.update(columns[2])
    return nations, frozenset(demonyms)


_NATIONS, _DEMONYMS = _read(_TABLE)
LONGEST = max(len(form.split()) for form in _NATIONS)
"""Most words that the name of a country has here."""


def nation_of(folded: str) -> str | None:
    """The country that these words (folded, without "the") name, by its own name, a demonym or its capital."""
    return _NATIONS.get(folded)


def is_demonym(folded: str) -> bool:
    """Whether this is what a country's people or things are called: "greek", "greeks"."""
    return folded in _DEMONYMS


def is_place(folded: str) -> bool:
    """Whether this names a country, a state or a city we know, and so nobody."""
    return folded in _NATIONS or " ".join(folded.split()) in _PLACES
