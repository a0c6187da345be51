"""Questions that ask two things become two; what belongs together stays one."""

import time
from datetime import date

import pytest

from index.dates import find_window
from rag.clauses import Subquestion
from rag.subquestions import split

NOW = date(2024, 7, 1)


def parts(question: str) -> list[Subquestion]:
    return split(question, find_window(question, NOW), NOW)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did they sign it, and who was in the room?", ["When did they sign it?", "Who was in the room?"]),
        (
            "What posts went to the Peruvian officials Nils Lund and Eva Berg in 2023?",
            [
                "What posts went to the Peruvian officials Nils Lund in 2023?",
                "What posts went to the Peruvian officials Eva Berg in 2023?",
            ],
        ),
        (
            "How many visitors came to the London and Oslo Games?",
            ["How many visitors came to the London Games?", "How many visitors came to the Oslo Games?"],
        ),
        (
            "How much did Norway spend on typhoon Bopha and later on Haiyan?",
            ["How much did Norway spend on typhoon Bopha?", "How much did Norway spend on typhoon Haiyan?"],
        ),
        (
            "Who headed those sent to see Nils Lund and Eva Berg sworn in?",
            ["Who headed those sent to see Nils Lund sworn in?", "Who headed those sent to see Eva Berg sworn in?"],
        ),
        (
            "Is the bank going to be larger, and will Norway or Peru join first?",
            ["Is the bank going to be larger?", "Will Norway or Peru join first?"],
        ),
        (
            "What was agreed in Oslo, and was the session resumed?",
            ["What was agreed in Oslo?", "Was the session resumed?"],
        ),
        (
            "The number of tents flown to Peru and the number of its doctors",
            ["The number of tents flown to Peru?", "The number of its doctors?"],
        ),
        (
            "Who leads the mission to Peru, as well as the date of its end?",
            ["Who leads the mission to Peru?", "The date of its end?"],
        ),
        (
            "How much did Norway and Peru respectively put into the fund?",
            ["How much did Norway put into the fund?", "How much did Peru put into the fund?"],
        ),
        (
            "Who heads the Oslo fund, in which city is it based and how much has it paid out?",
            ["Who heads the Oslo fund?", "In which city is it based?", "How much has it paid out?"],
        ),
        (
            "How many tents did Norway send in May 2023, how many in May 2024, and who carried them?",
            [
                "How many tents did Norway send in May 2023?",
                "How many tents did Norway send in May 2024?",
                "Who carried them?",
            ],
        ),
        (
            "How many ships were lost in May 2023, how many in May 2024?",
            ["How many ships were lost in May 2023?", "How many ships were lost in May 2024?"],
        ),
        (
            "When did Lund visit Oslo? And what did he sign there?",
            ["When did Lund visit Oslo?", "What did he sign there?"],
        ),
        (
            "Where was the Oslo painting found, when, and by whom?",
            ["Where was the Oslo painting found?", "When?", "By whom?"],
        ),
        (
            "The ban on Peru takes effect when, and what does it forbid?",
            ["The ban on Peru takes effect when?", "What does it forbid?"],
        ),
        (
            "Cost of the banquet for the king on 5 May, and who footed the bill",
            ["Cost of the banquet for the king on 5 May?", "Who footed the bill?"],
        ),
        (
            "Name the ferry that serves Oslo, plus when it enters service",
            ["Name the ferry that serves Oslo?", "When it enters service?"],
        ),
        (
            "Which province of Peru declared an emergency, and over what?",
            ["Which province of Peru declared an emergency?", "Over what?"],
        ),
        (
            "How many cars were sold in April 2024 vs May 2024?",
            ["How many cars were sold in April 2024?", "How many cars were sold in May 2024?"],
        ),
        (
            "How did the index stand in the January survey, and how in the April one?",
            ["How did the index stand in the January survey?", "How did the index stand in the April survey?"],
        ),
        (
            "How many Danes and how many Greeks live in Oslo?",
            ["How many Danes live in Oslo?", "How many Greeks live in Oslo?"],
        ),
        (
            "Oslo agreed to give money back to Peru and to Chile. How much in each case?",
            ["Oslo agreed to give money back to Peru. How much?", "Oslo agreed to give money back to Chile. How much?"],
        ),
        (
            "Which port did Oslo close, and in what year was it opened again?",
            ["Which port did Oslo close?", "In what year was it opened again?"],
        ),
        (
            "How many tents were sent in May 2024 and again in June?",
            ["How many tents were sent in May 2024?", "How many tents were sent in June?"],
        ),
        (
            "Where did Lund hold his October 2023 and January 2024 talks?",
            ["Where did Lund hold his October 2023 talks?", "Where did Lund hold his January 2024 talks?"],
        ),
        (
            "How many ships did Norway count in December 2023, and how many by mid-February 2024?",
            [
                "How many ships did Norway count in December 2023?",
                "How many ships did Norway count by mid-February 2024?",
            ],
        ),
        (
            "Which envoys were sent to Ivan Horvat and Petra Novak?",
            ["Which envoys were sent to Ivan Horvat?", "Which envoys were sent to Petra Novak?"],
        ),
        (
            "Who spoke at the openings of the 2023 Nordic Games and of the Baltic Games?",
            ["Who spoke at the openings of the 2023 Nordic Games?", "Who spoke at the openings of the Baltic Games?"],
        ),
        (
            "Who headed the delegations to the summit in Oslo and to the president's swearing-in?",
            [
                "Who headed the delegations to the summit in Oslo?",
                "Who headed the delegations to the president's swearing-in?",
            ],
        ),
        (
            "How much did Oslo promise in April 2024 to farmers, and how much in June to the port?",
            ["How much did Oslo promise in April 2024 to farmers?", "How much did Oslo promise in June to the port?"],
        ),
        (
            "On which days did the council hold its first and its second meeting?",
            [
                "On which days did the council hold its first meeting?",
                "On which days did the council hold its second meeting?",
            ],
        ),
        (
            "Whom did Lund pick to run the bank, and whom as its deputy head?",
            ["Whom did Lund pick to run the bank?", "Whom did Lund pick as its deputy head?"],
        ),
        (
            "How many crews was Oslo hosting in June 2024, and how many of those had come in the past weeks?",
            ["How many crews was Oslo hosting in June 2024?", "How many of those had come in the past weeks?"],
        ),
        (
            "Who led the delegations sent to greet the presidents of Norway and Samoa?",
            [
                "Who led the delegations sent to greet the presidents of Norway?",
                "Who led the delegations sent to greet the presidents of Samoa?",
            ],
        ),
        (
            "Who headed the delegations when Nils Lund and Ivan Horvat were sworn in?",
            [
                "Who headed the delegations when Nils Lund was sworn in?",
                "Who headed the delegations when Ivan Horvat was sworn in?",
            ],
        ),
        (
            "In which two cities did Lund see the cabinet and then the Samoan president in May?",
            [
                "In which cities did Lund see the cabinet?",
                "In which cities did Lund see the Samoan president in May?",
            ],
        ),
        (
            "When did Lund phone Ivan Horvat and Petra Novak receive him after the vote?",
            [
                "When did Lund phone Ivan Horvat after the vote?",
                "When did Petra Novak receive Ivan Horvat after the vote?",
            ],
        ),
        (
            "How much was Norway's trade with Peru worth in 2023, and with Chile?",
            [
                "How much was Norway's trade with Peru worth in 2023?",
                "How much was Norway's trade with Chile worth in 2023?",
            ],
        ),
        (
            "How much did Oslo promise for Yemen, and for the drought in Somalia?",
            ["How much did Oslo promise for Yemen?", "How much did Oslo promise for the drought in Somalia?"],
        ),
        (
            "What did Lund say about Norway, and about Peru's fleet?",
            ["What did Lund say about Norway?", "What did Lund say about Peru's fleet?"],
        ),
        (
            "How much does Oslo mean to spend on Norway's and on Samoa's ports?",
            [
                "How much does Oslo mean to spend on Norway's ports?",
                "How much does Oslo mean to spend on Samoa's ports?",
            ],
        ),
        (
            "What papers did Lund sign with Norway's foreign minister in May and with Samoa's in June?",
            [
                "What papers did Lund sign with Norway's foreign minister in May?",
                "What papers did Lund sign with Samoa's foreign minister in June?",
            ],
        ),
        (
            "Who got the top jobs at the Harbour Board (May 2024) and at the fish and forest office (June 2024)?",
            [
                "Who got the top jobs at the Harbour Board (May 2024)?",
                "Who got the top jobs at the fish and forest office (June 2024)?",
            ],
        ),
        (
            "Who went on Lund's trips to Oslo in May 2024 and Lima in June 2024?",
            ["Who went on Lund's trips to Oslo in May 2024?", "Who went on Lund's trips to Lima in June 2024?"],
        ),
        (
            "Which two ports were praised by Lund – one when he met Horvat, the other when he saw Novak?",
            [
                "Which ports were praised by Lund when he met Horvat?",
                "Which ports were praised by Lund when he saw Novak?",
            ],
        ),
        (
            "How much may Lund draw on navy stocks for people in Norway, and on army stocks for Samoa?",
            [
                "How much may Lund draw on navy stocks for people in Norway?",
                "How much may Lund draw on army stocks for Samoa?",
            ],
        ),
        (
            "Until what dates do the Oslo and the Lima president serve?",
            ["Until what dates do the Oslo president serve?", "Until what dates do the Lima president serve?"],
        ),
        (
            "How many crews in navy ships were lost in May 2024, and how many in the storm off Norway in June 2024?",
            [
                "How many crews in navy ships were lost in May 2024?",
                "How many crews in navy ships were lost in the storm off Norway in June 2024?",
            ],
        ),
        (
            "How many tents were sent to Norway, and how many had been lost in the Samoa case?",
            ["How many tents were sent to Norway?", "How many tents had been lost in the Samoa case?"],
        ),
        (
            "How fast did trade grow in the first quarter of 2023 and how fast in the third?",
            [
                "How fast did trade grow in the first quarter of 2023?",
                "How fast did trade grow in the third quarter of 2023?",
            ],
        ),
        (
            "On which councils did Nils Lund and Petra Novak win seats?",
            ["On which councils did Nils Lund win seats?", "On which councils did Petra Novak win seats?"],
        ),
        (
            "How old were Nils Lund at Oslo and Petra Novak when they were freed?",
            ["How old were Nils Lund at Oslo when they were freed?", "How old were Petra Novak when they were freed?"],
        ),
        (
            "How much have Norway and Peru each promised for the port?",
            ["How much have Norway promised for the port?", "How much have Peru promised for the port?"],
        ),
        (
            "What were the shipments to Oslo and to Lima each worth?",
            ["What were the shipments to Oslo worth?", "What were the shipments to Lima worth?"],
        ),
        (
            "Compare what donors gave Yemen in April 2022 and April 2023.",
            ["What donors gave Yemen in April 2022?", "What donors gave Yemen in April 2023?"],
        ),
        (
            "How much does each member pay in May 2023 and May 2024?",
            ["How much does each member pay in May 2023?", "How much does each member pay in May 2024?"],
        ),
        (
            "Which gifts did they give each other, and where was it held?",
            ["Which gifts did they give each other?", "Where was it held?"],
        ),
        (
            "The memos of 1 May and 3 June 2024: how much did each allow?",
            ["The memos of 1 May: how much did it allow?", "The memos of 3 June 2024: how much did it allow?"],
        ),
        (
            "Which got more relief: the quake in Peru or the storm in Samoa? How much went to each?",
            [
                "Which got more relief: the quake in Peru? How much went to it?",
                "Which got more relief: the storm in Samoa? How much went to it?",
            ],
        ),
        (
            "Which is larger, the aid to Peru in May or in June?",
            ["Which is larger, the aid to Peru in May?", "Which is larger, the aid to Peru in June?"],
        ),
        (
            "Who gave more to Samoa, Norway or Peru? Give both sums.",
            ["Who gave more to Samoa, Norway? Give the sum.", "Who gave more to Samoa, Peru? Give the sum."],
        ),
        (
            "Does Oslo pay more to the Global Fund or to Unicef each year? Give both sums.",
            [
                "Does Oslo pay more to the Global Fund each year? Give the sum.",
                "Does Oslo pay more to Unicef each year? Give the sum.",
            ],
        ),
        (
            "Were more ships lost in 2023 than in 2022? How many in each year?",
            [
                "Were more ships lost in 2023? How many in each year?",
                "Were more ships lost in 2022? How many in each year?",
            ],
        ),
        (
            "Who heads the port, and up to how much will Oslo pay into the fund that backs it?",
            ["Who heads the port?", "Up to how much will Oslo pay into the fund that backs it?"],
        ),
        (
            "Who spoke when the houses in Oslo and in Lima were opened?",
            ["Who spoke when the houses in Oslo were opened?", "Who spoke when the houses in Lima were opened?"],
        ),
        (
            "How much of the old court's gold was seized, and how much of the new one's?",
            ["How much of the old court's gold was seized?", "How much of the new one's was seized?"],
        ),
        (
            "How many tents went to Oslo in June 2023, and what sort of accident took a crew there that October?",
            ["How many tents went to Oslo in June 2023?", "What sort of accident took a crew there that October?"],
        ),
        (
            "Who led the party to the swearing-in of the Norwegian king and to that of Peru's?",
            [
                "Who led the party to the swearing-in of the Norwegian king?",
                "Who led the party to the swearing-in of Peru's king?",
            ],
        ),
        (
            "How large was the Norwegian house at the Oslo fair, and how large is the plot for the one in Milan?",
            [
                "How large was the Norwegian house at the Oslo fair?",
                "How large is the plot for the Norwegian house in Milan?",
            ],
        ),
        (
            "How many died in the Baltic air accident of May 2023, and how many in the one near Lima weeks later?",
            [
                "How many died in the Baltic air accident of May 2023?",
                "How many died in the air accident near Lima weeks later?",
            ],
        ),
        (
            "Before Lund and Berg, when had a Norwegian king and a Peruvian president last come to Samoa?",
            [
                "Before Lund and Berg, when had a Norwegian king last come to Samoa?",
                "Before Lund and Berg, when had a Peruvian president last come to Samoa?",
            ],
        ),
        (
            "In which towns did Lund greet the Norwegian king in March 2023 and the Peruvian prime minister in August?",
            [
                "In which towns did Lund greet the Norwegian king in March 2023?",
                "In which towns did Lund greet the Peruvian prime minister in August?",
            ],
        ),
        (
            "Which Norwegians took up jobs at the farm fund in 2022 and as head of the school in 2023?",
            [
                "Which Norwegians took up jobs at the farm fund in 2022?",
                "Which Norwegians took up jobs as head of the school in 2023?",
            ],
        ),
        (
            "How did trade with Norway move in the second quarter of 2023, and how in the third?",
            [
                "How did trade with Norway move in the second quarter of 2023?",
                "How did trade with Norway move in the third quarter of 2023?",
            ],
        ),
        (
            "What did Lund say in Oslo, and who spoke at the fair in Lima?",
            ["What did Lund say in Oslo?", "Who spoke at the fair in Lima?"],
        ),
        (
            "How many drowned in the boat off Norway in June 2023, and how many in the one off Peru?",
            ["How many drowned in the boat off Norway in June 2023?", "How many drowned in the boat off Peru?"],
        ),
        (
            "How many were hurt in the blast in May 2023, and who died days later?",
            ["How many were hurt in the blast in May 2023?", "Who died days later?"],
        ),
        (
            "How much of the aid that was promised to Samoa has come, and how much of the fuel?",
            ["How much of the aid that was promised to Samoa has come?", "How much of the fuel has come?"],
        ),
        (
            "How much of the money was spent by the ministry, and how much of it by the army?",
            ["How much of the money was spent by the ministry?", "How much of it by the army?"],
        ),
        (
            "Who is the first woman to lead the embassy in Chad, and who was the one in Niger?",
            ["Who is the first woman to lead the embassy in Chad?", "Who was the one in Niger?"],
        ),
        (
            "What was in the first shipment to Norway, and how many tonnes of it?",
            ["What was in the first shipment to Norway?", "How many tonnes of it?"],
        ),
        (
            "What is the budget for the fair in Norway in 2023 and for the one in Peru in 2024?",
            ["What is the budget for the fair in Norway in 2023?", "What is the budget for the fair in Peru in 2024?"],
        ),
        (
            "Which Danish and which Greek officials did Lund meet within a week of each other?",
            [
                "Which Danish officials did Lund meet within a week of each other?",
                "Which Greek officials did Lund meet within a week of each other?",
            ],
        ),
        (
            "Aid: Norway for 2017, and the Peruvian fund up to 2020?",
            ["Aid: Norway for 2017?", "Aid: the Peruvian fund up to 2020?"],
        ),
        (
            "Which artists drew the Nordic coin and the yodelling coin?",
            ["Which artists drew the Nordic coin?", "Which artists drew the yodelling coin?"],
        ),
        (
            "How much went to the road project and the rail project?",
            ["How much went to the road project?", "How much went to the rail project?"],
        ),
        (
            "Which two Danes won seats in June, one for trade and one for children?",
            ["Which Danes won seats in June for trade?", "Which Danes won seats in June for children?"],
        ),
        (
            "Where did Lund (2018) and Berg (2019) speak, and who paid for it?",
            ["Where did Lund (2018) and Berg (2019) speak?", "Who paid for it?"],
        ),
        (
            "Trade talks: where did Lund (2018) and Berg (2019) stand in for the minister?",
            [
                "Trade talks: where did Lund in 2018 stand in for the minister?",
                "Trade talks: where did Berg in 2019 stand in for the minister?",
            ],
        ),
        (
            "What did the letter of the king of Norway say, and who wrote the one to Peru?",
            ["What did the letter of the king of Norway say?", "Who wrote the one to Peru?"],
        ),
    ],
)
def test_two_things_are_asked_apart(question: str, expected: list[str]) -> None:
    assert [part.text for part in parts(question)] == expected


