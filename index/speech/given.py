"""Given names: which gender they tell, and which are forms of one another.

Facts of naming, our own list, far from whole: a name that is not in it tells nothing.

>>> gender_of("Vladimir"), gender_of("Hillary"), gender_of("Kim")
('he', 'she', None)
>>> same_given("bill", "william"), same_given("bill", "hillary"), same_given("v.", "vladimir")
(True, False, True)
"""

from __future__ import annotations

from index.speech.records import Gender
from index.speech.transliteration import fold, skeleton

_HE = """
Aaron Abdul Abdullah Abraham Adam Adolf Adrian Ahmad Ahmed Alan Albert Alberto Alejandro Aleksandar Aleksander Aleksandr
Aleksei Aleksey Alessandro Alexander Alexandre Alexandr Alexei Alexey Alfonso Alfred Ali Allan Allen Alvin Amir Anatoly Anders
Andre Andreas Andrei Andrew Andrey Andrzej Andrés André Andy Angus Anthony Antoine Anton Antonio Antony António Antti Arkady
Armando Arnold Arsen Arseny Artem Arthur Artur Artyom Asif Askar Augusto Austin Barack Barney Barry Bart Bashar Ben Benito
Benjamin Benny Bernard Bernardo Bernie Bert Bill Billy Bob Bobby Bogdan Boris Boyko Brad Bradley Brendan Brent Brett Brian Brock
Bruce Bruno Bryan Burt Byron Calvin Carl Carlo Carlos Cedric Cesar Chad Charles Charlie Chip Christian Christoph Christopher
Chuck Clarence Claude Claudio Clayton Cliff Clifford Clint Clyde Colin Conor Constantin Corey Cory Craig Curt Curtis Cyril
Cyrus Damian Damien Dan Daniel Daniele Danny Darius Darrell Darren Dave David Davide Davit Dean Dennis Denis Denny Denys Derek
Desmond Dick Diego Dieter Dimitri Dimitris Dinesh Dirk Dmitri Dmitriy Dmitry Dmytro Dominic Don Donald Donnie Doug Douglas Duncan
Dustin Dwayne Dwight Earl Eddie Ed Edgar Eduard Eduardo Edward Edwin Egor Elias Elijah Elliot Elliott Elon Emanuel Emil Emilio
Emmanuel Emmerson Emmett Enrico Enrique Eric Erick Erik Ernest Ernesto Ethan Eugene Evan Evgeny Evgeniy Ezra Fabio Federico
Felipe Felix Fernando Fidel Filipp Fletcher Francesco Francisco Franco François Frank Franklin Fred Freddie Frederic Frederick
Fyodor Gary Gavin Gennady Geoff Geoffrey George Georgios Georgy Gerald Gerard Gerardo Gerhard German Giancarlo Gideon Gilbert
Giorgio Giovanni Giuseppe Gleb Glenn Gordon Graham Greg Gregg Gregory Grigory Guillaume Guillermo Gurbanguly Gus Guy Hal Hamid
Hank Hans Harlan Harold Harry Harvey Hassan Heiko Heinrich Heinz Helmut Henri Henrik Henry Herbert Herman Hermann Horst Hosni
Howard Hubert Hugh Hugo Hussein Ian Ibrahim Igor Ilham Ilya Imran Ion Isaac Ismail Ivan Jack Jackson Jacob Jacques Jair Jake
Jakob Jamal James Jared Jason Javier Jay Jeb Jeff Jefferson Jeffrey Jeh Jens Jeremy Jerome Jerry Jim Jimmy Joachim Joao Joe Joel
Johan Johann Johannes John Johnny Jon Jonathan Jorge Josef Joseph Josh Joshua José João Juan Julian Julien Julio Julius Jussi
Justin Jyrki Jürgen Karim Karl Kassym-Jomart Kasym-Jomart Keith Ken Kenneth Kenny Kevin Khalid Kirill Kirk Klaus Konstantin
Konstantinos Kurt Kyle Kyriakos Lance Larry Lars Laurent Lawrence Len Leon Leonard Leonardo Leonid Leroy Lev Lewis Liam Lincoln
Lionel Lloyd Lorenzo Lou Louis Luca Lucas Ludwig Luigi Luis Luke Luís Lyndon Magnus Magomed Mahmoud Mahmud Malcolm Manfred
Manuel Marat Marc Marcel Marcelo Marco Marcos Marcus Mario Mark Markus Martin Marty Marvin Massimo Mateo Mateusz Mathew Mathias
Matt Matteo Matthew Matthias Maurice Mauricio Maurizio Max Maxim Maximilian Mehmet Mel Melvin Merrick Michael Michal Michel Mick
Miguel Mikael Mike Mikhail Mikko Miles Milo Milton Mitch Mitt Mohamed Mohammad Mohammed Muhammad Murray Mustafa Narendra Nate
Nathan Nathaniel Ned Neil Nelson Newt Nicholas Nick Nicolae Nicolas Nicolás Niels Nigel Nikita Nikol Nikolai Nikolay Nikolaos Nikos
Nils Noah Norbert Norman Nursultan Olaf Oleg Oleh Oleksandr Oleksiy Oliver Olivier Omar Orrin Oscar Oskar Osman Otto Owen Pablo
Paddy Paolo Pascal Patrick Paul Paulo Pavel Pavlo Pedro Pekka Pete Peter Petr Petro Phil Philip Philippe Phillip Pierre Pietro
Pyotr Rafael Rahul Raj Ralf Ralph Ramiro Ramon Ramzan Rand Randall Randy Rashid Raul Ravi Ray Raymond Raúl Recep Reggie Reince
Reinhard Rex Ricardo Richard Rick Ricky Rob Robby Robert Roberto Rocky Rod Roderick Rodney Rodrigo Rodrigue Roger Roland Rolf
Roman Ron Ronald Ronnie Ross Roy Ruben Rudolf Rudolph Rudy Rupert Rush Ruslan Russ Russell Rustam Ryan Sadyr Sajid Salman
Salvatore Samuel Santiago Sauli Saul Scott Sean Sebastian Serge Sergei Sergey Sergio Serhiy Seth Shane Shaun Shavkat Shawn Sheldon
Sherrod Shinzo Sid Sigmar Silvio Simon Sonny Spencer Spiro Stanislav Stanley Stefan Stefano Stephan Stephen Sterling Steve Steven
Stewart Stu Stuart Svyatoslav Tad Tariq Tate Ted Teddy Terrence Thad Thaddeus Theodore Thierry Thomas Tim Timothy Timur Tito
Tobias Todd Tom Tomas Tomasz Tommy Tony Travis Trent Trevor Trey Ty Tyler Ulrich Umberto Uwe Vadim Valentin Valery Vasily Vernon
Veselin Victor Viktor Vince Vincent Vitali Vitaly Vlad Vladimir Vladislav Volodymyr Vyacheslav Wallace Walt Walter Warren Wayne
Wendell Werner Wes Wesley Wilhelm Will Willem William Willie Winston Wolfgang Woodrow Woody Xavier Yair Yanis Yaroslav Yasser
Yegor Yevgeny Yitzhak Yuri Yuriy Yury Yusuf Yves Zachary Zbigniew Zoran
"""
_SHE = """
Abby Abigail Adele Adriana Agnes Aisha Alena Alexandra Alexandria Alice Alicia Alina Alison Alla Allison Alyona Alyssa Amanda
Amber Amelia Amy Ana Anastasia Angela Angelina Angie Anita Ann Anna Anne Annette Annie Antonia April Asya Audrey Ayelet Barbara
Beatrice Becky Belinda Benazir Bernadette Beth Betsy Betty Beverly Bonnie Brenda Brianna Bridget Brigitte Brooke Caitlin Camila
Camilla Candice Cara Carla Carly Carmen Carol Carole Caroline Carolyn Carrie Catherine Cathy Cecilia Celia Charlotte Chelsea
Cheri Cheryl Christiane Christina Christine Cindy Claire Clara Claudia Colleen Condoleezza Connie Constance Cristina Cynthia
Daisy Danielle Daria Darya Dawn Deborah Debbie Debra Denise Diana Diane Dianne Dilma Dina Dolores Donna Dora Doris Dorothy
Edith Eileen Ekaterina Elaine Eleanor Elena Eleni Elise Elizabeth Ella Ellen Elvira Emily Emma Erica Erika Erin Esther Eva Evelyn
Fatima Federica Felicia Fiona Florence Frances Francine Franziska Gabrielle Gail Galina Gayle Genevieve Geraldine Gina Ginni Giorgia
Gisele Giulia Gladys Gloria Grace Greta Gretchen Gulnara Gwen Hannah Harriet Heather Heidi Helen Helena Helga Helle Hillary Hilary
Holly Hope Huma Ines Ingrid Irene Irina Iris Isabel Isabella Ivanka Jacinda Jacqueline Jan Jane Janet Janice Jeanette Jeanne
Jeannie Jen Jennifer Jenny Jessica Jill Joan Joanna Joanne Jodi Josephine Joyce Judith Judy Julia Juliana Julie Juliet June
Karen Karin Karine Kate Katherine Kathleen Kathryn Kathy Katie Katrina Katya Kay Kayleigh Kellyanne Kimberly Kirsten Kirstjen
Kristen Kristi Kristin Kseniya Ksenia Larisa Laura Lauren Laurie Leah Lena Lidia Liliya Lillian Lily Linda Lisa Liz Liza Lois
Lora Loretta Lori Lorraine Louise Lucia Lucinda Lucy Lydia Lynn Lynne Lyubov Lyudmila Madeleine Maggie Maia Mandy Manuela Marcia
Margaret Margarita Margrethe Maria Mariana Marie Marilyn Marina Marine Marion Marissa Marjorie Marsha Martha Mary Maureen
María Maxine Mazie Megan Megyn Melania Melanie Melinda Melissa Mette Mia Michelle Mika Mildred Miranda Miriam Mollie Molly Mona
Monica Muriel Myrtle Nadezhda Nadia Nana Nancy Naomi Natalia Natalie Natalya Neera Nellie Nichole Nicole Nina Nora Norma Olga
Olivia Olympia Oprah Oxana Oksana Pamela Patricia Patty Paula Pauline Peggy Penelope Penny Phoebe Phyllis Polina Polly Priscilla
Priti Rachel Raisa Rebecca Regina Renee Rhonda Rita Roberta Rosa Rosalynn Rose Rosemary Roxana Ruth Sabina Sabrina Sally
Samantha Sandra Sanna Sara Sarah Sharon Sheila Shelley Sherry Shirley Silvia Simone Sofia Sonia Sonya Sophia Sophie Stacey
Stacy Stella Stephanie Sue Susan Susana Susie Suzanne Svetlana Sylvia Tamara Tammy Tanya Tara Tatiana Tatyana Teresa Tess
Theresa Tiffany Tina Tonya Trina Tricia Tulsi Ursula Valentina Valerie Vanessa Vera Veronica Veronika Vicki Vicky Victoria
Viktoria Violet Virginia Vivian Wanda Wendy Whitney Wilma Xenia Yekaterina Yelena Yevgenia Yolanda Yulia Yvette Yvonne Zinaida
Zoe Zuzana
"""
_EITHER = """
Addison Alex Alexis Andrea Angel Ariel Ashley Ashton Avery Bailey Blair Cameron Carey Casey Cary Chris Claude Courtney Dale Dana
Devin Dominique Drew Francis Frankie Gale Glen Hunter Jackie Jamie Jean Jesse Jessie Jody Jordan Kelly Kelsey Kerry Kim Kris Lane
Lee Leigh Leslie Lindsay Lindsey Logan Lonnie Lynn Mackenzie Marley Marlow Mel Michele Morgan Nicola Noel Pat Peyton Quinn Reagan
Reese Robin Rory Sam Sandy Shannon Shelby Sidney Sydney Sasha Stacy Taylor Terry Toni Tracy Tyler Val Whitney Zhenya Ash Tucker Huma
Cole Marco Elmar Mika Nikola Sasha Simone
"""

