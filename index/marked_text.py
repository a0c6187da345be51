"""Markdown files, with or without front matter -> drafts.

Front matter is YAML between two `---` lines; `id`, `title`, `date` and `url` are read, other keys ignored. The body
becomes plain text: paragraphs, list items, headings and table rows set apart by a blank line, hard-wrapped lines
joined, marks gone, links cut to their words, pictures dropped. A level-one heading at the top is the title and leaves
the text.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt
from markdown_it.token import Token
from yaml import MarkedYAMLError, SafeLoader, YAMLError  # type: ignore[import-untyped]

from index.draft import Draft, Source, has_words, tidy
from index.errors import ReadingError
from index.published import read_day
from index.release import Origin
from index.scraped_text import derived_day
from index.web_page import without_tags

# A release has some thousand characters. The parser takes seconds for a million, and minutes for patterns such as open
# brackets, as it looks back at all of them for each new one.
SIZE_LIMIT = 300_000  # characters
BRACKET_LIMIT = 5_000
HEAD_LIMIT = 64_000  # characters of front matter
NESTING_LIMIT = 100  # below it the parser drops what it meets, so nothing there may be taken for read

_KEYS = ("id", "title", "date", "url")


def read_markdown(content: str, source: Source) -> Iterator[Draft]:
    """The release of a Markdown file. Raises ReadingError."""
    if len(content) > SIZE_LIMIT:
        raise ReadingError(f"over {SIZE_LIMIT:,} characters, too many for Markdown; save it as .txt")
    head, body = _split(content.replace("\r\n", "\n").lstrip("\n"))
    title, blocks = _blocks(body)
    given = _scalar(head, "title").strip()
    if title and given and " ".join(title.split()) != " ".join(given.split()):
        blocks.insert(0, title)  # A heading that is not the title is text like any other.
    text = tidy("\n\n".join(blocks))
    if not has_words(text):
        raise ReadingError("it holds no text")
    day, origin = _day(head, source.stem, text)
    own_id = _scalar(head, "id").strip()
    link = _scalar(head, "url")
    yield Draft(text, own_id or source.id, given or title, day, origin, link, named=bool(own_id))


def _split(content: str) -> tuple[dict[str, object], str]:
    """Front matter and body; a text that merely begins with a rule (`---`) is all body."""
    handler = YAMLHandler()
    if not handler.detect(content):
        return {}, content
    try:
        written, body = handler.split(content)
    except ValueError:  # Nothing closes it.
        return {}, content
    if len(written) > HEAD_LIMIT:
        raise ReadingError(f"its front matter is longer than {HEAD_LIMIT:,} characters")
    try:
        # The C loader, frontmatter's choice, overflows the stack and takes the process with it on "[[[[…".
        head = handler.load(written, Loader=SafeLoader)
    except (YAMLError, ValueError, RecursionError) as error:
        raise ReadingError(f"its front matter cannot be read: {_cause(error)}") from None
    if head is None:
        return {}, body
    return (head, body) if isinstance(head, dict) else ({}, content)


def _cause(error: Exception) -> str:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        line = error.problem_mark.line + 1  # Line 0 of what is parsed is what stands behind the first `---`.
        return f"{error.problem} in line {line}; a value with a colon or a quotation mark goes between quotation marks"
    return "nested too deep" if isinstance(error, RecursionError) else str(error).partition("\n")[0]


def _scalar(head: dict[str, object], key: str) -> str:
    value = head.get(key)
    if isinstance(value, (dict, list, set, tuple, bytes)):
        raise ReadingError(f'its "{key}" is a list or the like, not a single value')
    return "" if value is None else str(value)


def _day(head: dict[str, object], stem: str, text: str) -> tuple[date | None, Origin]:
    value = head.get("date")
    if value is None or value == "":
        return derived_day(stem, text)
    try:
        return read_day(value), Origin.GIVEN
    except ValueError as error:
        raise ReadingError(str(error)) from None


def _blocks(body: str) -> tuple[str, list[str]]:
    """The title a heading at the top gives ("" without one), and the blocks of plain text below it."""
    if body.count("[") > BRACKET_LIMIT:
        raise ReadingError(f"over {BRACKET_LIMIT:,} square brackets, too many for Markdown; save it as .txt")
    parser = MarkdownIt("commonmark", {"maxNesting": NESTING_LIMIT}).enable(["table", "strikethrough"])
    tokens = parser.parse(body)
    if any(token.level >= NESTING_LIMIT - 1 for token in tokens):
        raise ReadingError(f"its lists or quotations are nested {NESTING_LIMIT} deep")
    blocks = [block for block in _plain_blocks(tokens) if has_words(block)]
    headed = len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    if headed and blocks and blocks[0] == _inline(tokens[1]).strip():
        return blocks[0], blocks[1:]
    return "", blocks


def _plain_blocks(tokens: Iterable[Token]) -> Iterator[str]:
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " | ".join(row)
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_inline(token).strip())
        elif token.type == "inline":
            yield _inline(token).strip()
        elif token.type in ("fence", "code_block"):
            yield token.content.strip("\n")
        elif token.type == "html_block":
            yield without_tags(token.content)


def _inline(block: Token) -> str:
    return "".join(_inline_text(token) for token in block.children or ())


def _inline_text(token: Token) -> str:
    if token.type == "hardbreak" or (token.type == "html_inline" and token.content.casefold().startswith("<br")):
        return "\n\n"
    if token.type == "softbreak":
        return " "
    return token.content if token.type in ("text", "text_special", "code_inline") else ""