@pytest.mark.parametrize(
    "question",
    [
        "What did Lund and Horvat discuss?",
        "Apart from Norway and Peru, which states have ratified it?",
        "To whom did the envoys Nils Lund and Eva Berg speak?",
        "What do the Norwegian and Danish offices do?",
        "In March and April the rates fell. What does the bank say?",
        "Has Samoa got an ambassador in Oslo, and who is it?",
        "Was anyone hurt at the depot, and how many?",
        "Which port, which lies in Peru, was closed?",
        "What was agreed in Lima, where the ministers met?",
        "Did any state lift its ban? Which?",
        "What did the presidents of Norway and Samoa discuss?",
        "Who spoke when Lund and Horvat were in Oslo?",
        "What did Lund see and then tell the press?",
        "At what time and for how long were the ferries held in port?",
        "How many ships, and how many crews, were listed on 29 July 2022?",
        "What was said in the talks between Norway and Sweden?",
        "Which agreements were signed with the Ministry of Foreign Affairs and Trade?",
        "Which ambassadors were sent to Bosnia and Herzegovina?",
        "When and where did they meet?",
        "Talks: Norway and Samoa in May?",
        "Talks between Norway (2018) and Samoa (2019)?",
        "Sanctions: trade in arms and oil with Norway?",
        "War: fighting in Bosnia and Herzegovina in 1995?",
        "Aid: Norway for 2017, Peru for 2018, and Samoa for 2020?",
        "Did Lund (2018) and Berg (2019) meet?",
        "Where did Lund (2017), Berg (2018) and Horvat (2019) speak?",
        "How do the Oslo Treaty (2015) and the Lima Treaty (1997) differ?",
        "Lund (2018) and Berg (2019) led the fund. Who leads it now?",
        "Which papers did the foreign minister and the prime minister sign?",
        "Whom did Lund tell about the prime minister and the foreign minister?",
        "Which papers are about the home secretary and the foreign secretary?",
        "When did the first round and the second round begin?",
        "What links the oil price and the gas price?",
        "Which states were on Lund's list when he set off for Norway and Samoa?",
        "What did the Norwegian and the Samoan minister discuss?",
        "Whom did Lund meet, and about which war?",
        "What happened between March and May 2024?",
        "Who is the minister of trade and industry?",
        "In which cities did Nils Lund and Petra Novak meet?",
        "Which papers did Nils Lund and Petra Novak exchange?",
        "On what did Norway and Peru agree?",
        "Is it more expensive to renew a passport in Oslo or in Lima?",
        "What more did the minister say, in Oslo or elsewhere?",
        "When did the lower house, the Senate or the president approve the treaty?",
        "Which country gave more, Norway, Sweden or Denmark?",
        "How many more troops will be sent to Norway, Peru or Samoa?",
        "What did Lund say about the price of oil and the number of ships?",
        "Who spoke about the cost of the war and the number of dead?",
        "Which was larger, the 2023 or the 2024 gift to Samoa?",
        "Which forums of Spain and Turkey's dialogue were held in Oslo?",
        "What do I pay for a passport or an identity card?",
        "What did the minister say in May and the president in June?",
        "When did the Norwegian king and the Peruvian president meet?",
        "When did the Norwegian king and the Peruvian president last meet?",
        "To which country did Lund go a year ago this month?",
        "When had the Norwegian and the Peruvian navy last clashed?",
        "How many tents did they send to Oslo, and how for Lima?",
        "What does the report say about why and how was the bridge built?",
        "",
    ],
)
def test_what_belongs_together_is_one_question(question: str) -> None:
    assert [part.text for part in parts(question)] == [question]


