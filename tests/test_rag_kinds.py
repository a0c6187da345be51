"""The kind of answer that a question asks for, and whether a text holds one."""

from datetime import date

import pytest

from rag.held_kinds import holds
from rag.kinds import Kind, Sought, asks_several, sought


@pytest.mark.parametrize(
    ("question", "kind", "count"),
    [
        ("How many agencies are there?", Kind.COUNT, 1),
        ("In which Russian prison camp is he held?", Kind.PLACE, 1),
        ("On which vessel did the sailor die?", Kind.NAME, 1),
        ("Which political prisoners were let go?", Kind.PERSON, 1),
        ("Which cabinet members headed the delegations?", Kind.PERSON, 1),
        ("Which two retailers gave the nappies?", Kind.NAME, 2),
        ("What will the new bridge cost?", Kind.MONEY, 1),
        ("What did Oslo set aside for the port?", Kind.MONEY, 1),
        ("What share of the cash goes to Norway?", Kind.NUMBER, 1),
        ("To what level did the bank lift its key rate?", Kind.NUMBER, 1),
        ("Until when can it be claimed?", Kind.TIME, 1),
        ("Who is going to be the first ambassador to Norway?", Kind.PERSON, 1),
        ("Who is helping the ambassador?", Kind.ACTOR, 1),
        ("What is the name of the village that was hit?", Kind.PLACE, 1),
        ("What are the names of the two Norwegians who were freed?", Kind.PERSON, 2),
        ("What was the price of oil?", Kind.MONEY, 1),
        ("What bill for the damage did it quote in May?", Kind.MONEY, 1),
        ("What are the Norwegians paying for the ships?", Kind.MONEY, 1),
        ("What is the newest total for pledges?", Kind.NUMBER, 1),
        ("What is the date of the last call?", Kind.TIME, 1),
        ("What did he pay tribute to?", Kind.OTHER, 1),
        ("Сколько стран участвует?", Kind.NUMBER, 1),
        ("What interest rate will they pay?", Kind.SHARE, 1),
        ("How soon must the two sides meet?", Kind.DURATION, 1),
        ("When will the centre open?", Kind.FUTURE, 1),
        ("When did the centre open?", Kind.TIME, 1),
        ("On what date did they meet?", Kind.TIME, 1),
        ("What is the name of the woman who was released?", Kind.PERSON, 1),
        ("What is the name of the ship?", Kind.NAME, 1),
        ("What was the volume of trade?", Kind.NUMBER, 1),
        ("Which bill did the president sign?", Kind.OTHER, 1),
        ("What happened last year?", Kind.OTHER, 1),
        ("When did the bank raise the interest rate?", Kind.TIME, 1),
        ("When did they discuss plans for the port?", Kind.TIME, 1),
        ("What time does the briefing begin?", Kind.TIME, 1),
        ("How many Swiss francs were given?", Kind.MONEY, 1),
        ("What was the money spent on?", Kind.OTHER, 1),
        ("Who spoke when the centre opened?", Kind.ACTOR, 1),
        ("At the opening, who spoke?", Kind.ACTOR, 1),
        ("What did Lund, who was in Oslo, promise?", Kind.OTHER, 1),
        ("What was agreed with WHO?", Kind.OTHER, 1),
        ("Whose death was mourned?", Kind.PERSON, 1),
        ("What of the soldiers who went there?", Kind.OTHER, 1),
        ("Why did the minister who spoke leave?", Kind.OTHER, 1),
        ("Which two foreign ministers did she meet?", Kind.PERSON, 2),
        ("Over which African country did they fly?", Kind.COUNTRY, 1),
        ("В какой стране пройдёт форум?", Kind.COUNTRY, 1),
        ("In which cities did they hold talks?", Kind.PLACE, 1),
        ("And where did they meet?", Kind.PLACE, 1),
        ("Which three crossings did the permits cover?", Kind.NAME, 3),
        ("What did the minister do?", Kind.OTHER, 1),
        ("What did he say when they met?", Kind.OTHER, 1),
        ("Did they meet again? (Before: Where did they meet? In Oslo.)", Kind.OTHER, 1),
    ],
)
def test_the_kind_of_answer_is_read_from_the_words(question: str, kind: Kind, count: int) -> None:
    assert (sought(question).kind, sought(question).count) == (kind, count)


