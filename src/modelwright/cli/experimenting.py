"""``experiment``: A/B experiments planned, read at any time, and read by who gains most."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from modelwright.cli.output import JsonOption, console, emit_result, finish, print_findings, table

if TYPE_CHECKING:
    from modelwright.evaluation import ExperimentReading

KindOption = Literal["rate", "mean", "cost"]
SourceArgument = Annotated[str, typer.Argument(help="A file with one row for each unit that was assigned.")]
OutcomeOption = Annotated[str, typer.Option(help="Column: what came of it.")]
ControlOption = Annotated[str, typer.Option(help="The arm without treatment.")]
PageOption = Annotated[str | None, typer.Option("--output", "-o", help="Write an HTML page, too.")]
LevelOption = Annotated[float, typer.Option(help="Probability with which all limits hold.")]

experiment = typer.Typer(
    help="Plan an A/B experiment, read it at any time, see who gains.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (plan, read, uplift):
        experiment.command()(command)
    app.add_typer(experiment, name="experiment")


def plan(
    kind: Annotated[KindOption, typer.Argument(help="Of the outcome: rate, mean or cost.")],
    effect: Annotated[float, typer.Option(help="The smallest difference that matters, such as 0.01.")],
    baseline: Annotated[float | None, typer.Option(help="The rate without treatment.")] = None,
    deviation: Annotated[float | None, typer.Option(help="Standard deviation of a mean or cost.")] = None,
    power: Annotated[float, typer.Option(help="Probability to see the effect.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Probability to see one that is not there.")] = 0.05,
    treatments: Annotated[int, typer.Option(help="Arms beside the control.")] = 1,
    correlation: Annotated[float, typer.Option(help="Of the outcome with the same of the time before.")] = 0,
    rows_a_day: Annotated[float | None, typer.Option(help="All arms together.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say how many rows an experiment needs."""
    from modelwright.evaluation import plan_experiment

    planned = plan_experiment(
        kind,
        effect=effect,
        baseline=baseline,
        deviation=deviation,
        power=power,
        alpha=alpha,
        treatments=treatments,
        correlation=correlation,
        rows_a_day=rows_a_day,
    )
    if as_json:
        emit_result(planned)
    else:
        console().print(planned.words, markup=False)


def read(
    source: SourceArgument,
    arm: Annotated[str, typer.Option(help="Column: the arm that a row was assigned to.")],
    control: ControlOption,
    outcome: OutcomeOption,
    kind: Annotated[KindOption | None, typer.Option(help="Inferred where not given.")] = None,
    positive: Annotated[str | None, typer.Option(help="The value of a rate that is counted.")] = None,
    covariate: Annotated[
        list[str] | None, typer.Option(help="Column of numbers from before; may be repeated.")
    ] = None,
    segment: Annotated[list[str] | None, typer.Option(help="Column to split by; may be repeated.")] = None,
    share: Annotated[
        list[str] | None, typer.Option(help="Planned share, ARM=0.5; equal by default. May be repeated.")
    ] = None,
    level: LevelOption = 0.95,
    planned_rows: Annotated[int, typer.Option(help="Where the limits are tightest; fix it first.")] = 5000,
    output: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a live experiment; exit code 1 where the arms can't be compared."""
    from modelwright import data
    from modelwright.evaluation import read_experiment, write_experiment

    reading = read_experiment(
        data.read(source),
        arm=arm,
        control=control,
        outcome=outcome,
        kind=kind,
        positive=positive,
        covariates=tuple(covariate or ()),
        segments=tuple(segment or ()),
        shares=_shares(share),
        level=level,
        planned_rows=planned_rows,
    )
    if output is not None:
        write_experiment(reading, Path(output))
    if as_json:
        emit_result(reading)
    else:
        _show(reading)
    finish(held=not reading.findings)


def uplift(
    source: SourceArgument,
    treatment: Annotated[str, typer.Option(help="Column: the arm that a row was assigned to.")],
    control: ControlOption,
    outcome: OutcomeOption,
    score: Annotated[str, typer.Option(help="Column: the predicted effect.")],
    level: LevelOption = 0.95,
    output: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show whom to treat: the Qini curve of a score. Other arms than the control count as treated."""
    from modelwright import data
    from modelwright.errors import DataError
    from modelwright.evaluation import qini, write_uplift

    frame = data.read(source)
    absent = [name for name in (treatment, outcome, score) if name not in frame.columns]
    if absent:
        raise DataError(f"there is no column '{absent[0]}' in {source}")
    treated = (frame[treatment].cast(str) != control).to_numpy()
    found = qini(
        treated, frame[outcome].cast(float).to_numpy(), frame[score].cast(float).to_numpy(), level=level
    )
    if output is not None:
        write_uplift(found, Path(output))
    if as_json:
        emit_result(found)
        return
    out = console()
    out.print(found.words, markup=False)
    rows = [(f"{at:.0%}", found.gains[round(100 * at)]) for at in (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)]
    out.print(table(["treated", "added to the outcome, per row"], rows))


def _show(reading: ExperimentReading) -> None:
    out = console()
    rate = reading.kind == "rate"
    rows = [(arm.name, f"{arm.rows:,}", f"{arm.mean:.2%}" if rate else arm.mean) for arm in reading.arms]
    out.print(table(["arm", "rows", "rate" if rate else "mean"], rows))
    out.print()
    for each in reading.differences:
        out.print(each.words, markup=False)
    for part in reading.segments:
        out.print(f"  {part.column} = {part.value}: {part.difference.words}", markup=False)
    if reading.saved is not None:
        out.print(f"The covariates take away {reading.saved:.0%} of the variance.", markup=False)
    print_findings(out, reading.findings)


def _shares(stated: list[str] | None) -> dict[str, float] | None:
    if not stated:
        return None
    pairs = [each.rpartition("=") for each in stated]
    try:
        return {name: float(share) for name, _, share in pairs}
    except ValueError as error:
        raise typer.BadParameter("say --share ARM=0.5") from error