def test_each_time_is_the_window_of_its_part() -> None:
    may, june = parts("How many tents were sent in May 2023 and again in June?")
    assert (may.window.since, may.window.until) == (date(2023, 5, 1), date(2023, 5, 31))
    assert (june.window.since, june.window.until) == (date(2023, 6, 1), date(2023, 6, 30))


def test_an_event_has_a_time_of_its_own() -> None:
    may, fair = parts("Whom did Lund see during the council's week in May 2024, and whom at the Lima fair?")
    assert (fair.text, fair.window.since) == ("Whom did Lund see at the Lima fair?", None)
    assert may.window.since == date(2024, 5, 1)


def test_each_name_has_the_time_that_stands_with_it() -> None:
    oslo, lima = parts("With which firms did Oslo strike deals in May 2024 for ships and in June 2024 for ports?")
    assert (oslo.window.since, lima.window.since) == (date(2024, 5, 1), date(2024, 6, 1))


def test_a_year_in_brackets_is_that_of_its_name() -> None:
    lund, berg = parts("Where did Lund (2018) and Berg (2019) speak?")
    assert (lund.window.since, berg.window.since) == (date(2018, 1, 1), date(2019, 1, 1))


@pytest.mark.parametrize(
    ("question", "one"),
    [
        ("Which ministers did Lund host in May 2023 and in May 2024?", False),
        ("On which councils did Nils Lund and Petra Novak win seats?", True),
        ("Which ministers led the delegations to the openings of the Nordic Games and of the Baltic Games?", False),
        ("Which ministers did Lund host, and which ports did they see?", False),
        ("Which ministers did Lund host?", False),
    ],
)
def test_a_plural_that_two_parts_share_asks_each_for_one(question: str, one: bool) -> None:
    assert {part.is_one for part in parts(question)} == {one}


