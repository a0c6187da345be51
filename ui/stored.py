"""What stands above an answer that a link shows: when it was given, from which index, and what of it still stands."""

from rag.stored_answers import StoredAnswer
from ui.markup import escape, isolate
from ui.sources import Releases
from ui.turn import Coverage, Question
from ui.words import ENGLISH, Words


def banner(stored: StoredAnswer, coverage: Coverage, releases: Releases, words: Words = ENGLISH) -> str:
    """When, for which period and from which index the answer was given; its quotations against today's releases."""
    question, answer = Question(stored.question, stored.since, stored.until), stored.answer
    since, until = (None, None) if question.is_of_any_time else (answer.window.since, answer.window.until)
    facts = [words.period(since, until) or words.say("any_time"), words.say("stored_index", snapshot=answer.snapshot)]
    moment = words.moment(stored.time.astimezone()) if stored.time else ""
    head = f"<strong>{words.say('stored', moment=moment)}</strong> {escape(' · '.join(facts))}"
    told = [words.say("stored_replaced")] if answer.snapshot != coverage.snapshot else []
    told += _standing(stored, releases, words)
    days = " ".join(
        f'data-{name}="{day.isoformat() if day else ""}"'
        for name, day in (("since", stored.since), ("until", stored.until))
    )
    again = (
        f'<button type="button" class="act" data-again="1" data-question="{escape(stored.question)}" {days}>'
        f"{words.say('again')}</button>"
    )
    lines = "".join(f"<li>{line}</li>" for line in told)
    return f'<section class="stored" role="note"><p>{head}</p><ul>{lines}</ul>{again}</section>'


def missing(words: Words = ENGLISH) -> str:
    """What a link to no answer shows."""
    told = f"<h2>{words.say('stored_missing')}</h2><p>{words.say('stored_missing_text')}</p>"
    return f'<section class="stored" role="alert">{told}</section>'


def _standing(stored: StoredAnswer, releases: Releases, words: Words) -> list[str]:
    """Which cited releases are gone or say something else now; that all quotations stand where none is."""
    cited = stored.answer.citations
    told: dict[str, str] = {}
    for citation in cited:
        release = releases(citation.release_id)
        title = isolate(citation.title or citation.release_id)
        if release is None:
            told[citation.release_id] = words.say("stored_gone", title=title)
        elif release.text[citation.start : citation.end] != citation.quote:
            told[citation.release_id] = words.say("stored_changed", title=title)
    if told or not cited:
        return list(told.values())
    return [words.say("stored_stands", len(cited), n=len(cited))]
