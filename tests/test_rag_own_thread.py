"""What may not share its thread with other libraries runs on one of its own, also where it is cut short."""

import subprocess
import sys
import threading
from collections.abc import Generator

import pytest

from rag.own_thread import OwnThread, _end

HERE = threading.get_ident


def counted(places: list[int]) -> Generator[int, None, None]:
    """One, two and three; the threads that made them, and that closed, are put into `places`."""
    try:
        for number in (1, 2, 3):
            places.append(HERE())
            yield number
    finally:
        places.append(HERE())


def test_calls_run_on_one_thread_that_is_not_the_callers() -> None:
    own, places = OwnThread("own"), set[int]()
    for _ in range(3):
        caller = threading.Thread(target=lambda: places.add(own.run(HERE)))
        caller.start()
        caller.join()
    places.add(own.run(HERE))
    assert len(places) == 1
    assert places != {HERE()}


def test_what_a_call_raises_reaches_the_caller() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        OwnThread("own").run(int, "four")


def test_each_item_is_made_on_the_thread() -> None:
    own, places = OwnThread("own"), list[int]()
    assert list(own.each(counted(places))) == [1, 2, 3]
    assert places == [own.run(HERE)] * 4


def test_a_generator_that_is_left_is_closed_on_the_thread_at_once() -> None:
    own, places = OwnThread("own"), list[int]()
    items = own.each(counted(places))
    assert next(items) == 1
    items.close()
    assert places == [own.run(HERE)] * 2
    assert own.run(str, 5) == "5"


def test_what_a_generator_raises_reaches_the_caller_who_iterates() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise RuntimeError("llama_decode returned 2")

    items = OwnThread("own").each(failing())
    assert next(items) == 1
    with pytest.raises(RuntimeError, match="returned 2"):
        next(items)


def test_a_generator_that_is_left_at_the_end_of_the_program_says_nothing() -> None:
    own = OwnThread("own")
    items = own.each(counted([]))
    assert next(items) == 1
    _end(own._jobs, own._thread)
    items.close()


def test_what_the_thread_itself_closes_is_not_waited_for() -> None:
    own, places = OwnThread("own"), list[int]()
    items = own.each(counted(places))
    assert next(items) == 1
    own.run(items.close)
    assert len(places) == 2


def test_a_thread_of_the_program_may_ask_when_its_main_one_is_done() -> None:
    asked = (
        "import threading, time\n"
        "from rag.own_thread import OwnThread, _end\n"
        "own = OwnThread('own')\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print(own.run(int, '7')))).start()\n"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert (told.stdout, told.stderr) == ("7\n", "")