@pytest.mark.parametrize("filling", ["\n", " ", ", ", "and ", "later and "])
def test_what_only_fills_between_two_times_takes_no_time(filling: str) -> None:
    began = time.process_time()
    parts(f"Who was there yesterday{filling * (1_900 // len(filling))}on in the early 1990s?")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["How much more " + "to x or " * 240, "Which more: " + "x or y? " * 240])
def test_a_long_row_of_alternatives_takes_no_time(text: str) -> None:
    began = time.process_time()
    parts(text)
    assert time.process_time() - began < 1


def test_a_second_clause_without_a_time_keeps_the_first_one_and_leans_on_it() -> None:
    first, second = parts("Whom did Lund last meet in May 2024, and which port did he visit?")
    assert second.window == first.window
    assert (first.leans, second.leans) == (False, True)
    assert first.window.latest


def test_a_second_clause_that_names_something_else_stands_alone() -> None:
    assert not parts("What was the budget of the house in Oslo, and what is set aside for the fair in Lima?")[1].leans
    assert parts("When was the last call, and which port did the Norwegian minister open?")[1].leans
    assert parts("What did Oslo send in May, and at which port was it landed in June?")[1].leans


def test_what_is_so_today_is_not_of_the_time_of_what_was() -> None:
    first, second = parts("What did Oslo show in May 2024, and on what day does its fair for whales close?")
    assert (first.window.since, second.window.since) == (date(2024, 5, 1), None)
    first, second = parts("What did Oslo open in May 2024, and on what day does it close?")
    assert second.window == first.window


