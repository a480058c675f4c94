"""The commands of the registry: their options. Thin, like `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sojourn import console
from sojourn.options import Json

registry_app = typer.Typer(help="The registry of commitments, practices and meetings.", no_args_is_help=True)

Database = Annotated[
    str,
    typer.Option(help="sqlite:///file or postgresql://…; by default SOJOURN_DATABASE, else the project's."),
]


@registry_app.command()
def init(
    database: Database = "",
    email: Annotated[str, typer.Option(help="Address of the first administrator.")] = "",
    as_json: Json = False,
) -> None:
    """Make or renew the tables, load the shipped facts, and invite the first administrator."""
    from sojourn.web.registry import starting

    starting.start(database, new=True)
    told = starting.prepare()
    if email:
        told["invitation"] = starting.invited(email, "administrator", "", "", "en")
    if as_json:
        console.print_json(told)
        return
    console.out.print(
        f"{told['new']} facts are new, {told['changed']} changed, {told['same']} the same; "
        f"{told['kept']} were edited here and stay."
    )
    if email:
        console.out.print(f"The administrator's invitation: {told['invitation']}", soft_wrap=True)
    elif not told["accounts"]:
        console.out.print("Nobody has an account yet: sojourn registry init --email ADDRESS")


@registry_app.command()
def verify(
    database: Database = "",
    head: Annotated[str, typer.Option(help="A head noted earlier, which must still be there.")] = "",
    as_json: Json = False,
) -> None:
    """Verify the audit trail and the published texts; exit 1 if anything was tampered with."""
    from sojourn.web.registry import starting

    starting.start(database)
    with console.progress() as report:
        told = starting.verified(head, report)
    if as_json:
        console.print_json(told)
    else:
        for one in told["broken"]:
            console.out.print(f"event {one['event']}: {one['what']}", soft_wrap=True)
        console.out.print(f"{told['events']} events, {len(told['broken'])} faults")
        console.out.print(f"head {told['head']}", soft_wrap=True)
    if told["broken"]:
        raise typer.Exit(1)


@registry_app.command()
def invite(
    email: Annotated[str, typer.Argument(help="Where they are reached; it becomes their sign-in.")],
    role: Annotated[str, typer.Option(help="Such as focal_point, validator, reviewer, moderator.")],
    institution: Annotated[str, typer.Option(help="Public id of the institution, such as A-2015-0007.")] = "",
    name: Annotated[str, typer.Option(help="How they are addressed.")] = "",
    language: Annotated[str, typer.Option(help="ar, zh, en, fr, ru or es.")] = "en",
    site: Annotated[str, typer.Option(help="Where the site is read, such as https://data.example.org.")] = "",
    database: Database = "",
    as_json: Json = False,
) -> None:
    """Invite somebody to a seat, and print the link; with the address of the site it is mailed to them too."""
    from sojourn.web.registry import starting

    starting.start(database)
    link = starting.invited(email, role, institution, name, language, site)
    if as_json:
        console.print_json({"invitation": link})
    else:
        console.out.print(link, soft_wrap=True)


@registry_app.command()
def remind(database: Database = "", as_json: Json = False) -> None:
    """Send the reminders of deadlines that are due: to be run once a day. Each goes out once."""
    from sojourn.web.registry import starting

    starting.start(database)
    told = starting.reminded()
    if as_json:
        console.print_json(told)
        return
    console.out.print(f"{told['due']} reminders were due, {told['mails']} mails were sent")
    for one in told["vacant"]:
        console.out.print(f"{one}: nobody has a seat in its institution; moderators were told")
    if told["unowned"]:
        names = ", ".join(told["unowned"])
        console.out.print(f"No institution owns these; moderators are reminded of them: {names}")


@registry_app.command()
def move(
    address: Annotated[str, typer.Argument(help="sqlite:///file or postgresql://…, with no registry in it.")],
    database: Database = "",
    as_json: Json = False,
) -> None:
    """Move the registry into another database; what is copied is verified, and the old one stays as it is.

    Stop the site first. Attached files are not in the database: they stay in the registry's folder.
    """
    from sojourn.web.registry import starting

    starting.start(database)
    told = starting.moved(address)
    if as_json:
        console.print_json(told)
        return
    console.out.print(f"{told['rows']} rows of {told['tables']} tables are copied and verified")
    console.out.print(f"head {told['head']}", soft_wrap=True)
    console.out.print("Set SOJOURN_DATABASE to the new address, and start the site again.")


@registry_app.command(name="import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8, with the columns that exports have.")],
    kind: Annotated[str, typer.Option(help="Kind of the records, such as commitment or practice.")],
    by: Annotated[str, typer.Option(help="Sign-in of whoever writes: the drafts are theirs.")],
    institution: Annotated[
        str, typer.Option(help="Public id of the institution that answers for them.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List every problem; write nothing.")] = False,
    database: Database = "",
    as_json: Json = False,
) -> None:
    """Bring a table in as drafts: every row, or – where one has a problem – none; exit 1 then.

    Actors, areas and themes of a row stand beside one another, separated by ';', and so does evidence, each
    'title | link | licence | grade'.
    """
    from sojourn.web.registry import starting

    starting.start(database)
    with console.progress() as report:
        told = starting.imported(file, kind, by, institution, dry=dry_run, report=report)
    if as_json:
        console.print_json(told)
    else:
        _print_import(told)
    if told["problems"]:
        raise typer.Exit(1)


def _print_import(told: dict[str, Any]) -> None:
    for one in told["problems"]:
        where = f"row {one['row']}" + (f", {one['column']}" if one["column"] else "")
        accepted = f" (accepted: {one['accepted'][:200]})" if one["accepted"] else ""
        value = f" {one['value'][:60]!r}" if one["value"] else ""
        console.out.print(
            console.plain(f"{where}:{value} {one['what']}{accepted}"), soft_wrap=True, markup=False
        )
    if told["existing"]:
        some = ", ".join(told["existing"][:5]) + (" …" if len(told["existing"]) > 5 else "")
        console.out.print(
            f"{len(told['existing']):,} records exist already and were left as they are: {some}"
        )
    if told["ignored"]:
        console.out.print(f"Columns that no table can set were ignored: {', '.join(told['ignored'])}")
    if told["problems"]:
        console.out.print(f"{told['rows']:,} rows, {len(told['problems']):,} problems: nothing was written")
    elif told["made"]:
        ends = f"{told['made'][0]} to {told['made'][-1]}"
        console.out.print(f"{len(told['made']):,} drafts were begun: {ends}")
    else:
        console.out.print(f"{told['rows']:,} rows can be brought in as they are; nothing was written")


@registry_app.command()
def judge(
    releases: Annotated[
        Path | None, typer.Option(help="Folder of releases; by default the project's.")
    ] = None,
    database: Database = "",
    as_json: Json = False,
) -> None:
    """Judge every public target by the newest release, and log each state that changed, with both releases."""
    from sojourn.web.registry import starting

    starting.start(database)
    told = starting.judged(releases)
    if as_json:
        console.print_json(told)
        return
    for one in told["changed"]:
        line = f"{one['key']}: {one['before']} by {one['old']}, {one['after']} by {one['new']}"
        console.out.print(line, soft_wrap=True)
    console.out.print(f"{len(told['changed'])} states changed with {told['release']}")


@registry_app.command()
def index(database: Database = "", as_json: Json = False) -> None:
    """Make the index of the search anew: after a new edition of the program, or of the thesaurus."""
    from sojourn.web.registry import starting

    starting.start(database)
    with console.progress() as report:
        count = starting.indexed(report)
    if as_json:
        console.print_json({"records": count})
    else:
        console.out.print(f"{count:,} records are in the index")