# Each line are forms of one name, as far as people are called by both.
_FORMS = """
abigail abby
abraham abe
albert al bert
alexander alexandr aleksandr aleksander oleksandr alex sasha alec
alexei alexey aleksei aleksey oleksiy
andrew andy drew
andrei andrey andriy
anthony antony tony
arthur art
barbara barb
benjamin ben benny
bernard bernie
bradley brad
catherine katherine kathryn kate kathy cathy katie
charles charlie chuck
christopher chris
christina christine chris tina
clifford cliff
cynthia cindy
daniel dan danny
david dave
deborah debra debbie deb
denis dennis denys
dmitry dmitri dmitriy dmytro dimitri
donald don donnie
douglas doug
edward ed eddie ted ned
edwin ed
elizabeth liz beth betsy betty eliza lizzie
eugene gene
eugene evgeny evgeniy yevgeny
frederick fred freddie
geoffrey geoff
gerald jerry gerry
gregory greg
grigory grigori
harold hal harry
henry hank harry
hillary hilary
jacob jake
james jim jimmy jamie
janet jan
jeffrey jeff
jennifer jen jenny
jeremiah jerry
john johnny jack jon
jonathan jon
joseph joe joey
joshua josh
judith judy
kassym-jomart kasym-jomart
kenneth ken kenny
kimberly kim
kseniya ksenia xenia
lawrence larry
leonard len lenny
louis lou
margaret maggie peggy meg
matthew matt
michael mike mick mickey
mikhail mihail mykhailo
mitchell mitch
mitt willard
mohammed mohammad mohamed muhammad
nancy nan
nathaniel nathan nate nat
nicholas nick nicolas
nikolai nikolay mykola
oleg oleh
oksana oxana
pamela pam
patricia pat patty tricia trish
patrick pat paddy
paul pavel pavlo
peter pete
petr pyotr petro peter
philip phillip phil
rafael ted
randall randy rand
raymond ray
rebecca becky
richard dick rick rich ricky
robert bob bobby rob robby bert
ronald ron ronnie
rudolph rudolf rudy
russell russ
samantha sam
samuel sam
sergei sergey serhiy sergiy
sofia sophia sofya
stanley stan
stephen steven steve
stuart stewart stu
susan sue susie
svetlana svitlana
tatyana tatiana
terrence terry
theodore ted teddy theo
theresa teresa terry
thomas tom tommy
timothy tim
victoria vicky vicki
victor viktor vic
vincent vince
vitaly vitali vitaliy
vladimir volodymyr wladimir vlad
walter walt
william bill billy will willie
yekaterina ekaterina katerina
yelena elena helena olena
yevgenia evgenia
yury yuri yuriy iurii
zachary zach zack
"""


