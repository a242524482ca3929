"""A graded run from end to end: intake, rebuild, execute, judge, journal, report."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__, rubrics
from ..errors import CourseError, UsageError
from ..gateway import Cassette, CassetteMode, Drifted, Gateway, Held, catalog, spot_check
from ..paths import course_root, home
from ..reports.report import Cassettes, Change, LedgerTotals, ModelUsed, Report, SpotCheck, rows
from ..reports.text import clean
from ..rubrics import OwnDocuments, Rubric
from ..sandbox import SandboxKernelManager, SandboxSpec, available
from ..sandbox.removal import LEFT_BEHIND, remove_tree
from ..verdict import Finding, Json, Status, Verdict, conclude
from . import assignments
from .assignments import Assignment
from .delivery import Graded, command, deliver, shown, unreadable
from .errors import AssignmentError, IsolationError, JournalError, JudgeError, SubmissionError
from .execute import Session, execute
from .intake import Intake, take_in
from .journal import Journal, Key
from .judge import judge
from .options import Options
from .rebuild import Rebuilt, parameters, rebuild, was
from .weights import fetch_missing

if TYPE_CHECKING:
    from ..world.own_inputs import Own

def grade(submission: Path, options: Options = Options()) -> Graded:
    """Grade a folder or a notebook and write its report.

    A submission that cannot be read still gets a report (`malformed`). Raises `CourseError` for bad usage, and when the
    grader's own machinery fails.
    """
    options = replace(options, seed=fresh_seed() if options.seed is None else options.seed)
    root = Path(tempfile.mkdtemp(prefix=f"{LEFT_BEHIND}{os.getpid()}-"))
    try:
        run = Run.of(submission, options, root)
        return run.graded()
    except SubmissionError as error:
        return deliver(unreadable(submission, options, error), options, ())
    finally:
        remove_tree(root)


def fresh_seed() -> int:
    """A seed nobody can find by trying: a learner who could would draw the hidden answers with this repository's own code.

    Below 2**48, so that every JSON reader holds it exactly.
    """
    return secrets.randbelow((1 << 48) - 1) + 1


class Run:
    """One submission on its way through the stages."""

    def __init__(self, submission: Path, options: Options, root: Path, intake: Intake, assignment: Assignment) -> None:
        self.submission, self.options, self.root = submission, options, root
        self.intake, self.assignment = intake, assignment
        self.rubric: Rubric = assignment.rubric()
        self.seed = options.seed or 0
        self.model = options.model or rubrics.preferred_model(self.rubric)
        self.own = own_documents(self.rubric, options)
        self.isolation = available()
        self.name = shown(submission)
        self.stages: dict[str, float] = {}

    @classmethod
    def of(cls, submission: Path, options: Options, root: Path) -> Run:
        """Take the submission in and find out what it is. Raises `SubmissionError` or `AssignmentError`."""
        options.progress.stage("intake")
        wanted = assignments.find(options.assignment).release.name if options.assignment else None
        intake = take_in(submission, root / "work", wanted=wanted)
        assignment = assignments.recognise(options.assignment, intake.notebook.metadata.autograder.assignment, intake.notebook_name)
        parts = rubrics.parts(assignment.rubric())
        if parts and submission.is_file():
            (root / "work").rmdir()
            intake = take_in(whole(submission, parts), root / "work", wanted=submission.name)
        return cls(submission, options, root, intake, assignment)

    def graded(self) -> Graded:
        if self.isolation.kind == "none" and not self.options.allow_unsandboxed and not own(self.submission):
            raise IsolationError(
                f"Nothing isolates a notebook here ({self.isolation.why}), and {self.name} lies outside your clone.",
                "Install bubblewrap, or say --allow-unsandboxed if you trust its author with your account.",
            )
        journal = Journal(self.options.journal)
        key = self.key()
        before = None if self.options.again else journal.find(key)
        if before is not None:
            return deliver(self.named(before), self.options, journal.history(self.assignment.id, self.name), reused=True)
        number = journal.start(key, self.name)
        report = self.report()
        try:
            report = journal.finish(number, report, first_stands=not self.options.again)
        except JournalError:
            deliver(report, self.options, ())
            raise
        return deliver(self.named(report), self.options, journal.history(self.assignment.id, self.name))

    def named(self, report: Report) -> Report:
        """A stored report under this submission's own name: what was graded before may have been handed in by somebody else as well."""
        again = command(self.name, self.seed, self.model, self.options)
        return report if report.submission == self.name else report.model_copy(update={"submission": self.name, "reproduce": again})

    def key(self) -> Key:
        known = catalog.find(self.model)
        return Key(
            assignment=self.assignment.id,
            submission=self.intake.digest,
            seed=self.seed,
            model=known.digest if known else self.model,
            mode=", ".join([self.options.mode, f"spot check {self.options.spot_check}", *([self.own.fingerprint] if self.own else [])]),
            sandbox=self.isolation.kind,
        )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.options.progress.stage(name)
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] = round(time.perf_counter() - started, 3)

    def report(self) -> Report:
        started = time.perf_counter()
        with self.stage("rebuild"):
            rebuilt = rebuild(self.assignment.notebook(), self.intake.notebook)
        with self.stage("inputs"):
            fetch_missing(rubrics.allowed_models(self.rubric, self.model), self.options.progress)
            inputs = self.root / "inputs"
            inputs.mkdir()
            expected = self.prepare(inputs)
        with self.gateway() as gateway:
            with self.stage("run"):
                session = self.execute(rebuilt, inputs, gateway)
            self.stages["kernel start"] = round(session.kernel_seconds, 3)
            checked = self.spot_check(gateway)
            ledger = gateway.ledger.as_json()
            used = ModelUsed(tag=self.model, digest=str(gateway.model_info(self.model)["digest"]))
        with self.stage("judge"):
            verdict, why, code = self.verdict(expected, ledger, session, rebuilt)
        if checked and checked.drifted > checked.held:
            code = 3
            why = f"The recording is stale: {checked.drifted} of {checked.asked} answers came back different. Record it again."
        return self.assemble(verdict, why, code, session, rebuilt, ledger, used, checked, time.perf_counter() - started)

    def prepare(self, inputs: Path) -> Json:
        if self.own is not None and isinstance(self.rubric, OwnDocuments):
            return self.rubric.prepare_own(self.seed, inputs, self.own)
        return self.rubric.prepare(self.seed, inputs, model=self.model)

    def gateway(self) -> Gateway:
        tape = rubrics.cassette(self.rubric, self.seed) if self.options.record else None
        if tape is not None:
            tape.unlink(missing_ok=True)
        return Gateway(
            cassettes=rubrics.cassettes(self.rubric, self.seed),
            mode=CassetteMode(self.options.mode),
            record_to=tape,
            budget=self.rubric.budget,
            socket=self.root / "gateway.sock",
            port=None if self.isolation.kind != "none" else 0,
            models_allowed=rubrics.allowed_models(self.rubric, self.model),
            open_plan=rubrics.plans_doubles(self.rubric),
        )

    def execute(self, rebuilt: Rebuilt, inputs: Path, gateway: Gateway) -> Session:
        work = self.root / "work"
        (work / "evidence").mkdir()
        spec = SandboxSpec(
            work=work,
            inputs={path.name: path for path in sorted(inputs.iterdir())},
            gateway_socket=gateway.socket,
            models=home() / "models",
            limits=self.rubric.limits,
            env={},
            modules=rubrics.modules(self.rubric),
        )

        def tick(done: int, total: int) -> None:
            totals = gateway.ledger.totals()
            self.options.progress.cells(done, total)
            self.options.progress.calls(totals["calls"], totals["prompt_tokens"] + totals["completion_tokens"])

        def spent() -> str:
            limit = gateway.ledger.exceeded
            return f"its {limit} are used up: {getattr(self.rubric.budget, limit):,} for the whole run" if limit else ""

        session = Session(SandboxKernelManager(spec, outputs=False, kernels=self.options.kernels), self.rubric.limits, spent=spent, on_tick=tick)
        execute(rebuilt.notebook, session, parameters(rebuilt.notebook, {"MODEL": self.model, "SEED": self.seed}))
        self.options.progress.close()
        return session

    def spot_check(self, gateway: Gateway) -> SpotCheck | None:
        if not self.options.spot_check or self.options.mode == "live":
            return None
        replayed = {call.request_sha256 for call in gateway.ledger.calls if call.replayed}
        found: list[Held | Drifted] = []
        with self.stage("spot check"):
            for path in rubrics.cassettes(self.rubric, self.seed):
                found += spot_check(gateway, Cassette(path), replayed, self.options.spot_check - len(found), self.seed)
        held = sum(isinstance(one, Held) for one in found)
        return SpotCheck(asked=len(found), held=held, drifted=len(found) - held)

    def verdict(self, expected: Json, ledger: Json, session: Session, rebuilt: Rebuilt) -> tuple[Verdict, str, int]:
        """(verdict, why it is not a plain one, exit code)."""
        status = session.status
        if status is Status.PASS and rebuilt.tampering:
            status = Status.TAMPERED
        try:
            found = judge(self.assignment.rubric_name, expected, self.evidence(), ledger, run=self.options.judge)
        except JudgeError as error:
            nothing = conclude(
                self.rubric.criteria, [], pass_mark=self.rubric.pass_mark, run_status=Status.ERROR, why="the judge did not finish"
            )
            return nothing, str(error), 3
        if session.status is not Status.PASS:
            found = [cut_short(finding, session) for finding in found]
        verdict = conclude(self.rubric.criteria, found, pass_mark=self.rubric.pass_mark, run_status=status, why=absence(session))
        return verdict, session.why, 0 if verdict.passed else 1

    def evidence(self) -> Path:
        """The folder of artefacts; if the run replaced it with something else, an empty one."""
        folder = self.root / "work" / "evidence"
        if folder.is_dir() and not folder.is_symlink():
            return folder
        empty = self.root / "no-evidence"
        empty.mkdir()
        return empty

    def assemble(
        self,
        verdict: Verdict,
        why: str,
        code: int,
        session: Session,
        rebuilt: Rebuilt,
        ledger: Json,
        used: ModelUsed,
        checked: SpotCheck | None,
        seconds: float,
    ) -> Report:
        calls = ledger["calls"]
        replayed = sum(bool(call["replayed"]) for call in calls)
        return Report(
            assignment=self.assignment.id,
            title=self.rubric.title,
            submission=self.name,
            seed=self.seed,
            model=used,
            status=Status.ERROR if code == 3 else verdict.status,
            score=verdict.score,
            max_score=verdict.max_score,
            pass_mark=self.rubric.pass_mark,
            sandbox=self.isolation.kind,
            sandbox_note=self.isolation.why if self.isolation.kind == "none" else "",
            criteria=rows(verdict),
            ledger=LedgerTotals(**{name: ledger["totals"][name] for name in ("calls", "prompt_tokens", "completion_tokens")}),
            cassettes=Cassettes(mode=self.options.mode, replayed=replayed, live=len(calls) - replayed, spot_check=checked),
            tampering=[Change(cell=clean(t.cell, 200), what=t.what, diff=clean(t.diff, 20_000)) for t in rebuilt.tampering],
            notes=[clean(note) for note in [*rebuilt.notes, *(self.own.warnings if self.own else [])]],
            raised=session.raised,
            why=clean(why),
            seconds=round(seconds, 3),
            stages=self.stages,
            grader=__version__,
            reproduce=command(self.name, self.seed, self.model, self.options),
            exit_code=code,
        )


