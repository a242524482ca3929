"""Reading a notebook that somebody else wrote: only what grading needs, each fault with its line and its mend."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import nbformat
import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..evidence import loads
from .errors import SubmissionError

DEPTH = 100
LINES_LOOKED_UP = 2 << 20
"""Characters of a notebook in which the line of a fault is looked up; in a larger one that takes minutes."""
REOPEN = "Open it in JupyterLab, save it, and hand in the saved file."


def joined(value: Any) -> Any:
    """nbformat allows a list of lines wherever it allows a text."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return value


def whole(text: str) -> str:
    """Raises `ValueError` for half of a character, which JSON can spell and no file or kernel can take."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"holds half of a character (\\u{ord(text[error.start]):04x})") from None
    return text


Source = Annotated[str, BeforeValidator(joined), AfterValidator(whole)]


class Lenient(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class NbgraderMetadata(Lenient):
    grade_id: str = ""
    solution: bool = False
    grade: bool = False
    locked: bool = False
    task: bool = False


class CourseMetadata(Lenient):
    assignment: str = ""


class CellMetadata(Lenient):
    tags: list[str] = Field(default_factory=list)
    nbgrader: NbgraderMetadata = Field(default_factory=NbgraderMetadata)


class Cell(Lenient):
    cell_type: Literal["code", "markdown", "raw"]
    id: str = ""
    source: Source = ""
    metadata: CellMetadata = Field(default_factory=CellMetadata)

    @property
    def grade_id(self) -> str:
        return self.metadata.nbgrader.grade_id


class NotebookMetadata(Lenient):
    autograder: CourseMetadata = Field(default_factory=CourseMetadata)


class Notebook(Lenient):
    """What is read of a submission: the kind, the id, the tags and the source of its cells. Outputs are not looked at."""

    nbformat: int = Field(default=4, ge=1)
    metadata: NotebookMetadata = Field(default_factory=NotebookMetadata)
    cells: list[Cell]


def read_notebook(raw: bytes, name: str) -> Notebook:
    """Decode, parse and check a notebook. A byte-order mark is accepted and formats 2 and 3 are upgraded.

    Raises `SubmissionError` with the file, the line and the mend.
    """
    text = decode(raw, name)
    data = parse(text, name)
    if isinstance(data, dict) and isinstance(data.get("nbformat"), int) and data["nbformat"] < 4:
        data = upgrade(data, name)
    if isinstance(data, dict) and isinstance(data.get("nbformat"), int) and data["nbformat"] > 4:
        raise SubmissionError(
            f"is in notebook format {data['nbformat']}; this grader reads up to 4", "Save it as nbformat 4.", file=name, line=1
        )
    try:
        return Notebook.model_validate(data)
    except ValidationError as error:
        raise broken_rule(error, text, name) from None


def decode(raw: bytes, name: str) -> str:
    if not raw.strip():
        raise SubmissionError("the file is empty", "Save the notebook again and hand in the saved file.", file=name, line=1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SubmissionError(f"is not UTF-8 text (byte 0x{raw[error.start]:02x})", REOPEN, file=name, line=line) from None


def parse(text: str, name: str) -> Any:
    try:
        return loads(text, depth=DEPTH, strict=False)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text.rstrip()) or "Unterminated" in error.msg
        what = (
            "ends in the middle (a truncated download or an interrupted save)"
            if cut
            else f"is not JSON ({error.msg}, column {error.colno})"
        )
        raise SubmissionError(what, REOPEN, file=name, line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise SubmissionError(f"cannot be parsed: {error}", REOPEN, file=name, line=1) from None


def upgrade(data: dict[str, Any], name: str) -> Any:
    try:
        return nbformat.convert(nbformat.from_dict(data), 4)  # type: ignore[no-untyped-call]
    except Exception as error:  # nbformat's old converters raise whatever their input provokes
        raise SubmissionError(
            f"is in an old notebook format that cannot be upgraded ({type(error).__name__})", REOPEN, file=name, line=1
        ) from None


def broken_rule(error: ValidationError, text: str, name: str) -> SubmissionError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    said = first["msg"][0].lower() + first["msg"][1:]
    what = f"is not a notebook: {where}: {said}" if where else f"is not a notebook: {said}"
    return SubmissionError(
        what, f"Mend or remove `{where or 'the file'}`, or o{REOPEN[1:]}", file=name, line=line_of(text, first["loc"])
    )


def line_of(text: str, path: Iterable[str | int]) -> int:
    """The line on which the JSON value at `path` starts; of its nearest parent if it is missing; 1 if that cannot be told, or only slowly."""
    if len(text) > LINES_LOOKED_UP:
        return 1
    try:
        node = yaml.compose(re.sub(r"\t", " ", text), Loader=yaml.CSafeLoader)  # JSON is YAML, and YAML nodes know their line
    except (yaml.YAMLError, ValueError, AttributeError, RecursionError):
        return 1
    for step in path:
        inner = child(node, step)
        if inner is None:
            break
        node = inner
    return int(node.start_mark.line) + 1 if node is not None else 1


def child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None