def _genders() -> dict[str, Gender | None]:
    genders: dict[str, Gender | None] = {}
    for gender, names in (("he", _HE), ("she", _SHE), (None, _EITHER)):
        for name in map(fold, names.split()):
            genders[name] = gender if genders.get(name, gender) == gender else None
    return genders


def _forms() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for line in filter(None, _FORMS.splitlines()):
        for name in line.split():
            groups.setdefault(name, set()).update(line.split())
    return {name: frozenset(forms) for name, forms in groups.items()}


_GENDERS = _genders()
_SAME = _forms()


def is_given(name: str) -> bool:
    """Whether this is a given name we know."""
    return (folded := fold(name)) in _GENDERS or folded in _SAME


def gender_of(given: str) -> Gender | None:
    """The gender that a given name tells, if it tells one."""
    return _GENDERS.get(fold(given))


def forms_of(given: str) -> frozenset[str]:
    """The given names (folded) by which a bearer of this one (folded) is called too, this one among them."""
    return _SAME.get(given, frozenset()) | {given}


def same_given(one: str, other: str) -> bool:
    """Whether two given names (folded) can be one person's: the same, an initial of the other, or forms of one name."""
    if one == other or skeleton(one) == skeleton(other):
        return True
    one, other = one.rstrip("."), other.rstrip(".")
    if len(one) == 1 or len(other) == 1:
        # "J. Smith" may be Jim Smith as well as James: the initial is that of any form.
        return any(a[0] == b[0] for a in _SAME.get(one, {one}) | {one} for b in _SAME.get(other, {other}) | {other})
    return other in _SAME.get(one, ())