def whole(notebook: Path, parts: Sequence[str]) -> Path:
    """The folder of a notebook that is only a part of what is handed in. Raises `SubmissionError`."""
    lacking = [part for part in parts if not (notebook.parent / part).exists()]
    if lacking:
        raise SubmissionError(
            f"is handed in with what belongs to it, and {' and '.join(lacking)} {was(len(lacking))} not found beside it",
            "Name the folder that holds them all.",
            file=notebook.name,
        )
    return notebook.parent


def own_documents(rubric: Rubric, options: Options) -> Own | None:
    """The learner's own documents, read and checked. Raises `UsageError` for an assignment that is not graded on documents."""
    if options.corpus is None or options.golden is None:
        return None
    if not isinstance(rubric, OwnDocuments):
        raise UsageError(
            f"{rubric.assignment} is not graded on documents of your own.", "Leave --corpus and --golden out, or grade a_document_qa."
        )
    from ..world.own_inputs import Own

    return Own.read(options.corpus, options.golden)


def cut_short(finding: Finding, session: Session) -> Finding:
    """In a run that ended early, missing evidence has that reason and no other."""
    if finding.status is not Status.ERROR:
        return finding
    return replace(finding, status=session.status, observed=f"{session.why} {finding.observed}".strip())


def absence(session: Session) -> str:
    """Why there is no evidence for a criterion, as far as the run tells."""
    if session.status is not Status.PASS:
        return session.why
    if session.raised:
        first = session.raised[0]
        return f"no evidence was produced; {first.cell} stopped with {first.kind}: {first.message}"[:400]
    return "no evidence was produced"


def own(submission: Path) -> bool:
    """A path inside the clone counts as your own work."""
    return submission.resolve().is_relative_to(course_root())


__all__ = ["AssignmentError", "CourseError", "Graded", "Options", "grade"]