@pytest.mark.parametrize(
    ("question", "text", "held"),
    [
        ("How many are there?", "It houses 18 agencies.", True),
        ("How many are there?", "Argentina bought F-16s.", False),
        ("How many are there?", "It opened in 2019.", False),
        ("How many are there?", "Personnel will increase.", False),
        ("How many are there?", "The two discussed security.", False),
        ("How many of its people were there?", "It had $600 million.", False),
        ("What sum was paid?", "It had $600 million.", True),
        ("How many francs did it cost?", "The government covers 80% of it.", False),
        ("How many francs did it cost?", "The damage exceeds CHF80 million.", True),
        ("Which contractor was killed?", "It struck the Islamic Revolutionary Guard Corps.", False),
        ("Who is going to be the first ambassador?", "Lund will work with the Pacific Forum.", True),
        ("Who is going to be the first ambassador?", "They will work with the Pacific Forum.", False),
        ("Which prisoner was let go?", "My Administration will not rest.", False),
        ("Whom did Lund praise?", "Lund praised the winner of the Lund Peace Award.", False),
        ("Which Polish village was hit?", "It fell in Eastern Poland.", False),
        ("What sum was paid?", "It was paid on 17 May 2024.", False),
        ("What interest rate will Norway pay?", "The loan is of $2 billion.", False),
        ("What interest rate will Norway pay?", "The loan bears 4 per cent.", True),
        ("How long did the call last?", "They met in November 2023.", False),
        ("How long did the call last?", "The call took ninety minutes, an hour and a half.", True),
        ("Which country was visited by the Norwegians?", "Norway sent three ships.", False),
        ("Which country was visited by the Norwegians?", "The Danish king received them.", True),
        ("Which two countries did she visit?", "She flew to Denmark and met the Danes.", False),
        ("Which two countries did she visit?", "She flew to Denmark and Finland.", True),
        ("В какой стране пройдёт форум?", "Форум пройдёт в Астане.", True),
        ("Who met Minister Lund?", "Minister Lund met the Norwegian delegation.", True),
        ("Who met Minister Lund?", "Minister Lund met Ambassador Berg.", True),
        ("Whom did Lund meet?", "Lund of the U.S. Department spoke.", False),
        ("Whom did Lund meet?", "Lund met the Norwegian delegation.", False),
        ("What is the name of the woman who was taken?", "The FDFA knows that a woman was taken in Mali.", False),
        ("What is the name of the woman who was taken?", "Ms Berg was taken in Mali.", True),
        ("Who opened the plant?", "The plant opened on Monday, 3 March.", False),
        ("Which West African country signed?", "They signed with Côte d’Ivoire.", True),
        ("Which West African country signed?", "They signed with France.", False),
        ("Who condemned the attack?", "Germany and France condemned the attack.", True),
        ("Who is Secretary of State?", "Secretary of State Antony Blinken spoke.", True),
        ("Which country helped?", "The United Kingdom helped.", True),
        ("Which city will host the games?", "Geneva will host the games.", True),
        ("How long is the tunnel?", "The tunnel is 57 kilometres long.", True),
        ("How long did it last?", "It lasted ninety days.", True),
        ("When did they meet?", "They met at 14:30.", True),
        ("Сколько человек погибло?", "Погибли пять человек.", True),
        ("Когда состоялась встреча?", "Встреча состоялась в мае.", True),
        ("Қанша теңге бөлінді?", "3 млрд теңге бөлінді.", True),
        ("Who met Minister Lund?", "Minister Nils Lund met nobody.", False),
        ("Where did Lund meet Berg?", "Lund met Berg today.", False),
        ("Where did Lund meet Berg?", "Lund met Berg in the port of Bodø.", True),
        ("What did Lund do?", "He slept.", True),
        ("Who headed the delegation to Oslo?", "Nils Lund announced the delegation to Oslo.", False),
        ("Who headed the delegation to Oslo?", "Nils Lund, Head of State, spoke.", False),
        ("Who headed the delegation to Oslo?", "Nils Lund will lead the delegation.", True),
        ("Who was at the head of the team?", "The team, led by Nils Lund, left.", True),
        ("Whom did the Norwegian minister meet?", "Lund spoke in Oslo.", False),
        ("How many votes did Lund get?", "Nine new members were elected.", False),
        ("How many votes did Lund get?", "Lund got 187 of 190 votes.", True),
        ("How many people died in the quake?", "Norway sent 40 rescuers after the quake.", False),
        ("How many people died in the quake?", "The quake killed 40 people.", True),
        ("How many lives did the quake cost?", "Norway mourns the 40 who perished.", True),
        ("How many soldiers does Norway have there?", "Of the 29 nations in it Norway is ninth.", False),
        ("How many soldiers does Norway have there?", "Norway keeps 29 military personnel there.", True),
        ("Who chairs the panel on fish?", "Nils Lund joined the panel on fish.", False),
        ("Who chairs the panel on fish?", "The panel on fish will be headed by Nils Lund.", True),
        ("Whom did the Norwegian minister meet?", "Lund met Horvat in Oslo.", True),
        ("Whom did the Norwegian minister meet?", "The minister met Horvat.", True),
        ("Whom did Lund meet?", "They were in Gaza.", False),
        ("Who leads the talks with Norway?", "Minister Berg chairs the talks.", True),
        ("Which ministers led the talks with Norway?", "Minister Berg chairs the talks.", True),
        ("Which ministers led the talks with Norway?", "Minister Berg travelled with the delegation.", False),
    ],
)
def test_an_answer_is_of_the_kind_and_new(question: str, text: str, held: bool) -> None:
    assert holds(sought(question), text) is held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It may sit in a building inaugurated in 2019.", False),
        ("They welcomed the decision earlier this year to build it.", False),
        ("It will open on 1 March 2024.", True),
    ],
)
def test_when_something_will_happen_is_not_answered_by_a_past_day(text: str, held: bool) -> None:
    assert holds(Sought(Kind.FUTURE), text, date(2023, 9, 7)) is held


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("Which leaders did he meet in Davos?", True),
        ("Which close aides of Lund and Berg did he see?", True),
        ("In which cities did they hold talks?", True),
        ("List the countries.", True),
        ("Какие страны участвовали?", True),
        ("Which country was it?", False),
        ("Which country looks after the website?", False),
        ("What are the Czechs paying for it?", False),
        ("What does the ministry say?", False),
        ("What is his plan?", False),
        ("How far did output rise in the newest quarter for which figures are out?", False),
        ("Who spoke, and in which cities did they speak?", True),
    ],
)
def test_questions_that_ask_for_several_things(question: str, several: bool) -> None:
    assert asks_several(question) is several