def test_a_year_later_is_a_year_after_the_first_clause() -> None:
    first, second = parts("Who was sent to Oslo in autumn 2016, and who was sent to Lima a year later?")
    assert (first.window.since, first.window.until) == (date(2016, 9, 1), date(2016, 11, 30))
    assert (second.window.since, second.window.until) == (date(2017, 9, 1), date(2017, 11, 30))


def test_may_is_a_month_but_for_what_begins_a_question() -> None:
    assert len(parts("May journalists attend the summit, and where do they register?")) == len(("may", "where"))
    assert len(parts("Which got more aid: the quake in Samoa in May 2023 or the flood in Peru?")) == len(("one", "two"))


def test_what_is_so_now_is_not_of_the_time_of_what_was() -> None:
    first, second = parts("Who was named envoy to Samoa in May 2024, and which diplomat now represents Peru?")
    assert (first.window.since, second.window.since) == (date(2024, 5, 1), None)
    assert second.window.latest


def test_a_time_is_counted_from_that_of_the_first_clause() -> None:
    second = parts("How many had signed up on 21 March 2020, and how many two days later?")[1]
    assert (second.window.since, second.window.until) == (date(2020, 3, 23), date(2020, 3, 23))
    second = parts("How much did Oslo give Peru in March 2019, and what had its help come to by that August?")[1]
    assert (second.window.since, second.window.until) == (date(2019, 8, 1), date(2019, 8, 31))


def test_the_time_of_one_of_two_that_are_compared_is_not_the_others() -> None:
    first, second = parts("Which got more aid: the quake in Samoa in May 2023 or the flood in Peru? How much each?")
    assert (first.window.since, second.window.since) == (date(2023, 5, 1), None)
    for both in (
        "Which drew more people in May 2023, the fair in Oslo or the fair in Lund?",
        "Which got more aid, Samoa or Peru in 2023?",
    ):
        first, second = parts(both)
        assert first.window == second.window
        assert first.window.since


def test_what_is_compared_with_another_is_asked_of_each() -> None:
    assert [
        part.text for part in parts("How many came to the fair in Oslo in May 2024, compared with those in Lima?")
    ] == [
        "How many came to the fair in Oslo in May 2024?",
        "How many came to the fair in Lima?",
    ]
    for alone in (
        "How much did the sum for Peru rise, compared with that of 2023?",
        "By how much have exports grown compared to those in 2022?",
        "How much higher was attendance in Oslo in 2023, compared with that in Lima?",
        "When he spoke in Oslo, how many people came, compared with those in Lima?",
        "What measures did Oslo take against those in breach of the embargo?",
        "Which countries imposed sanctions in 2021 against those in power in Samoa?",
    ):
        assert [part.text for part in parts(alone)] == [alone]
    assert [part.text for part in parts("Who led the talks to the opening of the fair and to that of the port?")] == [
        "Who led the talks to the opening of the fair?",
        "Who led the talks to the opening of the port?",
    ]


def test_two_clauses_about_one_thing_are_searched_for_together() -> None:
    question = "Who takes over the seat in London, and on what date does she start?"
    assert [part.sought for part in parts(question)] == [question, question]
    assert [part.sought for part in parts("When was the last call, and which port was named there?")] == ["", ""]
    assert [part.sought for part in parts("Who spoke in Oslo in May 2024, and who spoke in Lund in June 2024?")] == [
        "",
        "",
    ]


def test_newest_is_only_the_half_that_asks_for_it() -> None:
    sued, deputy = parts("Which insurer did the watchdog of Oslo take to court, and who becomes its new deputy?")
    assert (sued.window.latest, deputy.window.latest) == (False, True)
    call, said = parts("When was the latest call with Lund, and what was said about Peru?")
    assert (call.window.latest, said.window.latest) == (True, True)


def test_so_many_weeks_later_has_no_end() -> None:
    _, second = parts("How many came to Oslo in May 2023, and how many to Lima weeks later?")
    assert (second.window.since, second.window.until) == (date(2023, 5, 1), None)


def test_a_city_that_sounds_like_a_people_is_a_name() -> None:
    _, second = parts("How large was the house in Oslo, and who built the hall in Milan?")
    assert not second.leans
